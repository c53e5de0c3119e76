"""History that says on which day goods came: receipts of that day, and suppliers that are judged by it."""

from datetime import date
from decimal import Decimal

from portal.platform.actor import Actor
from portal.platform.work import changing
from portal.receipts import commands as receipts
from portal.receipts.events import GoodsReceived
from portal.receipts.tables import GoodsReceipt
from portal.scorecards.commands import derive
from portal.scorecards.queries.definition import FACTS
from tests.harness.world import buying_company
from tests.operations.nordwerk import MAPPING, bring, records, said, settled, write

ORDERS = "Nr;Lieferant;Datum;Status\n1;70001;02.03.2026;bestellt\n2;70002;03.03.2026;bestellt\n"
HEADER = "Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Termin;Geliefert;Zusage\n"
LINES = HEADER + (
    "1;10;A-1;100;1;;;;30.03.2026;29.03.2026;28.03.2026\n"
    "1;20;A-2;10;1;;;;30.03.2026;29.03.2026;\n"
    "2;10;A-2;10;1;;;;15.03.2026;16.03.2026 23:30;16.03.2026\n"
    "2;20;A-1;5;1;;;;15.03.2026;;\n"
)
DATED = MAPPING.replace('dates = ["%d.%m.%Y"]', 'dates = ["%d.%m.%Y", "%d.%m.%Y %H:%M"]').replace(
    'requested_date = "Termin"',
    'requested_date = "Termin"\npromised_date = "Zusage"\n'
    'delivered_at = { column = "Geliefert", rules = [{ is = "irgendwann", to = "" }] }',
)
FACT = (
    "select line, received, requested_in_time as asked, last_in_time as promised, last_delivered, migrated, "
    "filled_quantity from schedule_fact order by order_number, line"
)


async def delivered(folder, lines=LINES, mapping=DATED):
    company = await buying_company()
    await settled(company, folder)
    report = await bring(company, "orders", write(folder, Bestellungen=ORDERS, Positionen=lines), by=mapping)
    return company, report


async def test_a_day_of_delivery_is_a_receipt_of_all_that_was_ordered(connected, tmp_path):
    company, report = await delivered(tmp_path)
    assert report.errors == []
    found = await records(
        company,
        "select number, delivered_at::text, state, source->>'file' as file, booked_at = delivered_at as then "
        "from goods_receipt order by number",
    )
    assert [tuple(row.values()) for row in found] == [
        ("NW-1/1", "2026-03-29 10:00:00+00", "booked", "Positionen.csv", True),
        ("NW-2/1", "2026-03-16 22:30:00+00", "booked", "Positionen.csv", True),
    ]
    lines = await records(
        company, "select order_number, position, line, accepted, unit from goods_receipt_line order by 1, 2"
    )
    assert [tuple(row.values()) for row in lines] == [
        ("NW-1", 1, 10, Decimal(100), "H87"),
        ("NW-1", 2, 20, Decimal(10), "KGM"),
        ("NW-2", 1, 10, Decimal(10), "KGM"),
    ]
    states = await records(company, "select state, receipt_status from purchase_order order by number")
    assert [tuple(row.values()) for row in states] == [("accepted", "complete"), ("accepted", "partial")]


async def test_punctuality_is_judged_by_the_days_and_by_what_never_came(connected, tmp_path):
    """In time by request and late by promise; in time by the promise alone; never: late since its day."""
    company, _report = await delivered(tmp_path)
    assert [tuple(row.values()) for row in await records(company, FACT)] == [
        (10, 100, 100, 0, date(2026, 3, 29), False, 100),
        (20, 10, 10, 0, date(2026, 3, 29), False, 10),
        (10, 10, 0, 10, date(2026, 3, 16), False, 10),
        (20, 0, 0, 0, None, False, 0),
    ]
    [judged] = await records(
        company, f"select sum(base) as base, sum(achieved) as kept from ({FACTS['on_time_requested']}) f"
    )
    assert tuple(judged.values()) == (4, 2)


