"""History is of the past: an import replaces nobody's approval, nobody's receipt, and no order of today."""

from datetime import date, timedelta

import pytest

from tests.harness.days import today
from tests.harness.world import buying_company, issued_order, trading_pair
from tests.operations.nordwerk import MAPPING, bring, records, said, settled, write

BY = MAPPING.replace(
    'offen = "in_approval"', 'entwurf = "draft", genehmigt = "approved", angenommen = "accepted", offen = "in_approval"'
).replace('requested_date = "Termin"', 'requested_date = "Termin"\naccepted = "Gut"\ndelivered_at = "Geliefert"')
LINES = "Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Termin;Gut;Geliefert\n"


def written(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def an_order(tmp_path, state: str, ordered: date, came: date | None = None):
    orders = f"Nr;Lieferant;Datum;Status\n1;70001;{written(ordered)};{state}\n"
    goods = f"{1 if came else ''};{written(came) if came else ''}"
    return write(tmp_path, Bestellungen=orders, Positionen=f"{LINES}1;10;A-1;1;1;;;;;{goods}\n")


@pytest.mark.parametrize("state", ["genehmigt", "angenommen", "bestellt", "fertig", "offen"])
async def test_an_order_of_today_is_not_history_whatever_state_the_file_says(connected, tmp_path, state):
    company = await buying_company()
    await settled(company, tmp_path)
    report = await bring(company, "orders", an_order(tmp_path, state, today() + timedelta(days=1)), by=BY)
    [(_file, row, column, _value, reason)] = said(report)
    assert (row, column) == (2, "Datum")
    assert "history is of days before" in reason
    assert await records(company, "select 1 from purchase_order") == []


async def test_a_draft_of_today_comes_in(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    assert (await bring(company, "orders", an_order(tmp_path, "entwurf", today()), by=BY)).errors == []
    assert await records(company, "select state from purchase_order") == [{"state": "draft"}]


async def test_an_order_that_was_approved_elsewhere_still_awaits_its_approval(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    report = await bring(company, "orders", an_order(tmp_path, "genehmigt", today() - timedelta(days=90)), by=BY)
    assert [str(warning.reason) for warning in report.warnings] == [
        "Approved elsewhere: here it still awaits its approval."
    ]
    found = await records(company, "select state, approved_gross, source->>'status' as said from purchase_order")
    assert found == [{"state": "in_approval", "approved_gross": None, "said": "genehmigt"}]


async def test_goods_that_came_since_orders_are_placed_here_are_booked_by_people(connected, tmp_path):
    company, supplier = await trading_pair(supplier_number="70003")
    await settled(company, tmp_path)
    await issued_order(company, supplier)
    past = today() - timedelta(days=90)
    late = await bring(company, "orders", an_order(tmp_path, "angenommen", past, today()), by=BY)
    assert [(column, "booked here" in reason) for *_place, column, _value, reason in said(late)] == [
        ("Geliefert", True)
    ]
    early = await bring(company, "orders", an_order(tmp_path, "angenommen", past, past), by=BY)
    assert early.errors == []
    assert len(await records(company, "select 1 from goods_receipt")) == 1


async def test_the_first_order_of_ones_own_ends_history(connected, tmp_path, superuser):
    """Until then it is today: who prepares for weeks imports what is ordered elsewhere meanwhile."""
    company, supplier = await trading_pair(supplier_number="70003")
    await settled(company, tmp_path)
    files = an_order(tmp_path, "bestellt", today() - timedelta(days=10))
    assert (await bring(company, "orders", files, dry_run=True, by=BY)).errors == []
    order = await issued_order(company, supplier)
    superuser.execute("set session_replication_role = replica")
    superuser.execute("update purchase_order set issued_at = now() - interval '20 days' where id = %s", [order.id])
    superuser.execute("set session_replication_role = default")
    assert "Orders are placed here since" in said(await bring(company, "orders", files, dry_run=True, by=BY))[0][4]
