"""Situations that suppliers are scored by: a promise, goods that come on a day, an invoice that is matched.

Deliveries and invoices are recorded as their own capabilities record them, without a despatch advice or a page.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.invoicing.events import InvoicedLine, InvoiceMatched
from portal.orders import commands as orders
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.organisations.events import SupplierApproved
from portal.organisations.tables import TradingRelationship
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.convert import convert
from portal.platform.database import _clock, set_clock
from portal.platform.ids import new_id
from portal.platform.work import Change, changing, viewing
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from portal.scorecards import queries
from portal.scorecards.commands import adopt_orders
from portal.scorecards.rules import Figure, Score
from tests.harness.world import Organised, answer, issued_order, line

BERLIN = ZoneInfo("Europe/Berlin")


def noon(day: date, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.combine(day, time(12), zone)


async def promised_order(company: Organised, supplier: Organised, wanted: date, **changes: Any) -> PurchaseOrder:
    """One line of 10, wanted on a day and accepted as it is."""
    order = await issued_order(company, supplier, line(requested_date=wanted.isoformat(), **changes))
    return (await orders.respond(supplier.order_desk, order.id, answer("AP"))).order


async def countered(company: Organised, supplier: Organised, order_id: UUID, *lines: dict[str, Any]) -> None:
    """The supplier offers something else, and the buyer's side agrees."""
    given = await orders.respond(supplier.order_desk, order_id, answer("CA", *lines))
    if given.response.state == "pending":
        await orders.accept_counter_offer(company.approver, order_id, given.response.id)


async def received(
    company: Organised, order_id: UUID, accepted: int | str, rejected: int | str = 0, *, at: datetime, number: int = 1
) -> UUID:
    """Goods of one line came at that moment, which is now if it is still to come; returns the receipt's id."""
    async with viewing(company.receiver) as view:
        line_id = await view.value(
            "select id from purchase_order_line where order_id = $1 and line = $2", order_id, number
        )
    told = {"order_line_id": str(line_id), "accepted": str(accepted), "rejected": str(rejected)}
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    with _not_before(at):
        form = convert(ReceiptForm, {"lines": [told], "delivered_at": moment})
        return (await receipts.create(company.receiver, form)).id


@contextmanager
def _not_before(moment: datetime) -> Iterator[None]:
    """Nobody books what has not come: the clock goes on to that moment where it is behind it."""
    with on(max(_clock.get() or datetime.now(UTC), moment)):
        yield


@contextmanager
def on(moment: datetime) -> Iterator[None]:
    """What is done here is done at that moment."""
    before = _clock.get()
    set_clock(moment)
    try:
        yield
    finally:
        set_clock(before)


async def reversed_receipt(company: Organised, receipt_id: UUID) -> None:
    await receipts.reverse(company.receiver, receipt_id, "Counted the wrong pallet")


async def invoiced(
    actor: Actor, order_id: UUID, quantity: int, price: str, *, matched: bool = True, invoice_id: UUID | None = None
) -> UUID:
    """The first line was invoiced at that price, and the invoice was matched; an invoice may be of several orders."""
    invoice = invoice_id or new_id()
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        line_id = await change.value("select id from purchase_order_line where order_id = $1 and line = 1", order_id)
        net = Decimal(quantity) * Decimal(price)
        asked = InvoicedLine(line_id, Decimal(quantity), Decimal(price), Decimal(1), net, 0 if matched else 1)
        change.record(InvoiceMatched(invoice, order_id, matched, (asked,)), order)
    return invoice


async def facts_of(actor: Actor, order_id: UUID) -> list[Any]:
    """The facts of an order as its reader may see them, in the order of its lines."""
    async with viewing(actor) as view:
        return await view.fetch("select * from schedule_fact where order_id = $1 order by line, sequence", order_id)


async def score_in(company: Organised, supplier: Organised, month: Month | date | str) -> Score:
    """The score as the buyer sees it in the month (of a day), or in any other period."""
    code = str(Month.of(month)) if isinstance(month, date) else str(month)
    async with viewing(company.supplier_manager) as view:
        pair = await queries.pair_of(view, supplier.id)
        return await queries.score(view, pair, pair.period(code))


async def figure_in(
    company: Organised, supplier: Organised, month: Month | date | str, criterion: str
) -> Figure | None:
    return (await score_in(company, supplier, month)).figures.get(criterion)


async def kept(company: Organised, supplier: Organised, day: date, bases: Sequence[str] = ("requested",)) -> list[Any]:
    """(lines in time, lines judged) by basis, in the month of the day; None where nothing is judged."""
    scored = await score_in(company, supplier, day)
    found = [scored.figures.get(f"on_time_{basis}") for basis in bases]
    return [None if figure is None else (int(figure.achieved), int(figure.base)) for figure in found]


async def imported_orders(
    company: Organised, supplier: Organised, *orders_: Sequence[tuple[int, int, int]], state: str = "closed"
) -> list[UUID]:
    """Orders that came with their history, (ordered, received, rejected) a line, and were given facts."""
    identities = [new_id() for _order in orders_]
    async with changing(company.supplier_manager) as change:
        for number, (identity, given) in enumerate(zip(identities, orders_, strict=True)):
            _add_imported(change, company, supplier, identity, f"OLD-{identity.hex[-10:]}-{number}", state, given)
        await adopt_orders(change)
        change.record(SupplierApproved(supplier.id), await _relationship(change, company, supplier))
    return identities


async def adopted_again(company: Organised, supplier: Organised) -> None:
    async with changing(company.supplier_manager) as change:
        await adopt_orders(change)
        change.record(SupplierApproved(supplier.id), await _relationship(change, company, supplier))


async def _relationship(change: Change, company: Organised, supplier: Organised) -> TradingRelationship:
    found = await change.rows(TradingRelationship, "buyer_id = $1 and supplier_id = $2", company.id, supplier.id)
    return found[0]


def _add_imported(
    change: Change,
    company: Organised,
    supplier: Organised,
    identity: UUID,
    number: str,
    state: str,
    given: Sequence[tuple[int, int, int]],
) -> None:
    parties: dict[str, Any] = {
        "buyer_id": company.id,
        "supplier_id": supplier.id,
        "shown_to": None if state == "approved" else supplier.id,
    }
    names: dict[str, Any] = {
        "buyer_name": company.name,
        "supplier_name": supplier.name,
        "number": number,
        "currency": "USD",
        "terms": {},
        "tolerances": {},
    }
    entered = datetime(2025, 3, 1, tzinfo=BERLIN)
    change.add(
        PurchaseOrder(id=identity, state=state, source={"file": "orders.csv"}, created_at=entered, **parties, **names)
    )
    for place, (ordered, came, bad) in enumerate(given, start=1):
        asked = {"quantity": Decimal(ordered), "requested_date": date(2025, 3, 10 + place)}
        frozen: dict[str, Any] = {"match_basis": "four_way", "tolerances": {}, "closed_before": []}
        came_in = {"received": Decimal(came), "rejected": Decimal(bad), "accepted": Decimal(came - bad)}
        priced = {"unit": "C62", "price_unit": "C62", "unit_price": Decimal(5), "net": Decimal(5 * ordered)}
        taxed = {"tax_category": "Z", "tax_rate": Decimal(0), "description": "Ball bearing"}
        written = change.add(
            PurchaseOrderLine(
                id=new_id(), order_id=identity, line=place, **parties, **asked, **came_in, **priced, **taxed, **frozen
            )
        )
        change.add(ScheduleLine(id=new_id(), order_id=identity, line_id=written.id, sequence=1, **parties, **asked))