async def test_working_the_facts_out_again_gives_the_same(connected, superuser, tmp_path):
    company, _report = await delivered(tmp_path)
    assert superuser.execute("select * from portal.facts_of_others").fetchall() == []
    before = await records(company, FACT)
    await _derived_again(company)
    assert await records(company, FACT) == before


async def test_what_came_on_no_known_day_is_not_judged(connected, tmp_path):
    lines = LINES.replace("1;20;A-2;10;1;;;;30.03.2026;29.03.2026;", "1;20;A-2;10;1;;;;30.03.2026;irgendwann;")
    mapping = DATED.replace('requested_date = "Termin"', 'requested_date = "Termin"\nreceived = "Menge"')
    company, _report = await delivered(tmp_path, lines, mapping)
    facts = await records(company, FACT)
    assert [(row["received"], row["migrated"]) for row in facts] == [(100, False), (10, True), (10, False), (5, True)]
    assert len(await records(company, "select 1 from delivery_fact where delivered_on is null")) == 2


async def test_a_receipt_that_came_with_history_can_be_undone(connected, tmp_path):
    company, _report = await delivered(tmp_path)
    [receipt] = await records(company, "select id from goods_receipt where number = 'NW-2/1'")
    await receipts.reverse(company.receiver, receipt["id"], "It was never here")
    facts = await records(company, FACT)
    assert [(row["received"], row["asked"]) for row in facts] == [(100, 100), (10, 10), (0, 0), (0, 0)]
    assert await records(company, "select received from purchase_order_line where received > 0 and line = 10") == [
        {"received": 100}
    ]


async def test_nothing_has_come_on_a_day_that_is_still_to_come(connected, tmp_path):
    _company, report = await delivered(tmp_path, LINES.replace("29.03.2026;28", "29.03.2126;28"))
    assert said(report) == [
        ("Positionen.csv", 2, "Geliefert", "2126-03-29", "Goods cannot have come on a day that is still to come.")
    ]


async def test_receipts_of_their_own_file_bring_their_days_too(connected, tmp_path):
    """An order that came without them is judged from then on; a second delivery of it is a second receipt."""
    company, _report = await delivered(tmp_path, LINES.replace("Geliefert", "Egal"), DATED.replace("delivered_at", "#"))
    assert {row["migrated"] for row in await records(company, FACT)} == {True}
    came = (
        "Bestellung;Pos;Gut;Schlecht;Tag;LS\n1;10;60;;29.03.2026;L1\n1;10;30;10;02.04.2026;L2\n1;20;10;;29.03.2026;L1\n"
    )
    by = DATED.replace('rejected = "Schlecht"', 'rejected = "Schlecht"\ndelivered_at = "Tag"\ndelivery_note = "LS"')
    report = await bring(company, "receipts", write(tmp_path, Eingaenge=came), by=by)
    assert report.errors == []
    found = await records(company, "select number, delivery_note from goods_receipt order by number")
    assert [tuple(row.values()) for row in found] == [("NW-1/1", "L1"), ("NW-1/2", "L2")]
    facts = await records(company, FACT)
    assert [(row["received"], row["asked"], row["migrated"]) for row in facts[:2]] == [
        (100, 60, False),
        (10, 10, False),
    ]
    before = facts
    await _derived_again(company)
    assert await records(company, FACT) == before
    again = await bring(company, "receipts", write(tmp_path, Eingaenge=came), by=by)
    assert again.facts()["outcome"] == "unchanged"


async def _derived_again(company):
    async with changing(Actor.system(company.id)) as change:
        lines = await change.fetch("select distinct line_id from schedule_fact where not migrated")
        derive(change, [row["line_id"] for row in lines])
        [receipt] = await change.rows(GoodsReceipt, "true limit 1")
        change.record(GoodsReceived(receipt.id, receipt.id, receipt.delivered_at, ()), receipt)


