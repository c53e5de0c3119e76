"""An invoice that the portal writes, read and filled in again, is the same invoice, in both syntaxes."""

import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings

from portal.invoicing.commands.advance import set_advance
from portal.invoicing.commands.lines import named, rows_of, set_totals
from portal.invoicing.commands.parts import set_charges
from portal.invoicing.forms import InvoiceForm
from portal.invoicing.rules import totals_of
from portal.invoicing.rules.einvoice import invoice_of, written
from portal.invoicing.rules.received.differing import differing, line_differing
from portal.invoicing.rules.received.filling import filled
from portal.invoicing.rules.received.pairing import orders_named, paired
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.convert import convert
from portal.platform.decimals import ZERO
from portal.platform.einvoice.arriving import invoice_from
from portal.platform.fields import Line
from portal.platform.ids import new_id
from tests.harness.einvoices import snapshots

NUMBERS = ("quantity", "unit_price", "base_quantity", "price_factor", "discount", "tax_rate")
LINE = re.compile(Line.pattern)  # what no form takes no invoice here says


def ordered(said: dict[str, Any]) -> list[Any]:
    """The order lines that the snapshot bills."""
    return [
        SimpleNamespace(**line | {name: Decimal(str(line[name])) for name in NUMBERS}, id=new_id(), order_id=new_id())
        for line in ({**each, "line": each["order_line"], "place": each["line"]} for each in said["lines"])
    ]


def again(said: dict[str, Any], form: InvoiceForm, known: list[Any]) -> dict[str, Any]:
    """The snapshot of what the form says, over the same circumstances."""
    sketch = Invoice(id=new_id(), supplier_id=new_id(), buyer_id=new_id(), currency=said["invoice"]["currency"])
    rows = rows_of(sketch, named(form.lines or [], {each.id: each for each in known}))
    lines = [InvoiceLine.of(row) for row in rows]
    set_charges(sketch, lines, form.allowances or (), form.charges or ())
    set_advance(sketch, form)
    set_totals(sketch, lines)
    orders = {each.id: {"order_number": each.order_number, "order_line": each.line} for each in known}
    told = {
        "lines": [row | orders[row["order_line_id"]] for row in rows],
        "allowances": sketch.allowances,
        "charges": sketch.charges,
        "totals": msgspec.to_builtins(
            totals_of(
                lines,
                sketch.allowances,
                sketch.charges,
                sketch.currency,
                prepaid=sketch.prepaid,
                rounding=sketch.rounding,
            )
        ),
    }
    header = said["invoice"] | {"number": form.number, "exemption_reason": form.exemption_reason or ""}
    days = {"issue_date": form.issue_date.isoformat(), "due_date": form.due_date and form.due_date.isoformat()}
    return msgspec.to_builtins(said | told | {"invoice": header | days})


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@settings(max_examples=200, deadline=None)
@given(snapshots())
def test_what_the_portal_writes_it_takes_back_whole(syntax: str, said: dict[str, Any]):
    assume("invoice" in said)
    assume(all(LINE.match(part["description"]) for name in ("allowances", "charges") for part in said[name]))
    assume(LINE.match(said["invoice"]["number"]))
    assume(all(Decimal(str(line["quantity"])) > ZERO and Decimal(str(line["net"])) >= ZERO for line in said["lines"]))
    assume(all(Decimal(str(row["base"])) >= ZERO for row in said["totals"]["breakdown"]))
    document = invoice_of(said)
    assume(document.due >= ZERO)
    arrived = invoice_from(written(document, syntax))
    assert (arrived.syntax, arrived.left_out) == (syntax, ())
    found = arrived.document
    assert set(orders_named(found)) <= {"PO-1", "PO-2"}

    known = ordered(said)
    pairs = paired(found, found.order, known)
    assert [(pair.of, pair.why) for pair in pairs] == [(each, "") for each in known]
    form = convert(InvoiceForm, filled(found, pairs, new_id(), found.currency).raw, lenient=True)
    here = invoice_of(again(said, form, known))
    assert differing(found, here) == []
    assert [line_differing([line], mine) for line, mine in zip(found.lines, here.lines, strict=True)] == [
        [] for _line in found.lines
    ]
