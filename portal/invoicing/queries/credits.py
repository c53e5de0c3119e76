"""Credit notes: what of an invoice can still be credited, one, and the lists."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, require_seen, scoped
from portal.invoicing.forms import CREDIT_KINDS, CreditLineOut, CreditOut, CreditRow, CreditSumsOut, TaxOut
from portal.invoicing.queries.lists import BUYING, MOST_FOUND, SELLING
from portal.invoicing.queries.one import GUARDED
from portal.invoicing.queries.source import OrderHead, orders_of
from portal.invoicing.queries.told import charges_of, exchange_of, tax_exchange_of
from portal.invoicing.rules.credits import Left, left_of
from portal.invoicing.states import CREDIT_NAMES, C
from portal.invoicing.tables import CreditNote, CreditNoteLine, InvoiceLine
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO, difference
from portal.platform.i18n import _
from portal.platform.money import round_amount
from portal.platform.paging import Bind, Sort, codes, order_of
from portal.platform.refusals import Conflict, NotFound
from portal.platform.scope import visible
from portal.platform.search import patterns
from portal.platform.totals import TaxTotal
from portal.platform.work import View
from portal.shipments.queries import within_orders

TYPE_CODE = "381"
READ = "credit-notes:read"
SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
_COLUMNS = ", ".join(
    f"c.{name}"
    for name in (
        *("id", "number", "version", "kind", "state", "invoice_id", "invoice_number", "buyer_id", "buyer_name"),
        *("supplier_id", "supplier_name", "currency", "net", "tax", "gross", "rounding", "issue_date", "created_at"),
        "submitted_at",
    )
)
_LINES = f"select {', '.join(CreditLineOut.__struct_fields__)} from credit_note_line where credit_note_id = $1"
_MADE = {
    *("type_code", "buyer", "supplier", "totals", "taxes", "allowances", "charges", "exchange", "tax_exchange"),
    *("set_off", "left", "lines"),
}


class CreditFilter(msgspec.Struct):
    """What narrows the list: state codes (commas between them), parties, the invoice, words of its number."""

    state: str | None = None
    kind: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    invoice_id: UUID | None = None
    query: str | None = None


class CreditList(msgspec.Struct):
    """One page of the list, newest first; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[CreditRow]
    newer: str | None
    older: str | None
    found: int = 0


class Earlier(msgspec.Struct):
    """What was credited of an invoice before: its notes and their lines."""

    notes: list[CreditNote]
    lines: list[CreditNoteLine]

    @property
    def taxes(self) -> list[list[TaxTotal]]:
        return [msgspec.convert(note.taxes, list[TaxTotal], strict=False) for note in self.notes]

    def left(self, lines: Sequence[InvoiceLine]) -> list[Left]:
        """What is not credited of each invoice line."""
        return [left_of(line, [each for each in self.lines if each.invoice_line_id == line.id]) for line in lines]


async def credited_before(view: View, invoice_id: UUID, but: UUID | None = None) -> Earlier:
    """All that was sent and not refused."""
    where = "c.invoice_id = $1 and c.state not in ('draft', 'rejected') and c.id is distinct from $2"
    notes = await view.fetch(f"select c.* from credit_note c where {where}", invoice_id, but)
    lines = await view.fetch(
        f"select l.* from credit_note_line l join credit_note c on c.id = l.credit_note_id where {where}",
        *(invoice_id, but),
    )
    return Earlier([CreditNote.of(each) for each in notes], [CreditNoteLine.of(each) for each in lines])


async def left_to_credit(view: View, invoice: Any) -> list[Left]:
    """What of each line of an invoice is not credited."""
    return (await credited_before(view, invoice.id)).left(await lines_of_invoice(view, invoice.id))


async def lines_of_credit(view: View, credit_id: UUID) -> list[CreditNoteLine]:
    records = await view.fetch("select * from credit_note_line where credit_note_id = $1 order by line", credit_id)
    return [CreditNoteLine.of(record) for record in records]


async def lines_of_invoice(view: View, invoice_id: UUID) -> list[InvoiceLine]:
    records = await view.fetch("select * from invoice_line where invoice_id = $1 order by line", invoice_id)
    return [InvoiceLine.of(record) for record in records]


async def seen_credit(view: View, credit_id: UUID, permission: str = READ) -> tuple[CreditNote, list[OrderHead]]:
    """The credit note with the orders of its invoice, at least one of which lies in the reader's part of the company;
    unseen or outside it is 404, not for their role 403."""
    record = await view.one("select * from credit_note where id = $1", credit_id)
    if record is None:
        raise NotFound()
    note = CreditNote.of(record)
    orders = await orders_of(view, note.invoice_id)
    if not any(allowed(view.actor, permission, order) for order in orders):
        require_seen(view.actor, permission, orders[0])
    return note, orders


async def credit_row(view: View, credit_id: UUID) -> CreditNote:
    """The credit note's row for its reader."""
    return (await seen_credit(view, credit_id))[0]


async def credit_out(view: View, credit_id: UUID) -> CreditOut:
    """One credit note with its lines; prices hidden from who may not see them."""
    note, _orders = await seen_credit(view, credit_id)
    return await credit_out_of(view, note)


