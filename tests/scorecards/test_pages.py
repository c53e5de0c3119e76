"""Scores in a browser: each figure opens to its lines, no data is told apart, nobody sees more than their own."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import portal
from portal.organisations.commands import approve_supplier
from portal.platform.paths import resource
from portal.web import formats
from tests.harness.deliveries_facts import imported_orders, invoiced, noon, promised_order, received
from tests.harness.world import buying_company, selling_company, trading_pair

WANTED = date(2030, 5, 15)
SCORECARDS = Path(portal.__file__).parent / "scorecards"


async def scored_pair(clock):
    """Two orders of May: one came in full with a tenth rejected, one never came."""
    company, supplier = await trading_pair()
    punctual = await promised_order(company, supplier, WANTED)
    await promised_order(company, supplier, WANTED)
    await received(company, punctual.id, 9, 1, at=noon(WANTED))
    await clock(noon(date(2030, 5, 20)))
    await invoiced(company.payable, punctual.id, 9, "13.50", matched=False)
    return company, supplier


def links(html: str, pattern: str) -> list[str]:
    return [unescape(link) for link in re.findall(rf'href="({pattern}[^"]*)"', html)]


async def test_every_figure_opens_to_the_lines_behind_it(clock, client_of):
    company, supplier = await scored_pair(clock)
    client = await client_of(company.supplier_manager)
    shown = await client.get(f"/suppliers/{supplier.id}/scorecard")
    assert shown.status_code == 200, shown.text
    assert f"Score of {supplier.name}" in shown.text
    assert "90.0%" in shown.text

    opened = links(shown.text, f"/suppliers/{supplier.id}/scorecard/lines")
    assert len(opened) == 2 * 7  # the twelve months together, and May; nothing was to be answered then
    for address in opened:
        lines = await client.get(address)
        assert lines.status_code == 200
        assert re.search(r"PO-20\d\d-0000[12]", lines.text)


async def test_a_fact_names_item_and_receipt_and_says_short_where_nothing_came_late(clock, client_of):
    company, supplier = await trading_pair()
    short, late = [await promised_order(company, supplier, WANTED) for _each in range(2)]
    receipt = await received(company, short.id, 9, at=noon(date(2030, 5, 10)))
    await received(company, late.id, 10, at=noon(date(2030, 5, 17)))
    await clock(noon(date(2030, 5, 20)))
    client = await client_of(company.buyer)
    path = f"/api/v1/suppliers/{supplier.id}/scorecard/facts"
    found = (await client.get(path, params={"criterion": "on_time_requested", "period": "2030-05"})).json()["items"]
    assert {each["order_id"]: each["outcome"] for each in found} == {str(short.id): "short", str(late.id): "late"}
    [of_short] = [each for each in found if each["order_id"] == str(short.id)]
    assert [(each["kind"], each["id"]) for each in of_short["sources"]] == [("goods-receipt", str(receipt))]
    page = await client.get(
        f"/suppliers/{supplier.id}/scorecard/lines", params={"criterion": "quality", "period": "2030-05"}
    )
    assert f'href="/receipts/{receipt}"' in page.text


async def test_a_month_is_shown_with_the_twelve_months_up_to_it(clock, client_of):
    company, supplier = await scored_pair(clock)
    client = await client_of(company.buyer)
    path = f"/suppliers/{supplier.id}/scorecard"
    may = (await client.get(path, params={"period": "2030-05"})).text
    assert '<option value="2030-05" selected>' in may
    assert links(may, f"{path}\\?period=")[-1].endswith("2029-06")
    assert "Last 12 months" in (await client.get(path, params={"period": ""})).text
    assert (await client.get(path, params={"period": "soon"})).status_code == 400


async def test_history_is_looked_at_from_its_own_last_month(connected, client_of):
    company, supplier = await trading_pair()
    await imported_orders(company, supplier, [(10, 10, 1), (20, 15, 0)])
    client = await client_of(company.buyer)
    lately = (await client.get(f"/suppliers/{supplier.id}/scorecard")).text
    assert "No data in these months" in lately

    history = (await client.get(f"/suppliers/{supplier.id}/scorecard?period=all")).text
    assert "period=2025-03" in history
    assert "94.3%" in history  # (9/10 + 15/20) ÷ (10/10 + 15/20)
    assert "Too few criteria have data for a standing: at least 60 % of the weights are needed." in history


async def test_no_data_is_a_state_of_its_own(connected, client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.buyer)
    shown = (await client.get(f"/suppliers/{supplier.id}/scorecard")).text
    assert shown.count("No data</span>") >= 8
    assert not re.search(r">(0|100)( %|%|\.0)<", shown)
    assert links(shown, f"/suppliers/{supplier.id}/scorecard/lines") == []

    lines = await client.get(f"/suppliers/{supplier.id}/scorecard/lines?criterion=quality")
    assert lines.status_code == 200
    assert "neither good nor bad" in lines.text


async def test_a_supplier_sees_how_each_customer_scores_it(clock, client_of):
    company, supplier = await scored_pair(clock)
    second = await buying_company()
    await approve_supplier(second.supplier_manager, supplier.id)
    desk = await client_of(supplier.order_desk)
    own = (await desk.get("/scorecard")).text
    assert company.name in own
    assert second.name in own

    addresses = links(own, f"/suppliers/{supplier.id}/scorecard\\?")
    assert len(addresses) == 2
    for address in addresses:
        shown = await desk.get(address)
        assert shown.status_code == 200
        for below in links(shown.text, f"/suppliers/{supplier.id}/scorecard"):
            assert "buyer_id=" in below
            assert (await desk.get(below)).status_code == 200


async def test_nobody_opens_others_scores(clock, client_of):
    company, supplier = await scored_pair(clock)
    rival, stranger = await selling_company(), await buying_company()
    await approve_supplier(company.supplier_manager, rival.id)
    for person in (rival.order_desk, stranger.buyer, stranger.auditor):
        client = await client_of(person)
        for path in ("", "/lines?criterion=price", f"/lines?criterion=price&buyer_id={company.id}"):
            answer = await client.get(f"/suppliers/{supplier.id}/scorecard{path}")
            assert answer.status_code == 404
            assert company.name not in answer.text
    assert (await (await client_of(company.receiver)).get(f"/suppliers/{supplier.id}/scorecard")).status_code == 403
    assert (await (await client_of(company.buyer)).get("/scorecard")).status_code == 403
    assert (await (await client_of(rival.shipping)).get("/scorecard")).status_code == 403
    assert company.name in (await (await client_of(rival.order_desk)).get("/scorecard")).text


@pytest.mark.parametrize(
    ("path", "most"), [("", 3), ("?period=all", 4), ("?period=2030-05", 3), ("/lines?criterion=on_time_requested", 4)]
)
async def test_a_page_asks_the_database_a_few_questions_however_many_facts_there_are(
    clock, client_of, counted, path, most
):
    company, supplier = await scored_pair(clock)
    client = await client_of(company.buyer)
    address = f"/suppliers/{supplier.id}/scorecard{path}"
    await client.get(address)
    with counted() as statements:
        assert (await client.get(address)).status_code == 200
    reads = [sql for sql in statements if "trading_relationship" in sql or "schedule_fact" in sql]
    assert len(reads) <= most, reads


async def test_ones_own_scores_are_two_questions_however_many_customers_there_are(clock, client_of, counted):
    _company, supplier = await scored_pair(clock)
    for _number in range(3):
        other = await buying_company()
        await approve_supplier(other.supplier_manager, supplier.id)
    desk = await client_of(supplier.order_desk)
    await desk.get("/scorecard")
    with counted() as statements:
        await desk.get("/scorecard")
    assert len([sql for sql in statements if "trading_relationship" in sql or "schedule_fact" in sql]) == 2


def test_every_word_is_chinese_too():
    with (resource("locales") / "zh_Hans/LC_MESSAGES/portal.po").open("rb") as file:
        known = {message.id: str(message.string) for message in read_po(file)}
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    folders = (SCORECARDS, resource("templates") / "scorecards")
    said = {str(found[2]) for folder in folders for found in extract_from_dir(folder, methods)}

    assert {text for text in said if not known.get(text)} == set()
    assert {text for text in said if set(re.findall(r"{\w+}", text)) != set(re.findall(r"{\w+}", known[text]))} == set()


async def test_a_score_reads_the_same_wherever_it_stands(client_of, superuser):
    company, supplier = await trading_pair()
    superuser.execute(
        "update trading_relationship set score = 88.3 where buyer_id = %s and supplier_id = %s",
        [company.id, supplier.id],
    )
    for value in (Decimal("88.25"), 88.25, Decimal("88.3")):
        assert formats.score(value) == "88.3"
    assert formats.score(Decimal(90)) == "90.0"
    assert "88.3" in (await (await client_of(company.buyer)).get("/suppliers")).text


async def test_a_score_says_what_its_colours_mean_and_why_a_date_weighs_nothing(clock, client_of):
    company, supplier = await scored_pair(clock)
    page = (await (await client_of(company.buyer)).get(f"/suppliers/{supplier.id}/scorecard")).text
    text = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "Good: from 80 to 100" in text
    assert "Watch: from 60, below 80" in text
    assert "Poor: from 0, below 60" in text
    assert "The supplier can move this date itself: shown, not scored." in text
    assert "not scored" in text.partition("On time, in full: as last confirmed")[2]
    labels = re.search(r'class="score-labels".*?</ol>', page, re.DOTALL)
    assert labels
    assert re.findall(r"<li>(\w+)", labels[0])[-2:] == ["Apr", "May"]
