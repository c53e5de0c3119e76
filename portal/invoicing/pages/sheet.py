"""A draft between a browser and a form: what the order proposes, what was typed, and errors back at their rows.

A line whose quantity is left blank is not billed. The rest closes up on the way to the form, so that an error's row is
found again by its place among those kept.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from portal.invoicing.commands import Billing, named, reckon
from portal.invoicing.forms import InvoiceEdit, InvoiceForm
from portal.invoicing.queries import Billable, OrderHead
from portal.invoicing.rules import ADVANCE, reason, terms_of
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.decimals import ZERO, plain
from portal.platform.i18n import Message, _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.totals import Totals
from portal.platform.totals import choices as tax_choices
from portal.web.forms import Form, grown
from portal.web.input import Typed
from portal.web.parts import LineColumn

T = TypeVar("T", InvoiceForm, InvoiceEdit)
HEADER = ("number", "issue_date", "due_date", "override_reason", "exemption_reason", "prepaid_reference")
CHARGE = ("description", "amount", "percent", "tax_category", "tax_rate")
FIELDS = ("quantity", "unit_price", "allowance", "charge", "tax_category", "tax_rate")
WHOLE = ("allowances", "charges")
TAX = ("tax_category", "tax_rate")
SAID = ("description", "amount", "percent")


class Sheet(NamedTuple):
    """A draft's page: the orders it bills, and their lines, each a row of the grid; `open` is what of each can be
    billed now. `crumbs` (title, address) lead back to the record that it is made of, or to the draft.
    """

    action: str
    back: str
    orders: list[OrderHead]
    lines: list[Billable]
    open: Mapping[UUID, Decimal]
    crumbs: Sequence[tuple[Message | str, str]]
    draft: Invoice | None = None

    @property
    def head(self) -> OrderHead:
        return self.orders[0]

    @property
    def due_reason(self) -> Message:
        """From when on the payment terms count."""
        return reason(terms_of(self.head))

    def line_of(self, values: Mapping[str, str], row: int) -> Billable | None:
        """The order line that a row is about."""
        wanted = values.get(f"lines.{row}.order_line_id", "")
        return next((line for line in self.lines if str(line.id) == wanted), None)


def proposal(billings: Sequence[Billing], today: date) -> dict[str, str]:
    """The fields of a new invoice: today, and what can be billed now at the order's prices."""
    values = {"issue_date": today.isoformat()}
    for row, billing in enumerate(billings):
        values |= _row(row, billing.of, billing if billing.quantity > ZERO else None)
    return values


def of_draft(invoice: Invoice, billed: Sequence[InvoiceLine], lines: Sequence[Billable]) -> dict[str, str]:
    """The fields of a draft as it stands; order lines that it does not bill have no quantity."""
    values = {name: str(getattr(invoice, name)) for name in HEADER}
    values |= {name: plain(figure) for name in ADVANCE if (figure := getattr(invoice, name))}
    present = {line.order_line_id: line for line in billed}
    for row, line in enumerate(lines):
        values |= _row(row, line, present.get(line.id))
    for grid in WHOLE:
        for row, kept in enumerate(getattr(invoice, grid)):
            values |= {f"{grid}.{row}.{name}": kept[name] for name in CHARGE if _is_said(kept, name)}
    return values


def _is_said(kept: Mapping[str, str], name: str) -> bool:
    """Of a percentage, the amount follows."""
    return name in kept and not (name == "amount" and "percent" in kept)


def _row(row: int, line: Billable, said: Any | None) -> dict[str, str]:
    shown = said or Billing.as_ordered(line, ZERO)
    figures = {name: getattr(shown, name) for name in ("quantity", "unit_price", "tax_rate")}
    texts = {name: plain(value) for name, value in figures.items()} | {"tax_category": shown.tax_category}
    texts["quantity"] = texts["quantity"] if said else ""
    for grid, short in zip(WHOLE, ("allowance", "charge"), strict=True):
        texts |= _parts(grid, short, getattr(said, grid, ()) if isinstance(said, InvoiceLine) else ())
    return {f"lines.{row}.{name}": value for name, value in ({"order_line_id": str(line.id)} | texts).items()}


