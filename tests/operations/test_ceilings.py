"""An imported order takes no more than one that was issued here: what is unlimited is said, never left blank."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.orders.commands.ledger import OverTolerance
from portal.platform.convert import convert
from portal.platform.tolerance import Tolerance, ceiling, resolve
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from tests.harness.deliveries import body, received
from tests.harness.world import Organised, buying_company
from tests.operations.nordwerk import MAPPING, bring, records, settled, write

ORDERS = "Nr;Lieferant;Datum;Status\n2;70002;03.06.2026;bestellt\n"
LINES = (
    "Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Termin;Gut;Schlecht\n"
    "2;10;A-2;10;0,99;;;;15.06.2026;6;\n2;20;A-2;10;0,99;;;;15.06.2026;6;4\n2;30;A-2;10;0,99;;;;15.06.2026;13;\n"
)
COUNTED = MAPPING.replace(
    'requested_date = "Termin"\n', 'requested_date = "Termin"\naccepted = "Gut"\nrejected = "Schlecht"\n'
)
CEILINGS = "select despatch_ceiling, receive_ceiling, invoice_ceiling from purchase_order_line order by line"


async def imported(
    superuser: psycopg.Connection, folder: Path, tolerances: dict[str, Any] | None = None, by: str = COUNTED
) -> Organised:
    company = await buying_company()
    said = msgspec.json.encode(tolerances or {}).decode()
    superuser.execute("update organisation set tolerances = %s where id = %s", [said, company.id])
    await settled(company, folder)
    lines = LINES if by is COUNTED else "\n".join(";".join(row.split(";")[:9]) for row in LINES.splitlines())
    report = await bring(company, "orders", write(folder, Bestellungen=ORDERS, Positionen=lines), by=by)
    assert not report.errors, report.errors
    return company


async def receive(company: Organised, line: int, accepted: str) -> None:
    [row] = await records(company, f"select id from purchase_order_line where line = {line}")
    await receipts.create(company.receiver, convert(ReceiptForm, body(received(row["id"], accepted))))


async def test_open_imported_lines_take_what_is_open_and_no_more(connected, superuser, tmp_path):
    company = await imported(superuser, tmp_path)
    assert [tuple(map(int, row.values())) for row in await records(company, CEILINGS)] == [
        (10, 10, 10), (10, 10, 10), (10, 13, 10),
    ]  # fmt: skip
    for line, more in ((10, "4"), (20, "4")):
        with pytest.raises(OverTolerance):
            await receive(company, line, "4.5")
        await receive(company, line, more)
    with pytest.raises(OverTolerance):
        await receive(company, 30, "0.1")


async def test_tolerances_hold_for_imported_orders_and_unlimited_stays_unlimited(connected, superuser, tmp_path):
    company = await imported(superuser, tmp_path, {"receive": {"percent": "50"}, "despatch": {"unlimited": True}})
    found = [tuple(row.values()) for row in await records(company, CEILINGS)]
    assert found == [(None, Decimal(15), Decimal(10))] * 3


async def test_receipts_that_come_in_a_file_of_their_own_raise_the_ceiling_to_what_came(connected, superuser, tmp_path):
    company = await imported(superuser, tmp_path, by=MAPPING)
    came = "Bestellung;Pos;Gut;Schlecht\n2;10;12;\n2;20;6;4\n"
    report = await bring(company, "receipts", write(tmp_path, Eingaenge=came))
    assert report.kinds["receipts"]["created"] == 2
    sql = "select receive_ceiling, returned_for_replacement from purchase_order_line order by line"
    assert [tuple(map(int, row.values())) for row in await records(company, sql)] == [(12, 0), (10, 4), (10, 0)]
    await receive(company, 20, "4")


PARTS = st.one_of(st.none(), st.decimals(0, 1000, places=2))
LEVELS = st.one_of(
    st.none(),
    st.builds(Tolerance, PARTS, PARTS, st.booleans(), st.sampled_from(["any", "all"])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.decimals("0.01", 10_000, places=2), LEVELS, LEVELS)
async def test_the_database_reckons_a_ceiling_as_issuing_does(superuser, quantity, nearest, furthest):
    stored = [None if level is None else msgspec.json.encode(level).decode() for level in (nearest, furthest)]
    [found] = superuser.execute("select portal.ceiling(%s, 0, %s::jsonb, %s::jsonb)", [quantity, *stored]).fetchone()
    assert found == ceiling(quantity, resolve([nearest, furthest]))
