"""The sums that the import reckons in SQL are those of the portal's own rules, whatever the lines look like."""

import random
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from portal.operations.imports.values import Written, number
from portal.orders.queries import revision_snapshot
from portal.orders.rules import net_of, totals_of
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import Party
from portal.platform.decimals import plain
from tests.harness.world import buying_company
from tests.operations.nordwerk import ITEMS, MAPPING, SUPPLIERS, bring, records, write

RATES = (("S", "19"), ("S", "7"), ("S", "8.875"), ("Z", "0"))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


@given(DECIMALS, st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_a_number_means_the_same_in_every_way_of_writing(value, marks):
    thousands, decimal = marks
    written = f"{value:,.4f}".replace(",", "t").replace(".", "d").replace("t", thousands).replace("d", decimal)
    assert number(written, Written(decimal=decimal, thousands=thousands)) == plain(Decimal(plain(value)).normalize())


async def test_sums_in_sql_are_those_of_the_portals_own_arithmetic(connected, tmp_path):
    """Base quantities, discounts, prices per another unit, several tax rates, half cents, a currency without cents."""
    company = await buying_company()
    by = MAPPING.replace('requested_date = "Termin"', 'tax_category = "Kat"\ntax_rate = "Satz"').replace(
        'ordered_at = "Datum"', 'ordered_at = "Datum"\ncurrency = "Waehrung"'
    )
    for kind, name, text in (("suppliers", "Lieferanten", SUPPLIERS), ("items", "Artikel", ITEMS)):
        await bring(company, kind, write(tmp_path, **{name: text}))
    chance = random.Random(16931)
    orders, lines = (
        ["Nr;Lieferant;Datum;Status;Waehrung"],
        ["Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Kat;Satz"],
    )
    for order in range(60):
        orders.append(f"{order};70001;02.06.2026;bestellt;{'JPY' if order % 4 == 0 else 'EUR'}")
        lines += [_line(chance, order, line) for line in range(1, chance.randint(2, 12))]
    report = await bring(
        company, "orders", write(tmp_path, Bestellungen="\n".join(orders), Positionen="\n".join(lines)), by=by
    )
    assert report.kinds["orders"]["created"] == 60

    by_order: dict[object, list[PurchaseOrderLine]] = {}
    for row in await records(company, "select * from purchase_order_line"):
        by_order.setdefault(row["order_id"], []).append(PurchaseOrderLine.of(row))
    for order in await records(company, "select id, currency, net, tax, gross, gross_minor from purchase_order"):
        mine, currency = by_order[order["id"]], order["currency"]
        assert [line.net for line in mine] == [net_of(line, currency) for line in mine]
        sums = totals_of(mine, currency)
        assert (order["net"], order["tax"], order["gross"]) == (sums.net, sums.tax, sums.gross)
        assert order["gross_minor"] == sums.gross * (1 if currency == "JPY" else 100)
    await _as_issuing_freezes_them(company, by_order)


async def _as_issuing_freezes_them(company, by_order) -> None:
    """Snapshots made set by set hold what those of issued orders hold, to the last character."""
    parties = {row["id"]: row for row in await records(company, "select * from organisation")}
    frozen = await records(
        company, "select r.snapshot, o.* from order_revision r join purchase_order o on o.id = r.order_id"
    )
    assert len(frozen) == 60
    for row in frozen:
        snapshot, order = row.pop("snapshot"), PurchaseOrder.of(row)
        buyer, supplier = (_party(parties[side]) for side in (order.buyer_id, order.supplier_id))
        lines = sorted(by_order[order.id], key=lambda line: line.line)
        again = revision_snapshot(order, lines, buyer, supplier)
        again = msgspec.json.decode(msgspec.json.encode(again, enc_hook=str))
        assert snapshot["totals"] == again["totals"]
        assert snapshot == again


def _party(row: dict[str, Any]) -> dict[str, Any]:
    return msgspec.to_builtins(msgspec.convert(row, Party))


def _line(chance: random.Random, order: int, line: int) -> str:
    item, unit = ("A-1", "") if chance.random() < 0.6 else ("A-2", chance.choice(("kg", "t")))
    quantity = chance.choice((chance.randint(1, 5000), chance.randint(1, 10**9) / Decimal(1000)))
    price = chance.randint(1, 10**9) / Decimal(10) ** chance.choice((2, 3, 4, 8))
    base = chance.choice((1, 1, 3, 7, 100, 1000, Decimal("0.3")))
    discount = chance.choice(("", "0", "2.5", "33.3333"))
    category, rate = chance.choice(RATES)
    cells = (order, line, item, quantity, plain(price), base, unit, discount, category, rate)
    return ";".join(str(cell).replace(".", ",") if number_ > 2 else str(cell) for number_, cell in enumerate(cells))
