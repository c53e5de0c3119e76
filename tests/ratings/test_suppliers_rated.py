"""What ratings come to by supplier: apart from its score, from three people on, shown to it if two people say so."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.platform.convert import convert
from portal.platform.refusals import Denied
from portal.ratings import commands
from portal.ratings.forms import RatingsShownProposal
from tests.harness.pages import Page
from tests.harness.ratings import finished_order, opened, rated, rated_by_three
from tests.harness.world import a_colleague, trading_pair

API = "/api/v1"


def of(supplier) -> str:
    return f"{API}/suppliers/{supplier.id}/ratings"


async def test_an_average_is_shown_from_three_people_on(client_of):
    company, supplier = await trading_pair()
    buyer = await client_of(company.buyer)
    order = await finished_order(company, supplier)
    await rated(company.receiver, order, 5)
    await rated(company.receiver, await finished_order(company, supplier), 1)
    await rated(company.requester, order, 3)

    few = (await buyer.get(of(supplier))).json()["summary"]
    assert (few["number"], few["raters"], few["average"], few["distribution"]) == (3, 2, None, None)
    await rated(company.supplier_manager, order, 4, handling=2, communication=5)
    for person in (company.receiver, company.requester):
        await rated(person, order, 5 if person is company.receiver else 3, communication=2)
    told = (await buyer.get(of(supplier))).json()
    enough = told["summary"]
    assert (enough["number"], enough["raters"], enough["average"]) == (4, 3, "3.3")
    assert (enough["handling"], enough["communication"]) == (None, "3.0")
    assert enough["distribution"] == {"5": 1, "4": 1, "3": 1, "2": 0, "1": 1}
    assert len(told["items"]) == 4


async def test_what_is_older_than_twelve_months_is_not_counted(client_of, clock):
    company, supplier = await trading_pair()
    await rated_by_three(company, supplier)
    await clock(datetime.now(UTC) + timedelta(days=400))
    told = (await (await client_of(company.buyer)).get(of(supplier))).json()
    assert (told["summary"]["number"], told["summary"]["average"], len(told["items"])) == (0, None, 3)


async def test_ratings_stand_apart_from_the_score(client_of):
    company, supplier = await trading_pair()
    buyer = await client_of(company.buyer)
    await finished_order(company, supplier)
    before = [
        (await buyer.get(f"{API}{path}")).json() for path in ("/scorecards", f"/suppliers/{supplier.id}/scorecard")
    ]
    await rated_by_three(company, supplier, 1, 1, 1)
    after = [
        (await buyer.get(f"{API}{path}")).json() for path in ("/scorecards", f"/suppliers/{supplier.id}/scorecard")
    ]
    assert [_scores(each) for each in before] == [_scores(each) for each in after]

    for path in (f"/suppliers/{supplier.id}", f"/suppliers/{supplier.id}/scorecard"):
        page = Page(await buyer.get(path))
        assert "What your people say" in page.text, path
        assert "No part of the score" in page.text, path


def _scores(told):
    """Scores and ranks, without how many facts one order more makes."""
    rows = told.get("items", [told])
    return [(row.get("rank"), row["score"], row.get("standing")) for row in rows]


async def test_a_supplier_sees_nothing_until_two_people_open_it_and_then_averages_of_ended_months(client_of, clock):
    company, supplier = await trading_pair()
    await rated_by_three(company, supplier, 5, 4, 2)
    await clock(datetime.now(UTC) + timedelta(days=32))
    desk = await client_of(supplier.order_desk)

    shut = (await desk.get(of(supplier))).json()
    assert (shut["summary"]["number"], shut["summary"]["average"], shut["items"]) == (None, None, [])
    assert "people say" not in (await desk.get(f"/suppliers/{supplier.id}")).text
    await opened(company)
    told = (await desk.get(of(supplier))).json()
    assert (told["summary"]["average"], told["summary"]["communication"]) == ("3.7", "3.7")
    assert (told["summary"]["distribution"], told["items"]) == (None, [])
    for path in (f"/suppliers/{supplier.id}", f"/suppliers/{supplier.id}/scorecard"):
        page = await desk.get(path)
        assert ("customer’s people say" in page.text, "Said by" in page.text) == (True, False)
        assert company.receiver.name not in page.text


async def test_what_was_said_this_month_does_not_reach_the_supplier_yet(client_of):
    company, supplier = await trading_pair()
    await rated_by_three(company, supplier)
    await opened(company)
    told = (await (await client_of(supplier.order_desk)).get(of(supplier))).json()["summary"]
    assert (told["number"], told["average"]) == (None, None)


async def test_opening_takes_two_people(client_of):
    company, _supplier = await trading_pair()
    manager, approver = await client_of(company.supplier_manager), await client_of(company.approver)
    form = Page(await manager.get("/ratings/shown")).form("/ratings/shown")
    asked = await manager.post("/ratings/shown", data=form.values | {"shown": "true", "reason": "They are to know."})
    assert asked.status_code == 303
    version = asked.headers["location"].rpartition("/")[2]
    assert (await manager.post(f"{API}/setting-versions/{version}/approve")).status_code == 403
    assert (await approver.post(f"{API}/setting-versions/{version}/approve")).status_code == 200
    assert "Suppliers see averages" in (await approver.get("/settings")).text
    with pytest.raises(Denied):
        await opened_by(company.receiver)


async def opened_by(actor):
    await commands.propose_shown(actor, convert(RatingsShownProposal, {"shown": False, "reason": "No more."}))


async def test_another_supplier_learns_nothing_of_it(client_of):
    company, supplier = await trading_pair()
    await rated_by_three(company, supplier)
    await opened(company)
    other = await client_of((await trading_pair())[1].order_desk)
    assert (await other.get(of(supplier))).status_code == 404
    assert (await other.get(of(supplier), params={"buyer_id": str(company.id)})).status_code == 404


async def test_the_list_leaves_as_a_file_with_the_filters_of_its_page(client_of):
    company, supplier = await trading_pair()
    await rated_by_three(company, supplier, 5, 4, 2)
    auditor = await client_of(company.auditor)

    listed = Page(await auditor.get(f"/ratings?supplier_id={supplier.id}"))
    assert company.receiver.name in listed.text
    lines = (await auditor.get(f"/ratings.csv?supplier_id={supplier.id}&stars=2")).text.strip().splitlines()
    assert (len(lines), company.buyer.name in lines[1], "Stars" in lines[0]) == (2, True, True)
    book = await auditor.get("/ratings.xlsx")
    assert (book.status_code, book.content[:2]) == (200, b"PK")
    refused = await client_of(await a_colleague(company, "payable"))
    assert (await refused.get("/ratings.csv")).status_code == 403
