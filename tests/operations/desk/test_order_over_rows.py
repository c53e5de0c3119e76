"""An order over several rows whose head stands on the first of them only: it comes in whole, or not at all."""

import pytest

from tests.harness.pages import Reader
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, brought, mapped, ran, sent
from tests.operations.nordwerk import records, settled

REPORT = (
    "Bestellnr;Lieferant;Bestelldatum;Status;Artikel;Menge;Einzelpreis\n"
    "4711;70001;02.06.2026;erledigt;A-1;5;1,20\n"
    ";;;;A-2;7;2,50\n"
    "4712;70002;03.06.2026;erledigt;A-1;1;1,20\n"
)
UNFILLED = """
name = "ERP"
[format]
decimal = ","
dates = ["%d.%m.%Y"]
[orders]
file = "Bestellungen.csv"
repeated = "first"
[orders.fields]
number = "Bestellnr"
supplier = "Lieferant"
ordered_at = "Bestelldatum"
state = { constant = "closed" }
[orders.lines]
file = "Bestellungen.csv"
[orders.lines.fields]
order_number = "Bestellnr"
item = "Artikel"
quantity = "Menge"
unit_price = "Einzelpreis"
"""
LINES = "select o.number, count(*) as lines from purchase_order o join purchase_order_line l on l.order_id = o.id"


@pytest.fixture
async def company(connected, tmp_path):
    made = await buying_company()
    await settled(made, tmp_path)
    return made


async def orders_of(company):
    found = await records(company, f"{LINES} group by 1 order by 1")
    return {row["number"]: row["lines"] for row in found}


async def test_a_row_without_its_order_keeps_rows_from_being_left_out(client_of, company):
    client = await client_of(company.administrator)
    made = await brought(client, ("Bestellungen.csv", REPORT))
    await mapped(client, made["id"], "orders", UNFILLED)
    done = await ran(client, made["id"], trial=False, leave_out=True)
    assert (done["state"], done["unplaced"], done["left_out"]) == ("refused", {"lines": 1}, {})
    assert await orders_of(company) == {}
    again = await client.post(f"{API}/{made['id']}/start", json={"trial": False, "leave_out": True})
    assert again.status_code == 409
    assert "do not say which order they are of" in again.text
    page = await Reader(client).open(f"/imports/{made['id']}")
    assert "Import without these rows" not in page.text
    assert "No rows can be left out" in page.text


async def test_a_number_that_stands_on_the_first_row_only_is_proposed_to_hold_for_the_rows_below(client_of, company):
    reader = Reader(await client_of(company.administrator))
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Bestellungen.csv", REPORT)])
    form = mapping.form("/mapping").values
    assert (form["orders.number.fill"], form["lines.order_number.fill"]) == ("1", "1")
    assert "orders.supplier.fill" not in form
    shown = await reader.send(mapping, "/mapping")
    assert "must not be empty" not in shown.text
    client = await client_of(company.administrator)
    done = await ran(client, shown.form("/start").action.split("/")[-2], trial=False)
    assert (done["state"], done["errors"]) == ("imported", 0)
    assert await orders_of(company) == {"4711": 2, "4712": 1}


async def test_what_no_row_of_an_order_says_is_missed_once(client_of, company):
    client = await client_of(company.administrator)
    text = REPORT.replace("4712;70002;", "4712;;").replace("\n;;;;", "\n4711;;;;")
    made = await brought(client, ("Bestellungen.csv", text))
    await mapped(client, made["id"], "orders", UNFILLED)
    done = await ran(client, made["id"], trial=True)
    found = (await client.get(f"{API}/{made['id']}/problems")).json()["items"]
    assert [(each["row"], each["column"], each["reason"]) for each in found] == [
        (4, "Lieferant", "This must not be empty.")
    ]
    assert done["unplaced"] == {}
