"""Each buyer scores by its own rules: how early, how full, and what weighs how much."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.organisations.commands import approve_supplier
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.jobs import run
from portal.platform.refusals import Denied
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.commands import recompute_standings
from portal.scorecards.forms import SettingsForm
from portal.scorecards.rules import WEIGHTS
from tests.harness.deliveries_facts import facts_of, kept, noon, on, promised_order, received, score_in
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.settings import scored_by
from tests.harness.world import Organised, selling_company, trading_pair

SETTINGS = "/api/v1/scorecards/settings"
WANTED = date(2030, 5, 15)
USUAL = {name: str(weight) for name, weight in WEIGHTS.items() if name != "on_time_last_confirmed"}


def body(*, weights: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    return {"early_days": None, "in_full_tolerance": "0", "weights": USUAL | (weights or {})} | changes


async def scoring(company: Organised, **changes: Any) -> None:
    """Set by two people, and worked out by the job that it leaves."""
    await scored_by(company, body(**changes))
    await run_jobs("scorecards.windows")


async def delivered(company, supplier, *came: tuple[int, int]):
    """An order of ten for that day, of which (quantity, days after it) came."""
    with on(noon(WANTED - timedelta(days=30))):
        order = await promised_order(company, supplier, WANTED)
    for quantity, days in came:
        await received(company, order.id, quantity, 0, at=noon(WANTED + timedelta(days=days)))
    return order


async def test_goods_that_come_too_early_are_not_on_time_where_a_buyer_says_so(clock):
    company, supplier = await trading_pair()
    order = await delivered(company, supplier, (4, -10), (6, -2))
    await delivered(company, supplier, (10, -3))
    await clock(noon(date(2030, 5, 20)))
    assert await kept(company, supplier, WANTED) == [(2, 2)]

    for days, on_time in ((9, 1), (3, 1), (2, 0), (10, 2), (None, 2)):
        await scoring(company, early_days=days)
        assert await kept(company, supplier, WANTED) == [(on_time, 2)], days
    await scoring(company, early_days=5)
    [fact] = await facts_of(company.buyer, order.id)
    assert (fact["requested_in_time"], fact["received"], fact["filled_quantity"]) == (6, 10, 10)


async def test_what_is_booked_later_is_judged_by_the_window_too(clock):
    company, supplier = await trading_pair()
    await scoring(company, early_days=1)
    await delivered(company, supplier, (10, -2))
    await delivered(company, supplier, (10, -1))
    await clock(noon(date(2030, 5, 20)))
    bases = ("requested", "first_confirmed", "last_confirmed")
    assert await kept(company, supplier, WANTED, bases) == [(1, 2)] * 3


async def test_a_little_less_is_in_full_where_a_buyer_says_so(clock):
    company, supplier = await trading_pair()
    await delivered(company, supplier, (9, 0))
    await clock(noon(date(2030, 5, 20)))
    for tolerance, on_time in (("0", 0), ("9.9999", 0), ("10", 1)):
        await scoring(company, in_full_tolerance=tolerance)
        assert await kept(company, supplier, WANTED) == [(on_time, 1)], tolerance


async def test_a_score_follows_the_buyers_own_weights_in_every_place(clock, client_of):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await received(company, order.id, 5, 5, at=noon(WANTED))
    await clock(noon(date(2030, 5, 20)))
    nothing = dict.fromkeys(USUAL, "0")
    await scoring(company, weights=nothing | {"quality": "100"})

    scored = await score_in(company, supplier, WANTED)
    assert (scored.value, scored.coverage) == (50, 100)
    client = await client_of(supplier.order_desk)
    card = (await client.get(f"/api/v1/suppliers/{supplier.id}/scorecard", params={"period": "2030-05"})).json()
    assert (card["score"], {each["name"]: each["weight"] for each in card["criteria"]}["quality"]) == ("50.0", "100")
    assert "50" in (await Reader(client).open("/scorecard")).text
    await recompute_standings(Actor.system(company.id))
    async with viewing(company.buyer) as view:
        kept_score = await view.value("select score from trading_relationship where supplier_id = $1", supplier.id)
    assert kept_score == 50


async def test_one_buyers_rules_are_no_other_buyers(clock):
    company, supplier = await trading_pair()
    other, _its_supplier = await trading_pair()
    await approve_supplier(other.supplier_manager, supplier.id)
    await scoring(company, weights={"quality": "0", "price": "35"})
    async with viewing(supplier.order_desk) as view:
        pairs = {pair.buyer_id: pair for pair in await queries.customers(view)}
    assert (pairs[company.id].weights["quality"], pairs[other.id].weights["quality"]) == (0, 25)


async def test_a_manager_changes_the_rules_and_the_log_says_so(client_of, superuser):
    company, _supplier = await trading_pair()
    manager, auditor = await client_of(company.supplier_manager), await client_of(company.auditor)
    before = await manager.get(SETTINGS)
    assert before.json()["weights"] == USUAL
    changed = await manager.put(
        SETTINGS,
        json=body(early_days=3, in_full_tolerance="2.5", weights={"quality": "20", "price": "15"}),
        headers={"if-match": before.headers["etag"]},
    )
    assert (changed.status_code, changed.json()["state"]) == (200, "proposed"), changed.text
    assert (await auditor.get(SETTINGS)).json() == before.json()
    approver = await client_of(company.approver)
    approved = await approver.post(f"/api/v1/setting-versions/{changed.json()['id']}/approve", json={})
    assert approved.json()["value"]["score_in_full_tolerance"] == "2.5"
    now = (await auditor.get(SETTINGS)).json()
    assert (now["early_days"], now["in_full_tolerance"]) == (3, "2.5")
    stale = await manager.put(SETTINGS, json=body(), headers={"if-match": before.headers["etag"]})
    assert stale.status_code == 412
    entry = superuser.execute(
        "select body::text, owner_id, shown_to from audit_entry where event = 'scorecard.settings-changed' "
        "and subject_id = %s",
        [company.id],
    ).fetchall()
    assert [row[1:] for row in entry] == [(company.id, None)]
    assert '"early_days":3' in entry[0][0]
    queued = "select count(*) from dramatiq.queue where message->>'actor_name' = 'scorecards.recompute' "
    queued += "and message->'kwargs'->>'organisation_id' = %s"
    assert superuser.execute(queued.encode(), [str(company.id)]).fetchone() == (1,)
    await run("scorecards.recompute", organisation_id=str(company.id), cause="tests")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weights": {"quality": "26"}}, "weights"),
        ({"weights": {"quality": "-5"}}, "weights.quality"),
        ({"weights": {"on_time_last_confirmed": "0"}}, "weights.on_time_last_confirmed"),
        ({"early_days": -1}, "early_days"),
        ({"early_days": 366}, "early_days"),
        ({"in_full_tolerance": "101"}, "in_full_tolerance"),
    ],
)
async def test_rules_that_are_none_are_named(client_of, changes, field):
    company, _supplier = await trading_pair()
    refused = await (await client_of(company.administrator)).put(SETTINGS, json=body(**changes))
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, [field])


async def test_suppliers_have_no_such_rules_and_other_roles_do_not_make_them(client_of):
    company, supplier = await trading_pair()
    assert (await (await client_of(supplier.order_desk)).get(SETTINGS)).status_code == 404
    for actor in (company.buyer, company.payable, supplier.administrator):
        assert (await (await client_of(actor)).put(SETTINGS, json=body())).status_code == 403
    with pytest.raises(Denied):
        await commands.set_settings(company.buyer, convert(SettingsForm, body()))


async def test_the_page_shows_the_rules_keeps_what_was_typed_and_saves(client_of):
    company, _supplier = await trading_pair()
    manager = Reader(await client_of(company.supplier_manager))
    path = "/scorecards/settings"
    assert path in (await manager.open("/")).links.values()
    page = await manager.open(path)
    assert page.form(path).values["weights.quality"] == "25"
    wrong = await manager.send(page, path, weights__quality="24", early_days="soon")
    assert (wrong.status, wrong.form(path).values["early_days"]) == (422, "soon")
    wrong = await manager.send(page, path, weights__quality="24")
    assert "The weights come to 99, not to 100." in wrong.text
    done = await manager.send(page, path, weights__quality="20", weights__price="15", early_days="2")
    assert "It holds once a second person approved it." in done.text
    checker = Reader(await client_of(company.approver))
    waiting = (await manager.open(path)).links[f"Proposed by {company.supplier_manager.name}"]
    assert "Approved: this holds from" in (await checker.send(await checker.open(waiting), "/approve")).text
    kept = await manager.open(path)
    assert (kept.form(path).values["weights.price"], kept.form(path).values["early_days"]) == ("15", "2")
    stale = await manager.send(page, path)
    assert stale.status == 412


async def test_standings_of_many_suppliers_take_as_many_statements_as_of_one(connected, counted, clock):
    company, first = await trading_pair()
    others = [first, *[await selling_company() for _each in range(4)]]
    for each in others[1:]:
        await approve_supplier(company.supplier_manager, each.id)
    for each in others[:1]:
        for _order in range(5):
            await delivered(company, each, (10, 0))
    await clock(noon(date(2030, 5, 20)))
    with counted() as one:
        assert await recompute_standings(Actor.system(company.id)) == 1
    few = len(one)
    for each in others[1:]:
        for _order in range(5):
            await delivered(company, each, (10, 0))
    with counted() as four:
        assert await recompute_standings(Actor.system(company.id)) == 4
    assert len(four) == few
