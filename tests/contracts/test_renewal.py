"""Contracts that go on by themselves, until one side gives notice in time."""

from datetime import UTC, date, datetime

import pytest

from portal.contracts import commands
from portal.contracts.rules import renewed_to
from portal.platform.actor import Actor
from portal.platform.refusals import Conflict
from tests.harness.agreed import paper_of, text_of
from tests.harness.contracts import CONTRACTS, active_contract, blanket, renewing_contract
from tests.harness.deliveries import events_of
from tests.harness.pages import Reader
from tests.harness.world import trading_pair

LAST_FOR_NOTICE = datetime(2027, 5, 31, 12, tzinfo=UTC)
A_DAY_LATE = datetime(2027, 6, 1, 12, tzinfo=UTC)
LAST_DAY = datetime(2027, 6, 30, 12, tzinfo=UTC)


async def test_a_contract_is_renewed_on_its_last_day_and_both_sides_are_told_in_time_for_a_notice(client_of, clock):
    company, supplier = await trading_pair()
    contract = await renewing_contract(company, supplier)
    system, buyer = Actor.system(company.id), await client_of(company.buyer)
    for day, looked_after in ((datetime(2027, 5, 16, tzinfo=UTC), 0), (datetime(2027, 5, 18, tzinfo=UTC), 1)):
        await clock(day)
        assert await commands.review(system) == looked_after
        assert await commands.review(system) == 0
    await clock(A_DAY_LATE)
    assert await commands.review(system) == 0, "nothing ends soon"
    await clock(LAST_DAY)
    assert (await commands.review(system), await commands.review(system)) == (1, 0)
    now = (await buyer.get(f"{CONTRACTS}/{contract.id}")).json()
    assert (now["state"], now["valid_to"], now["renewals"]) == ("active", "2027-09-30", 1)
    assert now["notice_until"] == "2027-08-31"
    told = await events_of(supplier.order_desk, contract.id)
    assert told[-2:] == ["contract.notice-due", "contract.renewed"]


async def test_either_side_gives_notice_once_and_the_contract_expires(client_of, clock):
    company, supplier = await trading_pair()
    for side in ("buyer", "supplier"):
        contract = await renewing_contract(company, supplier)
        person = company.buyer if side == "buyer" else supplier.order_desk
        at = f"{CONTRACTS}/{contract.id}"
        given = await (await client_of(person)).post(f"{at}/give-notice", json={"reason": "The line ends"})
        assert given.status_code == 200, given.text
        assert (given.json()["notice_side"], given.json()["notice_until"]) == (side, None)
        again = await (await client_of(company.buyer)).post(f"{at}/give-notice", json={"reason": "No"})
        assert (again.status_code, "ends on its last day" in again.json()["detail"]) == (409, True)
        assert (await (await client_of(supplier.order_desk)).get(at)).json()["notice_reason"] == "The line ends"
        assert (await events_of(company.buyer, contract.id))[-1] == "contract.notice-given"
    await clock(datetime(2027, 7, 1, 12, tzinfo=UTC))
    assert await commands.review(Actor.system(company.id)) == 2
    assert (await events_of(company.buyer, contract.id))[-1] == "contract.expired"


async def test_a_day_late_is_too_late_and_counts_for_the_period_after(client_of, clock):
    company, supplier = await trading_pair()
    contract = await renewing_contract(company, supplier)
    await clock(A_DAY_LATE)
    with pytest.raises(Conflict, match="renewed once more"):
        await commands.give_notice(supplier.order_desk, contract.id, "No")
    await clock(LAST_DAY)
    await commands.review(Actor.system(company.id))
    await commands.give_notice(supplier.order_desk, contract.id, "No")
    other = await renewing_contract(company, supplier, valid_to="2027-12-31", notice_days=180, renewal_months=12)
    await clock(datetime(2027, 7, 4, 12, tzinfo=UTC))
    assert (await commands.give_notice(company.buyer, other.id, "No")).notice_side == "buyer"


async def test_what_nobody_looked_after_for_long_goes_on_by_as_many_periods_as_it_takes(clock):
    company, supplier = await trading_pair()
    contract = await renewing_contract(company, supplier)
    await clock(datetime(2028, 1, 15, tzinfo=UTC))
    await commands.review(Actor.system(company.id))
    again = await commands.terminate(company.buyer, contract.id, "Enough")
    assert (again.valid_to, again.renewals) == (date(2028, 3, 31), 1)


@pytest.mark.parametrize(
    ("last", "months", "today", "ends"),
    [
        (date(2026, 12, 31), 12, date(2026, 12, 31), date(2027, 12, 31)),
        (date(2027, 2, 28), 1, date(2027, 2, 28), date(2027, 3, 31)),
        (date(2028, 1, 30), 1, date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 12, 15), 24, date(2026, 12, 16), date(2028, 12, 15)),
    ],
)
def test_what_ends_with_a_month_still_does(last, months, today, ends):
    assert renewed_to(last, months, today) == ends


async def test_a_contract_that_is_not_renewed_needs_no_notice_and_one_that_leaves_no_time_for_it_is_refused(client_of):
    company, supplier = await trading_pair()
    contract = await active_contract(company, supplier)
    buyer = await client_of(company.buyer)
    refused = await buyer.post(f"{CONTRACTS}/{contract.id}/give-notice", json={"reason": "No"})
    assert (refused.status_code, "ends on its last day" in refused.json()["detail"]) == (409, True)
    for days in (0, 29):
        body = blanket(supplier, renewal_months=1, notice_days=days)
        wrong = await buyer.post(CONTRACTS, json=body)
        assert [error["field"] for error in wrong.json()["errors"]] == ["notice_days"]


async def test_page_and_paper_say_that_it_is_renewed_and_who_gave_notice(client_of):
    company, supplier = await trading_pair()
    contract = await renewing_contract(company, supplier)
    desk = await client_of(supplier.order_desk)
    assert "by 3 months each time" in text_of(await paper_of(desk, contract))
    page = await Reader(desk).open(f"/contracts/{contract.id}")
    assert "Notice until" in page.text
    ended = await Reader(desk).send(page, "/give-notice", reason="The line ends")
    assert "The supplier gave notice" in ended.text
    assert "The line ends" in ended.text
    assert not ended.offers("/give-notice")


async def test_the_database_renews_nothing_that_does_not_say_so_nor_takes_a_notice_back(superuser):
    company, supplier = await trading_pair()
    plain, renewing = await active_contract(company, supplier), await renewing_contract(company, supplier)
    noticed = await commands.give_notice(company.buyer, (await renewing_contract(company, supplier)).id, "No")
    for sql, of in (
        ("update contract set valid_to = valid_to + 1, renewals = 1 where id = %s", plain.id),
        ("update contract set valid_to = valid_to - 1, renewals = 1 where id = %s", renewing.id),
        ("update contract set valid_to = valid_to + 1, renewals = 1 where id = %s", noticed.id),
        ("update contract set notice_side = '', notice_at = null where id = %s", noticed.id),
        ("update contract set notice_side = 'supplier', notice_at = now() where id = %s", renewing.id),
    ):
        with pytest.raises(Exception, match=r"renewed as it says|notice for itself"), superuser.transaction():
            superuser.execute("select set_config('portal.organisation', %s, true)", [str(company.id)])
            superuser.execute(sql, [of])