async def test_an_open_order_that_only_a_date_says_was_received_is_told(connected, tmp_path):
    _company, report = await delivered(tmp_path)
    told = [(w.row, w.column, w.value, str(w.reason)) for w in report.warnings if w.column == "Geliefert"]
    assert [row for row, *_rest in told] == [2, 3, 4]
    assert told[0][1:3] == ("Geliefert", "2026-03-29")
    assert "received in full" in told[0][3]


async def test_where_a_quantity_says_so_too_or_the_order_is_closed_nothing_is_told(connected, tmp_path):
    counted = DATED.replace("delivered_at = {", 'received = "Menge"\ndelivered_at = {')
    _company, report = await delivered(tmp_path, mapping=counted)
    assert [w for w in report.warnings if w.column == "Geliefert"] == []
    _company, report = await delivered(tmp_path, mapping=DATED.replace('bestellt = "issued"', 'bestellt = "closed"'))
    assert [w for w in report.warnings if w.column == "Geliefert" and "in full" in str(w.reason)] == []


async def test_where_no_column_says_which_orders_are_open_it_is_told_once(connected, tmp_path):
    states = 'state = { column = "Status", map = { offen = "in_approval", bestellt = "issued", fertig = "closed" } }'
    _company, report = await delivered(tmp_path, mapping=DATED.replace(states, 'state = { constant = "issued" }'))
    told = [str(w.reason) for w in report.warnings if w.column == "Geliefert"]
    assert told == ["Lines of open orders that count as received in full, for only a day of delivery says so: 3."]


async def test_a_closed_order_without_a_day_of_delivery_is_told_unless_its_quantity_says_that_it_came(
    connected, tmp_path
):
    closed = DATED.replace('bestellt = "issued"', 'bestellt = "closed"')
    noted = closed.replace("irgendwann", "nicht erfasst")
    lines = HEADER + "1;10;A-1;100;1;;;;30.03.2026;nicht erfasst;\n2;10;A-2;10;1;;;;15.03.2026;16.03.2026;\n"
    _company, report = await delivered(tmp_path, lines, noted)
    [told] = [str(w.reason) for w in report.warnings if w.column == "Geliefert"]
    assert told.startswith("Lines of closed orders that count as never delivered, for they have no day of delivery: 1.")

    counted = noted.replace("delivered_at = {", 'received = "Menge"\ndelivered_at = {')
    company, report = await delivered(tmp_path, lines, counted)
    assert [w for w in report.warnings if w.column == "Geliefert"] == []
    facts = await records(company, "select received, last_delivered is null as undated from schedule_fact order by 1")
    assert [tuple(row.values()) for row in facts] == [(10, False), (100, True)]


async def test_history_is_judged_by_the_first_promise_too(connected, tmp_path):
    """Promised for the 27th, then for the 29th, on which it came: late by its first promise, in time by its last."""
    header = HEADER.replace("Zusage", "Zusage;Erstzusage")
    lines = header + "1;10;A-1;100;1;;;;30.03.2026;29.03.2026;29.03.2026;27.03.2026\n"
    lines += "1;20;A-2;10;1;;;;30.03.2026;29.03.2026;29.03.2026;29.03.2026\n"
    lines += "2;10;A-2;10;1;;;;15.03.2026;16.03.2026;16.03.2026;\n"
    mapping = DATED.replace('promised_date = "Zusage"', 'promised_date = "Zusage"\nfirst_promised_date = "Erstzusage"')
    company, report = await delivered(tmp_path, lines, mapping)
    assert said(report) == []
    found = await records(
        company,
        "select line, first_date, first_quantity, first_in_time, last_in_time from schedule_fact "
        "order by order_number, line",
    )
    assert [tuple(row.values()) for row in found] == [
        (10, date(2026, 3, 27), 100, 0, 100),
        (20, date(2026, 3, 29), 10, 10, 10),
        (10, None, None, 0, 10),
    ]
    [judged] = await records(
        company, f"select sum(base) as base, sum(achieved) as kept from ({FACTS['on_time_first_confirmed']}) f"
    )
    assert tuple(judged.values()) == (2, 1)