def _parts(grid: str, short: str, kept: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """One amount of a line without a percentage is typed in its own cell; others stay as they are, with reasons."""
    if len(kept) == 1 and "percent" not in kept[0]:
        return {short: kept[0]["amount"]}
    names = ("reason", "amount", "percent")
    return {short: ""} | {
        f"{grid}.{place}.{name}": part[name]
        for place, part in enumerate(kept)
        for name in names
        if _is_said(part, name)
    }


class Reading:
    """What was typed, without the lines that are not billed. `grown` is the form if a row was added or taken out.

    Allowances and charges that name no tax have the lines', where these have but one.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        shown = {name: value for name, value in values.items() if name not in ("_csrf", "act", "seen")}
        self.grown = grown(shown)
        self.values = dict(Form.typed(self.grown or shown).values)
        rows = Form(self.values).rows("lines")
        self.kept = [row for row in rows if self.values.get(f"lines.{row}.quantity", "").strip() not in ("", "0")]
        self.values = {**self.values, **self._taxes()}

    def _taxes(self) -> dict[str, str]:
        taxes = {tuple(self.values.get(f"lines.{row}.{name}", "").strip() for name in TAX) for row in self.kept}
        if len(taxes) != 1 or not all(only := next(iter(taxes))):
            return {}
        begun = [f"{grid}.{row}" for grid in WHOLE for row in Form(self.values).rows(grid)]
        said = [at for at in begun if any(self.values.get(f"{at}.{name}", "").strip() for name in SAID)]
        untaxed = [at for at in said if not any(self.values.get(f"{at}.{name}", "").strip() for name in TAX)]
        return {f"{at}.{name}": value for at in untaxed for name, value in zip(TAX, only, strict=True)}

    def form(self, struct: type[T], **fixed: Any) -> T:
        """The form, its lines closed up; `again` brings the errors back to the rows as they are shown."""
        if not self.kept:
            raise Invalid.field("lines", _("Enter a quantity for at least one line."))
        pairs = [
            (name, value) for name, value in self.values.items() if name.split(".")[0] in (*HEADER, *ADVANCE, *WHOLE)
        ]
        for place, row in enumerate(self.kept):
            for field in ("order_line_id", *FIELDS):
                pairs.append((f"lines.{place}.{field}", self.values.get(f"lines.{row}.{field}", "")))
            begun = f"lines.{row}."
            nested = [
                (name.removeprefix(begun), value) for name, value in self.values.items() if name.startswith(begun)
            ]
            pairs += [(f"lines.{place}.{name}", value) for name, value in nested if name.split(".")[0] in WHOLE]
        return Typed(pairs).convert(struct, **fixed)

    def again(self, errors: Sequence[FieldError]) -> Form:
        """The form to show again."""
        return Form(self.values, [FieldError(self._at(error.field), error.message) for error in errors])

    def _at(self, field: str) -> str:
        parts = field.split(".")
        if parts[0] != "lines" or len(parts) < 2 or not parts[1].isdecimal() or int(parts[1]) >= len(self.kept):
            return field
        return ".".join(["lines", str(self.kept[int(parts[1])]), *parts[2:]])


def sums_of(sheet: Sheet, read: Reading) -> tuple[Totals | None, Sequence[FieldError]]:
    """What the invoice would come to, or what is wrong with the figures."""
    known: dict[UUID, Billable] = {line.id: line for line in sheet.lines}
    try:
        form = read.form(InvoiceEdit)
        return reckon(sheet.head, named(form.lines or (), known), form), ()
    except Invalid as refusal:
        return None, refusal.errors


def charge_columns(what: Message) -> list[LineColumn]:
    """The grid of allowances or charges on the whole invoice."""
    return [
        LineColumn("description", what, width="wide"),
        LineColumn("amount", _("Amount"), "number", "narrow"),
        LineColumn("percent", _("or %"), "number", "narrow"),
        LineColumn("tax_category", _("Tax category"), "select", "narrow", [("", "–"), *tax_choices()]),
        LineColumn("tax_rate", _("Tax %"), "number", "narrow"),
    ]
