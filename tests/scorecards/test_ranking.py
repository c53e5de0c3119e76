"""All suppliers by score: filters, pages, files, some side by side; read from what is kept."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.organisations.commands import approve_supplier
from portal.scorecards.pages.charts import series
from tests.harness.deliveries_facts import on
from tests.harness.pages import Reader
from tests.harness.scores import AFTER, OCTOBER, bringing, excepted, frozen, kept, scored
from tests.harness.world import Organised, an_item, draft_order, line, selling_company, trading_pair

API = "/api/v1/scorecards"


async def three_suppliers() -> tuple[Organised, Organised, Organised, Organised]:
    """A good one, one that was always late, and one that nobody knows yet."""
    company, good = await trading_pair()
    poor, unknown = await selling_company(), await selling_company()
    for each in (poor, unknown):
        await approve_supplier(company.supplier_manager, each.id)
    await scored(company, good)
    await scored(company, poor, late=5, punctual=0)
    await kept(company)
    return company, good, poor, unknown


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["supplier_name"] for each in answer.json()["items"]]


async def test_the_ranking_is_of_all_suppliers_with_no_data_apart(clock, client_of):
    company, good, poor, unknown = await three_suppliers()
    client = await client_of(company.buyer)
    found = (await client.get(API, params={"period": str(OCTOBER)})).json()["items"]
    assert [each["supplier_name"] for each in found] == [good.name, poor.name, unknown.name]
    assert [(each["score"], each["standing"], each["no_standing_because"]) for each in found][2] == (
        None,
        None,
        "no_data",
    )
    assert (found[0]["rank"], found[0]["count"], found[0]["criteria"]["on_time_requested"]) == (1, 5, "1.0000")
    assert found[1]["criteria"]["on_time_requested"] == "0.0000"


async def test_a_supplier_with_too_little_data_never_ranks_above_one_that_is_judged(clock, client_of):
    company, poor, good, _unknown = await three_suppliers()
    lucky = await selling_company()
    await approve_supplier(company.supplier_manager, lucky.id)
    await scored(company, lucky, punctual=1)
    await kept(company)
    client = await client_of(company.buyer)
    for sort, judged in (("-score", [poor.name, good.name]), ("score", [good.name, poor.name])):
        found = (await client.get(API, params={"period": str(OCTOBER), "sort": sort})).json()["items"]
        assert [each["supplier_name"] for each in found][:3] == [*judged, lucky.name]
        assert [each["rank"] for each in found] == ([1, 2] if sort == "-score" else [2, 1]) + [None, None]
        assert (found[2]["score"], found[2]["no_standing_because"]) == ("100.0", "too_few")
    page = await client.get("/scorecards", params={"period": str(OCTOBER)})
    assert page.text.index(good.name) < page.text.index("Too little data to rank") < page.text.index(lucky.name)


async def test_the_comparison_comes_as_files_and_on_paper(clock, client_of):
    company, good, poor, _unknown = await three_suppliers()
    client = await client_of(company.buyer)
    asked = [("supplier_id", str(each.id)) for each in (poor, good)] + [("period", str(OCTOBER))]
    told = list(
        csv.reader(io.StringIO((await client.get("/scorecards/compare.csv", params=asked)).text.lstrip("\ufeff")))
    )
    assert told[0] == ["Criterion", poor.name, good.name]
    assert told[1][2] == "100.0"
    book = (await client.get("/scorecards/compare.xlsx", params=asked)).content
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert [row[0] for row in sheets.get_sheet_by_index(0).to_python()] == [row[0] for row in told[: 5 + 8]]
    paper = await client.get("/scorecards/compare.pdf", params=asked)
    assert paper.content.startswith(b"%PDF"), paper.text
    assert (await client.get("/scorecards/compare.pdf", params=asked[:1])).status_code == 400


async def test_who_chooses_too_few_or_too_many_keeps_the_choice(clock, client_of):
    company, good, _poor, _unknown = await three_suppliers()
    client = await client_of(company.buyer)
    page = await client.get("/scorecards/compare", params={"supplier_id": str(good.id), "period": str(OCTOBER)})
    assert page.status_code == 400
    assert f'value="{good.id}" checked' in page.text
    assert page.text.count(" checked") == 1
    assert "Choose 2 to 5 suppliers to compare." in page.text


async def test_filters_sorts_and_pages_of_the_ranking(clock, client_of):
    company, good, poor, unknown = await three_suppliers()
    item = await an_item(company, category="Fasteners")
    await draft_order(company, poor, line(item_id=str(item.id)))
    client = await client_of(company.supplier_manager)
    month = {"period": str(OCTOBER)}
    assert names(await client.get(API, params=month | {"standing": "good"})) == [good.name]
    assert names(await client.get(API, params=month | {"standing": "no_data,poor", "sort": "name"}))[-1:] != [good.name]
    assert set(names(await client.get(API, params=month | {"min_count": 5}))) == {good.name, poor.name}
    assert names(await client.get(API, params=month | {"category": "Fasteners"})) == [poor.name]
    assert names(await client.get(API, params=month | {"sort": "score"})) == [poor.name, good.name, unknown.name]
    for sort in ("-score", "score", "name", "-count", "coverage"):
        whole, page, paged = names(await client.get(API, params=month | {"sort": sort})), "", []
        while page is not None:
            asked = month | {"sort": sort, "limit": 1} | ({"cursor": page} if page else {})
            answer = await client.get(API, params=asked)
            paged += names(answer)
            page = answer.json()["next_cursor"]
        assert paged == whole, sort
    for wrong in ({"standing": "bad"}, {"period": "soon"}, {"sort": "luck"}, {"min_count": -1}):
        assert (await client.get(API, params=wrong)).status_code == 400, wrong


async def test_files_have_what_the_page_shows(clock, client_of):
    company, good, poor, _unknown = await three_suppliers()
    client = await client_of(company.buyer)
    asked = {"period": str(OCTOBER), "min_count": "5"}
    told = list(csv.DictReader(io.StringIO((await client.get("/scorecards.csv", params=asked)).text.lstrip("\ufeff"))))
    assert [(row["Rank"], row["Supplier"], row["Standing"]) for row in told] == [
        ("1", good.name, "Good"),
        ("2", poor.name, told[1]["Standing"]),
    ]
    book = (await client.get("/scorecards.xlsx", params=asked)).content
    [_header, *rows] = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == [good.name, poor.name]


async def test_some_are_compared_side_by_side(clock, client_of):
    company, good, poor, unknown = await three_suppliers()
    client = await client_of(company.approver)
    chosen = [("supplier_id", str(each.id)) for each in (poor, good, unknown)]
    told = (await client.get(f"{API}/comparison", params=[*chosen, ("period", str(OCTOBER))])).json()
    assert [each["supplier"]["name"] for each in told] == [poor.name, good.name, unknown.name]
    assert (float(told[0]["months"][str(OCTOBER)]) < 100, told[1]["months"][str(OCTOBER)]) == (True, "100.0")
    assert told[2]["score"] is None
    for few in (chosen[:1], [("supplier_id", str((await selling_company()).id)) for _each in range(6)]):
        assert (await client.get(f"{API}/comparison", params=few)).status_code == 400
    stranger = [*chosen[:1], ("supplier_id", str((await selling_company()).id))]
    assert (await client.get(f"{API}/comparison", params=stranger)).status_code == 404

    page = await client.get("/scorecards/compare", params=[*chosen, ("period", str(OCTOBER))])
    assert page.status_code == 200, page.text
    assert page.text.count("<td") >= 3 * 12
    assert 'role="img" aria-label="Scores by month"' in page.text
    assert (await client.get("/scorecards/compare")).status_code == 400


async def test_the_page_leads_on_and_a_manager_freezes_there(clock, client_of):
    company, good, _poor, _unknown = await three_suppliers()
    await bringing(company, poor="prevent_orders")
    await clock(AFTER)
    await excepted(company, good, AFTER.date())
    manager = Reader(await client_of(company.supplier_manager))
    assert "/scorecards" in (await manager.open("/")).links.values()
    page = await manager.open(f"/scorecards?period={OCTOBER}")
    assert f"/suppliers/{good.id}/scorecard?period={OCTOBER}" in page.links.values()
    assert "exception until" in page.text
    done = await manager.send(page, "/scorecards/freeze")
    assert "is frozen. What changes in it from now on is restated." in done.text
    assert "/scorecards/freeze" not in [form.action for form in done.forms]


@pytest.mark.parametrize("person", ["receiver", "requester", "payable"])
async def test_who_reads_no_scores_reads_no_ranking(connected, client_of, person):
    company, supplier = await trading_pair()
    for actor, status in ((company.people[person], 403), (supplier.order_desk, 404)):
        client = await client_of(actor)
        for path in (API, "/scorecards", "/scorecards.csv", f"{API}/comparison"):
            assert (await client.get(path)).status_code == status, (path, status)


async def test_the_ranking_is_one_question_however_many_facts_there_are(clock, client_of, counted):
    company, *_suppliers = await three_suppliers()
    client = await client_of(company.buyer)
    await client.get("/scorecards")
    with counted() as statements:
        assert (await client.get("/scorecards")).status_code == 200
    assert [sql for sql in statements if "_fact" in sql] == []
    assert len([sql for sql in statements if "supplier_score" in sql]) == 1


async def test_a_frozen_scorecard_is_shown_with_its_hash_to_both_sides_and_nobody_else(clock, client_of):
    company, good, poor, _unknown = await three_suppliers()
    await frozen(company)
    with on(AFTER):
        client, desk, rival = [await client_of(a) for a in (company.buyer, good.order_desk, poor.order_desk)]
    [card] = (await client.get(f"/api/v1/suppliers/{good.id}/scorecards?month={OCTOBER}")).json()
    assert (card["month"], card["revision"], len(card["digest"])) == (str(OCTOBER), 1, 64)
    for reader, status in ((client, 200), (desk, 200), (rival, 404)):
        for path in (f"/scorecards/{card['id']}", f"{API}/{card['id']}"):
            assert (await reader.get(path)).status_code == status, (path, status)


def test_a_line_breaks_where_nothing_is_known():
    drawn = series("Bolt", [None, Decimal(100), Decimal(50), None, Decimal(0)])
    assert drawn.path == "M30.00 0.0 L50.00 50.0 M90.00 100.0"
    assert drawn.dots.count("M") == 3


async def test_a_file_that_cannot_be_made_is_refused_before_its_first_byte(client_of):
    company, _supplier = await trading_pair()
    manager = await client_of(company.supplier_manager)
    for query in ("sort=x", "standing=x", "min_count=-1", "period=x"):
        for ending in ("csv", "xlsx"):
            refused = await manager.get(f"/scorecards.{ending}?{query}")
            assert refused.status_code in (400, 422), (query, ending, refused.status_code)
