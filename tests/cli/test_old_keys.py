"""Before an old key leaves the ring the doctor says whether anything hangs on it, whichever kind of thing it is."""

import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest

from portal.access.commands.ring import reseal
from portal.audit.sealing import hand_over, seal_all
from portal.cli import old_keys
from portal.platform import vault
from portal.platform.settings import override, settings
from tests.harness.world import buying_company

FREE = "nothing is sealed or signed by the older 1; links in mails of the last week may be theirs"


def findings(seconds: float | None = None) -> dict[str, tuple[str, str]]:
    app, owner = str(settings().database_url), str(settings().owner_url)
    found = old_keys.examine(app, owner, settings().secret_keys, seconds)
    return {each.what: (each.state, each.found) for each in found}


def said() -> tuple[str, str]:
    found = findings()
    assert found.keys() == {"Old keys"}
    return found["Old keys"]


async def at_the_log(do) -> None:
    connection = await asyncpg.connect(str(settings().database_url))
    try:
        await do(connection)
    finally:
        await connection.close()


async def test_a_ring_of_one_key_has_no_old_ones(connected):
    app, owner = str(settings().database_url), str(settings().owner_url)
    assert list(old_keys.examine(app, owner, settings().secret_keys)) == []


@pytest.fixture
async def ring(connected) -> AsyncIterator[tuple[str, ...]]:
    """A ring with a new key in front that nothing knows yet; afterwards all is sealed and signed as before."""
    old, fresh = settings().secret_keys, secrets.token_urlsafe(32)
    with override(secret_keys=(fresh, *old)):
        yield (fresh, *old)
    with override(secret_keys=(*old, fresh)):
        await reseal(str(settings().owner_url))
        await at_the_log(hand_over)


async def test_an_old_key_is_needed_until_all_is_sealed_anew_and_the_log_handed_over(ring):
    with override(secret_keys=ring[1:]):
        await buying_company()
        await at_the_log(seal_all)
    state, found = said()
    assert state == "note"
    assert "keys of people" in found
    assert "the signature of the log" in found

    await reseal(str(settings().owner_url))
    assert said()[1] == "still needed: the signature of the log"
    await at_the_log(hand_over)
    assert said() == ("ok", FREE)


async def test_what_a_process_sealed_that_did_not_know_the_new_key_is_found(ring, superuser):
    company = await buying_company()
    await reseal(str(settings().owner_url))
    await at_the_log(seal_all)
    with override(secret_keys=ring[1:]):
        late = vault.seal_secret(f"totp {company.buyer.person_id}", "by a process of before")
    superuser.execute("insert into totp (person_id, sealed) values (%s, %s)", [company.buyer.person_id, late])
    assert said()[1] == "still needed: 1 second factors"
    await reseal(str(settings().owner_url))
    assert said() == ("ok", FREE)


async def test_what_no_key_opens_hangs_on_no_old_one(ring, superuser):
    company = await buying_company()
    await reseal(str(settings().owner_url))
    await at_the_log(seal_all)
    with override(secret_keys=("a key that nobody has any more",)):
        lost = vault.seal_secret(f"totp {company.buyer.person_id}", "of another ring")
    superuser.execute("insert into totp (person_id, sealed) values (%s, %s)", [company.buyer.person_id, lost])
    try:
        assert findings() == {"Lost keys": ("bad", "1 second factors that no key opens"), "Old keys": ("ok", FREE)}
    finally:
        superuser.execute("delete from totp where person_id = %s", [company.buyer.person_id])


async def test_a_log_that_no_key_vouches_for_hangs_on_no_old_one(ring):
    await buying_company()
    await at_the_log(seal_all)
    await reseal(str(settings().owner_url))
    with override(secret_keys=("one", "another")):
        lost = findings()["Lost keys"]
        assert "signature of the log" not in findings()["Old keys"][1]
    assert lost[0] == "bad"
    assert "The last checkpoint is not signed by a key of this ring" in lost[1]


async def test_the_time_that_is_given_bounds_it_and_what_was_looked_at_is_said(ring, monkeypatch):
    for _company in range(3):
        await buying_company()
    await reseal(str(settings().owner_url))
    await at_the_log(seal_all)
    monkeypatch.setattr(old_keys, "_AT_ONCE", 2)

    [(what, (state, found))] = findings(0.001).items()

    assert (what, state) == ("Old keys", "note")
    assert "were looked at in 0.001 s, not all)" in found
    assert findings(60) == {"Old keys": ("ok", FREE)}