async def credit_out_of(view: View, note: CreditNote) -> CreditOut:
    """The same for one whose row is at hand."""
    lines = await view.structs(CreditLineOut, f"{_LINES} order by line", note.id)
    own = {name: getattr(note, name) for name in CreditOut.__struct_fields__ if name not in _MADE}
    out = CreditOut(
        **own,
        **_parties(note),
        taxes=[TaxOut(row.category, row.rate, row.base, row.tax) for row in _taxes(note)],
        allowances=charges_of(note.allowances),
        charges=charges_of(note.charges),
        exchange=exchange_of(note) if view.actor.organisation_id == note.buyer_id else None,
        tax_exchange=tax_exchange_of(note),
        set_off=round_amount(note.set_off, note.currency),
        left=round_amount(ZERO if note.state == C.SETTLED else difference(note.due, note.set_off), note.currency),
        lines=lines,
    )
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))


async def credits(
    view: View,
    chosen: CreditFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = False,
) -> CreditList:
    """One page of the credit notes of the reader's side that lie in the reader's part of the company."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    after, ending = order.sql("c", bind, limit)
    side = _side(view.actor, chosen)
    where = " and ".join([mine(view.actor, side, bind), *_narrowed(chosen, bind, side)])
    all_of_it = f"select count(*) from (select from credit_note c where {where} limit {MOST_FOUND + 1}) n"
    columns = f"{_COLUMNS}, ({all_of_it if counted else 'select 0'}) as found"
    records = await view.fetch(f"select {columns} from credit_note c where {where} and {after} {ending}", *bind.values)
    page = order.turned(records, limit, lambda record: record["created_at"])
    rows = [_row(view.actor, record) for record in page.rows]
    return CreditList(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def credits_of_invoice(view: View, invoice: Any) -> list[CreditRow]:
    """All that the reader may see of an invoice's, oldest first."""
    records = await view.fetch(
        f"select {_COLUMNS} from credit_note c where c.invoice_id = $1 order by c.created_at limit 200", invoice.id
    )
    return [_row(view.actor, record) for record in records]


class Waits(NamedTuple):
    """A credit note that waits for somebody, and what of it is not set off; None to who sees no prices."""

    note: CreditRow
    amount: Decimal | None


async def waiting_credits(view: View, condition: str, *, side: str, limit: int = 8) -> tuple[int, list[Waits]]:
    """A work queue: how many wait (counted up to 1,000), and the oldest of them."""
    bind = Bind(view.actor.organisation_id)
    sql = (
        f"with waiting as (select {_COLUMNS}, c.gross + c.rounding - c.set_off as rest from credit_note c "
        f"where {mine(view.actor, side, bind)} and {condition} limit 1000) "
        f"select *, count(*) over () as waiting from waiting order by created_at limit {limit}"
    )
    records = await view.fetch(sql, *bind.values)
    rows = [_row(view.actor, record) for record in records]
    left = [None if row.totals.gross is None else record["rest"] for row, record in zip(rows, records, strict=True)]
    return (records[0]["waiting"] if records else 0), [Waits(*each) for each in zip(rows, left, strict=True)]


async def snapshot_of_credit(view: View, credit_id: UUID) -> dict[str, Any]:
    """The credit note as it was sent; a draft has none."""
    await seen_credit(view, credit_id)
    snapshot = await view.value("select snapshot from credit_note_snapshot where credit_note_id = $1", credit_id)
    if snapshot is None:
        raise Conflict(_("This credit note was not sent yet, so there is no document of it."), subject_id=credit_id)
    return snapshot


def _taxes(note: CreditNote) -> list[TaxTotal]:
    return msgspec.convert(note.taxes, list[TaxTotal], strict=False)


def sells_credits(actor: Actor, chosen: CreditFilter) -> bool:
    """Whether the list is that of the supplier's side."""
    return _side(actor, chosen) == SELLING


def _side(actor: Actor, chosen: CreditFilter) -> str:
    """Who is both buyer and supplier reads as supplier where it says so, else as buyer."""
    if not actor.is_buyer:
        return SELLING
    return SELLING if actor.is_supplier and chosen.supplier_id == actor.organisation_id else BUYING


def mine(actor: Actor, side: str, bind: Bind) -> str:
    """The credit notes that the reader's role reaches: one of the orders they credit lies in its scope."""
    lines = "select from credit_note_line l join purchase_order o on o.id = l.order_id where l.credit_note_id = c.id"
    return f"c.{side} = $1 and {within_orders(scoped(actor, READ, 'o', bind), lines)}"


def _narrowed(chosen: CreditFilter, bind: Bind, side: str) -> list[str]:
    equal = ("supplier_id", "buyer_id", "invoice_id")
    parts = [f"c.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    for name, known in (("state", CREDIT_NAMES), ("kind", CREDIT_KINDS)):
        if chosen_codes := codes(name, getattr(chosen, name), known):
            parts.append(f"c.{name} = any({bind(chosen_codes)}::text[])")
    if words := patterns(chosen.query or ""):
        of_side = "supplier" if side == SELLING else "buyer"
        parts.append(f"c.id in (select portal.find_credit_notes({bind(words)}, {bind(of_side)}, {MOST_FOUND}))")
    return parts


def _row(actor: Actor, record: Any) -> CreditRow:
    own = {name: record[name] for name in CreditRow.__struct_fields__ if name not in _MADE}
    row = CreditRow(**own, **_parties(record))
    return visible(row, GUARDED, lambda permission: allowed(actor, permission))


def _parties(of: Any) -> dict[str, Any]:
    one = of if isinstance(of, CreditNote) else CreditNote.of(of)
    return {
        "type_code": TYPE_CODE,
        "buyer": PartyOut(one.buyer_id, one.buyer_name),
        "supplier": PartyOut(one.supplier_id, one.supplier_name),
        "totals": CreditSumsOut(one.net, one.tax, one.gross, round_amount(one.rounding, one.currency), one.due),
    }
