"""Questions that nobody means get an answer all the same, and never a failure."""

import base64
from typing import Any

from tests.harness.audits import audited
from tests.harness.world import issued_order, trading_pair

MOMENTS = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00",
    "1900-01-01T00:00:00", "2026-02-30T00:00:00Z", "soon", "", "2026-11-22", "%00",
)  # fmt: skip


async def asked(client: Any, path: str, **parameters: str) -> int:
    return (await client.get(path, params=parameters)).status_code


async def test_moments_that_were_never_meant_are_answered(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client = await client_of(company.auditor)
    record = f"audit/records/{order.id}"
    answers = {
        (path, moment): await asked(client, path, at=moment)
        for moment in MOMENTS
        for path in (
            *(f"/{record}/as-of", f"/{record}/readers", "/audit/members", "/audit/policy"),
            *(f"/api/v1/{record}/as-of", f"/api/v1/{record}/readers", "/api/v1/audit/members", "/api/v1/audit/policy"),
        )
    }
    spans = {
        (path, moment): await asked(client, path, **{"from": moment, "to": moment})
        for moment in MOMENTS
        for path in ("/api/v1/audit-entries", "/api/v1/audit/overrides", "/audit", "/audit/overrides", "/audit.csv")
    }

    assert {asked: status for asked, status in (answers | spans).items() if status >= 500} == {}


async def test_forged_places_of_lists_are_answered(client_of):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    ids = await audited(company)
    client = await client_of(company.auditor)
    key = "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b"
    forged = [base64.urlsafe_b64encode(f"{key}{text}".encode()).decode().rstrip("=") for text in MOMENTS]
    paths = ("/api/v1/audit-entries", "/api/v1/engagements", "/api/v1/evidence", "/audit", "/audit/configuration")
    paths += (f"/audit/records/{ids['engagement_id']}",)

    answers = {(path, cursor): await asked(client, path, cursor=cursor) for path in paths for cursor in [*forged, "~"]}

    assert {asked: status for asked, status in answers.items() if status >= 500} == {}


async def test_populations_that_cannot_be_meant_are_refused(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.auditor)

    assert await asked(client, "/api/v1/workpapers/population", kind="everything") == 422
    assert await asked(client, "/api/v1/workpapers/population", kind="orders", from_day="soon") == 422
    assert await asked(client, "/api/v1/workpapers/population", kind="orders") == 200
