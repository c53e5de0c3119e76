"""Entering and changing a draft."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.access.duties import separate
from portal.orders.commands.entry import rows_entered, schedule_row
from portal.orders.commands.lines import lines_of, set_totals
from portal.orders.commands.prices import require_in_force, without_terms
from portal.orders.events import OrderCreated, OrderEdited
from portal.orders.forms import OrderEdit, OrderForm
from portal.orders.queries.parts import LINES, RESPONSES
from portal.orders.rules import net_of
from portal.orders.states import S
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.organisations.queries import SITE, TERMS, Terms, terms, terms_named
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.money import AmountTooLarge
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing

_SEARCHED = 4000
_PLAIN = ("note", "internal_note", "cost_centre", "purchasing_group", "incoterm")


async def create(actor: Actor, form: OrderForm, *, copy_of: UUID | None = None) -> PurchaseOrder:
    """Enter a draft: all of it checked at once, with totals by tax rate and the buyer's next order number.

    `copy_of` is the order that is ordered again.
    """
    parts = (TERMS.of(actor.organisation_id, form.supplier_id, None), SITE.of(actor.organisation_id, form.site_id))
    async with changing(actor, *parts) as change:
        agreed = await terms(change, actor.organisation_id, form.supplier_id)
        errors = list(_header_problems(agreed))
        await require_in_force(change, form, errors)
        order = _begun(change, form, agreed)
        order.copy_of = copy_of
        if agreed is not None:
            await _set_terms(change, order, form.payment_terms or "", agreed)
        await _set_place(change, order, form, errors)
        rows = await rows_entered(change, order, form.lines, errors)
        if agreed is None or errors:
            raise Invalid(errors=errors)
        change.require("orders:create", order)
        if (stop := agreed.stopped("enter")) is not None:
            raise Conflict(stop)
        lines = _write_lines(change, rows)
        _set_sums(order, lines)
        order.number = await change.number("PO", local_date(change.now, agreed.buyer.time_zone).year)
        order.search = searched(order, lines)
        change.add(order)
        await separate(change, "orders:create", order.id, begins=True)
        change.record(OrderCreated(order.id, order.supplier_id), order)
        change.keep(LINES.of(order.id), lines)
        change.keep(RESPONSES.of(order.id), [])
    return order


async def edit(actor: Actor, order_id: UUID, form: OrderEdit) -> PurchaseOrder:
    """Change a draft: what the form leaves out stays; lines are replaced as a whole.

    It must lie in the actor's scope before and after.
    """
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        change.require("orders:edit", order)
        if order.state != S.DRAFT:
            raise Conflict(
                _("Only a draft can be edited. Ask the approver to return it, or cancel it."), subject_id=order.id
            )
        _set_plain(order, form)
        if form.tolerances is not None:
            order.tolerances = form.tolerances.kept()
        moved = form.currency not in (None, order.currency)
        order.currency = form.currency or order.currency
        if form.payment_terms is not None and form.payment_terms != order.terms.get("name"):
            agreed = await terms(change, order.buyer_id, order.supplier_id)
            assert agreed is not None, "an order always has its trading relationship"
            await _set_terms(change, order, form.payment_terms, agreed)
        errors: list[FieldError] = []
        if form.ship_to is not None or form.site_id is not None:
            await _set_place(change, order, form, errors)
        old = await lines_of(change, order.id)
        rows = [] if form.lines is None else await rows_entered(change, order, form.lines, errors)
        if errors:
            raise Invalid(errors=errors)
        change.require("orders:edit", order)
        if form.lines is None:
            lines: Sequence[Any] = _priced_again(change, order, old, moved)
        else:
            change.remove_all(old)
            await change.fetch("delete from purchase_order_line where order_id = $1", order.id)
            lines = _write_lines(change, rows)
        _set_sums(order, lines)
        order.search = searched(order, lines)
        change.write(order)
        await separate(change, "orders:edit", order.id)
        change.record(OrderEdited(order.id), order)
    return order


def _header_problems(agreed: Terms | None) -> Iterator[FieldError]:
    if agreed is None:
        yield FieldError("supplier_id", _("This is not one of your suppliers. Choose one from your list."))


def _begun(change: Change, form: OrderForm, agreed: Terms | None) -> PurchaseOrder:
    order = PurchaseOrder(
        id=new_id(),
        buyer_id=change.actor.organisation_id,
        supplier_id=form.supplier_id,
        contract_id=form.contract_id,
        kind=form.kind,
        currency=form.currency,
        terms={},
        tolerances=form.tolerances.kept() if form.tolerances else {},
        created_by=change.actor.person_id,
        created_at=change.now,
    )
    _set_plain(order, form, default="")
    if agreed is not None:
        order.buyer_name, order.supplier_name = agreed.buyer.name, agreed.supplier.name
    return order


async def _set_terms(change: Change, order: PurchaseOrder, named: str, agreed: Terms) -> None:
    """The terms of that name that the company offers, else those agreed with the supplier; other words stand beside
    the latter and do not change when payment is due."""
    order.payment_days, order.terms = agreed.payment_days, agreed.terms
    order.payment_terms = named or agreed.payment_terms
    if named not in ("", agreed.payment_terms) and (chosen := await terms_named(change, named)) is not None:
        order.payment_terms, order.payment_days, order.terms = chosen["name"], chosen["days"], chosen


def _set_plain(order: PurchaseOrder, form: OrderForm | OrderEdit, default: str | None = None) -> None:
    for name in _PLAIN:
        value = getattr(form, name)
        if value is not None or default is not None:
            setattr(order, name, value if value is not None else default)


async def _set_place(
    change: Change, order: PurchaseOrder, form: OrderForm | OrderEdit, errors: list[FieldError]
) -> None:
    """The address goods go to: as entered, else the chosen site's, else the default site's."""
    site = await change.part(SITE, change.actor.organisation_id, form.site_id)
    if site is None and form.site_id is not None:
        errors.append(FieldError("site_id", _("This is not one of your sites.")))
    order.site_id = site.id if site else None
    if form.ship_to is not None:
        order.ship_to = {name: value for name, value in msgspec.to_builtins(form.ship_to).items() if value}
    elif site is not None:
        order.ship_to = {"name": site.name, **site.address}


def _write_lines(change: Change, rows: Sequence[dict[str, Any]]) -> Sequence[Any]:
    added = change.add_all(PurchaseOrderLine, rows)
    change.add_all(ScheduleLine, [schedule_row(row) for row in rows])
    return added


def _priced_again(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], moved: bool
) -> Sequence[PurchaseOrderLine]:
    """Another currency may have fewer decimals, and no price in it is a contract's."""
    if moved:
        without_terms(order, lines)
    for line in lines:
        line.net = net_of(line, order.currency)
    change.write_all(lines)
    return lines


def _set_sums(order: PurchaseOrder, lines: Sequence[Any]) -> None:
    try:
        set_totals(order, lines)
    except AmountTooLarge as error:
        raise Invalid.field("lines", error.message) from error
    order.requested_date = min((line.requested_date for line in lines if line.requested_date), default=None)


def searched(order: PurchaseOrder, lines: Sequence[Any]) -> str:
    words = [order.number, order.supplier_name, order.buyer_name, order.note]
    words += [word for line in lines for word in (line.item_number, line.description)]
    return " ".join(words).lower()[:_SEARCHED]
