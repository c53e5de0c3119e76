"""A credit note that the portal writes, read and filled in again, gives back the same, in both syntaxes."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.invoicing.forms import CreditForm
from portal.invoicing.rules.credits import Asked, Credited, Left, TooMuch, credit, whole
from portal.invoicing.rules.einvoice import invoice_of, written
from portal.invoicing.rules.received.crediting import credited, kind_of
from portal.invoicing.rules.received.pairing import paired
from portal.platform.convert import convert
from portal.platform.decimals import ZERO, difference, half_up
from portal.platform.einvoice.arriving import invoice_from
from portal.platform.ids import new_id
from tests.harness.einvoices import lines

ORDER, CURRENCY = "PO-1", "EUR"
AS_BILLED = (
    *("item_number", "description", "unit", "base_quantity", "price_unit", "price_factor", "discount"),
    *("tax_category", "tax_rate"),
)
FIGURES = ("quantity", "unit_price", "allowance", "charge", "net")


@st.composite
def billed(draw: Any) -> list[Left]:
    """The lines of an invoice, each with an item of its own; nothing of them is credited yet."""
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        line = draw(lines(number, CURRENCY, [("S", "19"), ("S", "7")]))
        assume(line["quantity"] > ZERO and line["net"] >= ZERO)
        own = {"id": new_id(), "item_number": f"IT-{number}", "order_number": ORDER}
        made = SimpleNamespace(**line | own)
        found.append(Left(made, made.quantity, made.net))
    return found


@st.composite
def asked(draw: Any, kind: str, left: list[Left]) -> list[Asked]:
    if kind == "whole":
        return whole(left)
    chosen = draw(st.lists(st.sampled_from(range(len(left))), min_size=1, unique=True))
    return [Asked(left[place], *draw(terms(kind, left[place]))) for place in sorted(chosen)]


@st.composite
def terms(draw: Any, kind: str, left: Left) -> tuple[Decimal, Decimal | None]:
    """How much, and of a correction the right price."""
    quantity = draw(st.decimals("0.001", left.quantity, places=3))
    if kind == "goods":
        return quantity, None
    right = half_up(left.line.unit_price * draw(st.sampled_from((Decimal("0.2"), Decimal("0.75")))), 8)
    assume(ZERO < right < left.line.unit_price)  # a file that gives back the whole price is one for goods
    return quantity, right


def snapshot(kind: str, rows: list[Credited]) -> dict[str, Any]:
    told = [
        {"line": number}
        | {name: getattr(row.left.line, name) for name in AS_BILLED}
        | {name: getattr(row, name) for name in FIGURES}
        for number, row in enumerate(rows, start=1)
    ]
    header = {"number": "C-1", "kind": kind, "reason": "As agreed.", "currency": CURRENCY, "issue_date": "2026-11-01",
              "invoice_number": "R-1", "invoice_date": "2026-10-01", "exemption_reason": ""}  # fmt: skip
    sums = dict.fromkeys(("lines", "allowances", "charges", "net", "tax", "gross"), ZERO) | {"breakdown": []}
    sides = {"supplier": {"name": "Brightbolt", "country": "DE"}, "buyer": {"name": "Nordwerk", "country": "DE"}}
    return {"credit_note": header, "orders": [{"number": ORDER}], "lines": told, "totals": sums, **sides}


def again(form: CreditForm, left: list[Left], kind: str) -> list[Asked]:
    """What the form asks for."""
    if form.lines is None:
        return whole(left)
    known = {each.line.id: each for each in left}
    assert all((line.unit_price is None) == (kind == "goods") for line in form.lines)
    return [
        Asked(known[line.invoice_line_id], line.quantity or ZERO, line.unit_price) for line in form.lines
    ]  # fmt: skip


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@pytest.mark.parametrize("kind", ["goods", "price", "whole"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_the_portal_credits_it_takes_back_whole(syntax: str, kind: str, data: st.DataObject):
    left = data.draw(billed())
    try:
        rows = credit(kind, wanted := data.draw(asked(kind, left)), CURRENCY)
    except TooMuch:
        assume(False)
        return
    said = invoice_from(written(invoice_of(snapshot(kind, rows)), syntax)).document
    assert said.is_credit
    pairs = paired(said, said.order, [each.line for each in left])
    assert [pair.of for pair in pairs] == [row.left.line for row in rows]

    known = {each.line.id: each for each in left}
    is_all = [(each.left, each.quantity) for each in wanted] == [(each, each.quantity) for each in left]
    meant = "whole" if kind == "goods" and is_all else kind
    assert kind_of(pairs, known) == meant
    form = convert(CreditForm, credited(said, pairs, new_id(), kind).raw, lenient=True)
    assert (form.number, form.kind, form.reason) == ("C-1", kind, "As agreed.")
    assert credit(kind, again(form, left, kind), CURRENCY) == rows
    assert all(difference(row.left.line.unit_price, row.unit_price) >= ZERO for row in rows)
