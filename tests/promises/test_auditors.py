"""Outside workpapers an auditor writes nothing anywhere: every write of the portal, pages and API alike, is tried."""

from typing import Any

import pytest
from litestar import Litestar

from portal.access.policy import POLICY
from portal.platform.ids import new_id
from tests.harness.kept import changed, kept
from tests.harness.routes import Route, address, ask, right_body, routes
from tests.harness.world import issued_order, trading_pair

OWN_ACCOUNT = ("self:begin", "self:use")
# It looks at a file that is sent and keeps nothing of it; a PDF is made for whoever first reads a record's document.
LOOKS_ONLY = ("/audit/verify", "/document/retry")
# What the portal notes of requests, and what a person keeps of their own account.
NOTED = {"audit_entry", "audit_private", "audit_seal", "audit_unsealed", "session", "person_key", "refusal_count"}
LOOKING = {"read", "rated"}


def writes(app: Litestar) -> list[Route]:
    others = [route for route in routes(app) if route.method != "GET" and route.permission not in OWN_ACCOUNT]
    return [route for route in others if not route.path.endswith(LOOKS_ONLY)]


def test_the_policy_gives_auditors_nothing_but_reading_and_workpapers(app: Litestar) -> None:
    rules = [rule for rule in POLICY.rules() if rule[0] == "auditor" and rule[4] == "allow"]
    given = {(rule[2], action) for rule in rules for action in rule[3].split(" ")}
    assert {thing for thing, action in given if action not in LOOKING} == {"workpapers"}


@pytest.mark.parametrize("side", ["buyer", "supplier"])
async def test_an_auditor_writes_nothing_anywhere(app: Litestar, client_of: Any, superuser: Any, side: str) -> None:
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    own = company if side == "buyer" else supplier
    client = await client_of(own.auditor)
    ids = {"order_id": order.id, "supplier_id": supplier.id, "person_id": own.administrator.person}
    before = kept(superuser, company.id, supplier.id)
    let = []
    for route in writes(app):
        if str(route.permission).startswith("workpapers:"):
            continue
        known = {**{name: new_id() for name in _NAMES}, **ids}
        answered = await ask(client, route, address(route, ids), right_body(route, known))
        let += [] if answered.status_code == 403 else [(route, answered.status_code)]

    assert let == []
    assert len(writes(app)) > 150
    assert changed(before, kept(superuser, company.id, supplier.id)).keys() <= NOTED


_NAMES = (
    "item_id", "line_id", "response_id", "invoice_id", "advice_id", "engagement_id", "owner_id", "organisation_id",
    "file_import_id", "template_id", "service_line_id", "credit_id", "term_id", "fact_id", "order_line_id", "site_id",
    "invoice_line_id", "statement_id", "scorecard_id", "excuse_id",
)  # fmt: skip
