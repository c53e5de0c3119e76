"""A key ring that was lost: noticed at the start, before anything is sealed with another."""

import pytest

from portal.access.commands import change_profile
from portal.access.forms import ProfileForm
from portal.platform import vault
from portal.platform.convert import convert
from portal.platform.settings import override, settings
from tests.harness.world import buying_company

OTHER = "another key ring, which opens nothing here"


async def test_the_start_asks_whether_the_ring_opens_what_is_sealed(connected):
    await buying_company()
    await vault.require_ring(str(settings().database_url))
    with override(secret_keys=(OTHER,)), pytest.raises(vault.KeyLost, match="bring back"):
        await vault.require_ring(str(settings().database_url))
    with override(secret_keys=(OTHER, *settings().secret_keys)):
        await vault.require_ring(str(settings().database_url))


async def test_the_start_also_asks_of_second_factors(connected, superuser):
    company = await buying_company()
    with override(secret_keys=(OTHER, *settings().secret_keys)):
        sealed = vault.seal_secret(f"totp {company.buyer.person_id}", "secret")
    superuser.execute("insert into totp (person_id, sealed) values (%s, %s)", [company.buyer.person_id, sealed])
    with pytest.raises(vault.KeyLost, match="totp"):
        await vault.require_ring(str(settings().database_url))
    superuser.execute("delete from totp where person_id = %s", [company.buyer.person_id])


@pytest.mark.parametrize("part", ["serve", "worker", "scheduler"])
async def test_no_part_starts_with_a_ring_that_opens_nothing(connected, portal, tmp_path, monkeypatch, part):
    await buying_company()
    url = str(settings().database_url)
    monkeypatch.setattr("portal.cli.parts.settle", _in_a_thread)
    refused = portal(part, PORTAL_DATABASE_URL=url, PORTAL_DATA=str(tmp_path))
    assert refused.code == 1
    assert "The key ring does not open" in refused.err
    assert "Traceback" not in refused.err


def _in_a_thread(answer):
    """The test has an event loop already; a command makes its own."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, answer).result()


async def test_the_log_is_read_although_a_key_is_lost(client_of, superuser):
    company = await buying_company()
    auditor = await client_of(company.auditor)
    path = "/api/v1/audit-entries?limit=200"
    assert company.buyer.email in (await auditor.get(path)).text

    with override(secret_keys=(OTHER,)):
        entries = await auditor.get(path)
        assert entries.status_code == 200
        assert "(unreadable)" in entries.text
        assert (await auditor.get("/audit")).status_code == 200

    assert company.buyer.email in (await auditor.get(path)).text


async def test_what_was_sealed_before_an_erasure_stays_erased_although_the_person_comes_back(client_of, superuser):
    company = await buying_company()
    auditor = await client_of(company.auditor)
    superuser.execute("delete from person_key where person_id = %s", [company.buyer.person_id])
    form = convert(ProfileForm, {"full_name": "Somebody new", "language": "en", "time_zone": "UTC"})
    await change_profile(company.buyer, form)

    entries = await auditor.get("/api/v1/audit-entries?limit=200")

    assert entries.status_code == 200
    assert "Somebody new" in entries.text
    assert "(erased)" in entries.text
    assert company.buyer.email not in entries.text
