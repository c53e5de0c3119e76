"""What was closed in another system was billed there: nobody bills it a second time here, and nothing of it is open."""

from decimal import Decimal

import pytest

from portal.analytics.queries.items import Asked, open_items, today
from portal.invoicing.queries import orders_to_invoice
from portal.platform.work import viewing
from tests.harness.world import buying_company, trading_pair
from tests.operations.nordwerk import MAPPING, bring, records, settled, write

BY = MAPPING.replace('fertig = "closed"', 'fertig = "closed", da = "accepted", entwurf = "draft"').replace(
    'requested_date = "Termin"', 'accepted = "Gut"\ninvoiced = { column = "Berechnet", empty = ["?"] }'
)
LINES = "Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Gut;Berechnet\n"


def an_order(tmp_path, state: str, came: str, billed: str, supplier: str = "70001"):
    orders = f"Nr;Lieferant;Datum;Status\n1;{supplier};02.06.2026;{state}\n"
    return write(tmp_path, Bestellungen=orders, Positionen=f"{LINES}1;10;A-1;1.000;2;;;;{came};{billed}\n")


async def taken_over(company):
    sql = """select l.invoiced, l.invoice_ceiling, o.invoice_status, o.state from purchase_order_line l
      join purchase_order o on o.id = l.order_id"""
    [row] = await records(company, sql)
    return row


@pytest.mark.parametrize(
    ("state", "came", "billed", "invoiced", "status"),
    [
        ("fertig", "1.000", "?", 1000, "complete"),
        ("fertig", "1.100", "?", 1100, "complete"),
        ("fertig", "1.000", "400", 400, "partial"),
        ("fertig", "", "", 0, "none"),
        ("da", "1.000", "?", 0, "none"),
        ("da", "1.000", "600", 600, "partial"),
        ("entwurf", "", "600", 600, "partial"),
    ],
)
async def test_what_was_invoiced_elsewhere(connected, tmp_path, state, came, billed, invoiced, status):
    company = await buying_company()
    await settled(company, tmp_path)
    report = await bring(company, "orders", an_order(tmp_path, state, came, billed), by=BY)
    assert report.errors == []
    told = await taken_over(company)
    assert (told["invoiced"], told["invoice_status"]) == (invoiced, status)
    assert told["invoice_ceiling"] == max(Decimal(1000), Decimal(invoiced))
    assert told["state"] == ("closed" if state == "fertig" else "accepted")


async def test_a_line_is_written_once_with_all_that_came_of_it(connected, tmp_path, counted):
    company = await buying_company()
    await settled(company, tmp_path)
    with counted() as statements:
        await bring(company, "orders", an_order(tmp_path, "da", "700", "600"), by=BY)
    [line] = await records(company, "select received, accepted, rejected, confirmed, invoiced from purchase_order_line")
    assert tuple(line.values()) == (700, 700, 0, 1000, 600)
    assert not any("update purchase_order_line" in each for each in statements)


async def test_a_supplier_is_not_asked_to_bill_what_was_closed_elsewhere(connected, tmp_path):
    company, supplier = await trading_pair(supplier_number="70003")
    await settled(company, tmp_path)
    await bring(company, "orders", an_order(tmp_path, "fertig", "900", "?", "70003"), by=BY)
    async with viewing(supplier.billing) as view:
        assert await orders_to_invoice(view) == (0, [])
    async with viewing(company.payable) as view:
        found = await open_items(view, Asked(await today(view)))
    assert found.pairs == []


async def test_receipts_in_a_file_of_their_own_leave_nothing_to_bill_of_a_closed_order(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    await bring(company, "orders", an_order(tmp_path, "fertig", "", "?"), by=BY)
    receipts = write(tmp_path, Eingaenge="Bestellung;Pos;Gut;Schlecht\n1;10;700;\n1;10;500;\n")
    assert (await bring(company, "receipts", receipts, by=BY)).errors == []
    told = await taken_over(company)
    assert (told["invoiced"], told["invoice_ceiling"], told["invoice_status"]) == (1200, 1200, "complete")
