"""No cell of any file for spreadsheets is a formula, whatever a supplier writes and whichever separator a table has.

The files are all those that the portal's own routes give, so that none is forgotten: every one of them is looked at
with every text in it.
"""

import csv
import io
import re
import zipfile
from typing import NamedTuple
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from portal.organisations.commands import approve_supplier
from portal.platform.ids import new_id
from tests.harness.contracts import offered_contract
from tests.harness.credits import sent_credit
from tests.harness.debits import proposed_debit
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.imports import ended_import
from tests.harness.invoices import submitted_invoice
from tests.harness.masters import add_item
from tests.harness.ratings import finished_order, rated
from tests.harness.routes import address, routes
from tests.harness.services import hours, service_order, submitted_entry
from tests.harness.statements import sent_statement
from tests.harness.world import (
    BUYING,
    SELLING,
    Organised,
    a_colleague,
    accepted_order,
    agreed,
    buying_company,
    line,
    selling_company,
)

MARK = "Zebrafinch"
FORMULA = "cmd|'/c calc'!A0"
TEXTS = [f"{sign}{MARK}{FORMULA}" for sign in "=+-@"] + [
    f"{MARK}{separator}{sign}{FORMULA}{separator}z" for separator in (";", "; ", ';"', ",") for sign in "=+-@"
]
# What no form of a line takes, but a name that came some other way may hold.
BROKEN = [f"{MARK}{gap}={FORMULA}" for gap in "\t\r\n"] + [f"{gap}={MARK}" for gap in "\t\r\n"]
ENDINGS = (".csv", ".xlsx")
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


class World(NamedTuple):
    company: Organised
    supplier: Organised
    ids: dict[str, UUID]
    compared: list[UUID]


@pytest.fixture(scope="module")
async def world(connected: None) -> World:
    """One buyer; a supplier of each name, who writes the same everywhere; files with the same in every cell."""
    company = await buying_company()
    suppliers = []
    for text in [*TEXTS, *BROKEN]:
        suppliers.append(supplier := await selling_company(name=text))
        numbered = {"supplier_number": text} if text in TEXTS else {}
        await approve_supplier(company.supplier_manager, supplier.id, agreed(**numbered))
        said = text if text in TEXTS else MARK
        number = text if text in TEXTS else new_id().hex
        await add_item(company.supplier_manager, number=number, name=said)
        order = await accepted_order(company, supplier, line(description=said), note=said)
        await submitted_invoice(supplier, order, number=said)
    for supplier in suppliers[-5:]:
        await in_every_list(company, supplier)
    rows = "".join(f'"{said}";"{said}";"{said}"\n' for said in (text.replace('"', '""') for text in TEXTS))
    ids = {"file_import_id": await ended_import(company.supplier_manager, MARK, rows)}
    return World(company, supplier, ids, [each.id for each in suppliers[-5:]])


async def in_every_list(company: Organised, supplier: Organised) -> None:
    """One more record of each kind, with the supplier's name on it."""
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "6", carrier=MARK)
    await received_goods(company, order, "6", advice=advice, delivery_note=MARK)
    await sent_credit(supplier, await submitted_invoice(supplier, order))
    await submitted_entry(company, supplier, await service_order(company, supplier, hours("10")), "4", note=MARK)
    await sent_statement(company, supplier)
    await offered_contract(company, supplier, title=MARK)
    await proposed_debit(company, supplier, said=MARK)
    await rated(company.buyer, await finished_order(company, supplier), comment=MARK)


@pytest.mark.parametrize("side", ["buyer", "supplier"])
async def test_no_file_holds_a_formula(app, world, client_of, side):
    company, supplier, ids, compared = world
    client = await client_of(
        await (a_colleague(company, *BUYING) if side == "buyer" else a_colleague(supplier, *SELLING))
    )
    files = [route for route in routes(app) if route.method == "GET" and route.path.endswith(ENDINGS)]
    assert len(files) >= 9

    for route in files:
        asked = {"supplier_id": list(map(str, compared))} if "/compare." in route.path else None
        answer = await client.get(address(route, ids), params=asked)
        if side == "buyer":
            assert answer.status_code == 200, (route, answer.text)
            assert MARK in (answer.text if route.path.endswith(".csv") else str(cells(answer.content))), route
        if answer.status_code == 200:
            read = in_text if route.path.endswith(".csv") else in_workbook
            assert read(answer.content) == [], route


def in_text(content: bytes) -> list[str]:
    """Cells that would run, for a spreadsheet whose separator is a comma, a semicolon, a tab or a bar."""
    text = content.decode("utf-8-sig")
    tables = [csv.reader(io.StringIO(text, newline=""), delimiter=separator) for separator in ",;\t|"]
    cells = [cell.lstrip(' "') for table in tables for row in table for cell in row]
    cells += [part.lstrip(' "') for part in text.splitlines()]
    return [cell for cell in cells if cell.startswith(STARTS) and not NUMBER.fullmatch(cell)]


def in_workbook(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [name for name in packed.namelist() if re.search(rb"<f[ >/]", packed.read(name))]


def cells(content: bytes) -> list[object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
