"""Entering and changing a draft."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.access.duties import separate
from portal.orders.commands.lines import lines_of, set_totals
from portal.orders.events import OrderCreated, OrderEdited
from portal.orders.forms import OrderEdit, OrderForm, OrderLineForm
from portal.orders.rules import SERVICES, net_of
from portal.orders.states import S
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.organisations.queries import Terms, terms, terms_named
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import HUNDRED, ONE, ZERO
from portal.platform.i18n import Message, _
from portal.platform.ids import new_id
from portal.platform.money import AmountTooLarge
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.totals import rate_problem
from portal.platform.units import Incompatible, convert, short
from portal.platform.work import Change, changing

_SEARCHED = 4000
_PLAIN = ("note", "internal_note", "cost_centre", "purchasing_group", "incoterm")


async def create(actor: Actor, form: OrderForm, *, copy_of: UUID | None = None) -> PurchaseOrder:
    """Enter a draft: all of it checked at once, with totals by tax rate and the buyer's next order number.

    `copy_of` is the order that is ordered again.
    """
    async with changing(actor) as change:
        agreed = await terms(change, actor.organisation_id, form.supplier_id)
        errors = list(_header_problems(form, agreed))
        order = _begun(change, form, agreed)
        order.copy_of = copy_of
        if agreed is not None:
            await _set_terms(change, order, form.payment_terms or "", agreed)
        await _set_place(change, order, form, errors)
        rows = await _rows(change, order, form.lines, errors)
        if agreed is None or errors:
            raise Invalid(errors=errors)
        change.require("orders:create", order)
        if (stop := agreed.stopped("enter")) is not None:
            raise Conflict(stop)
        lines = _write_lines(change, rows)
        _set_sums(order, lines)
        order.number = await change.number("PO", local_date(change.now, agreed.buyer.time_zone).year)
        order.search = _searched(order, lines)
        change.add(order)
        await separate(change, "orders:create", order.id)
        change.record(OrderCreated(order.id, order.supplier_id), order)
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
        if form.currency is not None:
            order.currency = form.currency
        if form.payment_terms is not None and form.payment_terms != order.terms.get("name"):
            agreed = await terms(change, order.buyer_id, order.supplier_id)
            assert agreed is not None, "an order always has its trading relationship"
            await _set_terms(change, order, form.payment_terms, agreed)
        errors: list[FieldError] = []
        if form.ship_to is not None or form.site_id is not None:
            await _set_place(change, order, form, errors)
        old = await lines_of(change, order.id)
        rows = [] if form.lines is None else await _rows(change, order, form.lines, errors)
        if errors:
            raise Invalid(errors=errors)
        change.require("orders:edit", order)
        if form.lines is None:
            lines: Sequence[Any] = _priced_again(change, order, old)
        else:
            change.remove_all(old)
            await change.fetch("delete from purchase_order_line where order_id = $1", order.id)
            lines = _write_lines(change, rows)
        _set_sums(order, lines)
        order.search = _searched(order, lines)
        change.write(order)
        await separate(change, "orders:edit", order.id)
        change.record(OrderEdited(order.id), order)
    return order


def _header_problems(form: OrderForm, agreed: Terms | None) -> Iterator[FieldError]:
    if agreed is None:
        yield FieldError("supplier_id", _("This is not one of your suppliers. Choose one from your list."))
    if form.contract_id is not None:
        yield FieldError("contract_id", _("There are no contracts here yet. Leave this empty."))


def _begun(change: Change, form: OrderForm, agreed: Terms | None) -> PurchaseOrder:
    order = PurchaseOrder(
        id=new_id(),
        buyer_id=change.actor.organisation_id,
        supplier_id=form.supplier_id,
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
    site = await change.one(
        "select id, name, address from site where organisation_id = $1 and ($2::uuid is null or id = $2) "
        "order by is_default desc, name limit 1",
        change.actor.organisation_id,
        form.site_id,
    )
    if site is None and form.site_id is not None:
        errors.append(FieldError("site_id", _("This is not one of your sites.")))
    order.site_id = site["id"] if site else None
    if form.ship_to is not None:
        order.ship_to = {name: value for name, value in msgspec.to_builtins(form.ship_to).items() if value}
    elif site is not None:
        order.ship_to = {"name": site["name"], **site["address"]}


async def _rows(
    change: Change, order: PurchaseOrder, forms: Sequence[OrderLineForm], errors: list[FieldError]
) -> list[dict[str, Any]]:
    """The lines to write, less those whose problems were added to `errors`; the order notes their categories."""
    wanted = [form.item_id for form in forms if form.item_id is not None]
    found = await change.fetch("select id, number, category from item where id = any($1)", wanted) if wanted else []
    order.categories = sorted({item["category"] for item in found if item["category"]})
    known = {item["id"]: item["number"] for item in found}
    lines = [_line(order, number, form, known, errors) for number, form in enumerate(forms, start=1)]
    return [line for line in lines if line is not None]


def _write_lines(change: Change, rows: Sequence[dict[str, Any]]) -> Sequence[Any]:
    added = change.add_all(PurchaseOrderLine, rows)
    change.add_all(ScheduleLine, [_schedule(row) for row in rows])
    return added


def _line(
    order: PurchaseOrder, number: int, form: OrderLineForm, known: dict[UUID, str], errors: list[FieldError]
) -> dict[str, Any] | None:
    """The row of one line, or None after its problems were added to `errors`."""
    before, at = len(errors), f"lines.{number - 1}"
    if form.item_id is not None and form.item_id not in known:
        errors.append(FieldError(f"{at}.item_id", _("This is not one of your items.")))
    if wrong := rate_problem(form.tax_category, form.tax_rate):
        errors.append(FieldError(f"{at}.tax_rate", wrong))
    errors += [FieldError(f"{at}.{name}", message) for name, message in _of_service(form)]
    row = _row(order, number, form, known)
    try:
        row["price_factor"] = convert(ONE, form.unit, row["price_unit"])
        row["net"] = net_of(PurchaseOrderLine.of(row), order.currency)
        if (row["net"] == ZERO) != form.free_of_charge:
            wrong = (f"{at}.free_of_charge", _NOT_FREE) if form.free_of_charge else (f"{at}.{_made_free(form)}", _FREE)
            errors.append(FieldError(*wrong))
    except Incompatible:
        errors.append(
            FieldError(
                f"{at}.price_unit",
                _(
                    "A quantity in {unit} has no price per {other}.",
                    unit=short(form.unit),
                    other=short(row["price_unit"]),
                ),
            )
        )
    except AmountTooLarge as error:
        errors.append(FieldError(f"{at}.unit_price", error.message))
    return row if len(errors) == before else None


def _of_service(form: OrderLineForm) -> Iterator[tuple[str, Message]]:
    """Period and contact are of what is performed, and a period ends after it begins."""
    if form.kind not in SERVICES:
        for name in ("performed_from", "performed_until", "contact"):
            if getattr(form, name) is not None:
                yield name, _("Only services have a period and a contact.")
    elif form.performed_from and form.performed_until and form.performed_until < form.performed_from:
        yield "performed_until", _("A period ends on the day it begins or later.")


_NOT_FREE = _("This line costs something: take the mark “free of charge” away, or set its price to 0.")
_FREE = _("This line comes to 0: that needs the mark “free of charge”.")


def _made_free(form: OrderLineForm) -> str:
    """The field by which a line comes to nothing."""
    if form.discount == HUNDRED:
        return "discount"
    return "base_quantity" if form.unit_price > ZERO and form.base_quantity is not None else "unit_price"


def _row(order: PurchaseOrder, number: int, form: OrderLineForm, known: dict[UUID, str]) -> dict[str, Any]:
    place = msgspec.to_builtins(form.ship_to) if form.ship_to else None
    return {
        "id": new_id(),
        "order_id": order.id,
        "buyer_id": order.buyer_id,
        "supplier_id": order.supplier_id,
        "line": number,
        "kind": form.kind,
        "item_id": form.item_id,
        "item_number": known.get(form.item_id, "") if form.item_id else "",
        "description": form.description,
        "quantity": form.quantity,
        "unit": form.unit,
        "unit_price": form.unit_price,
        "base_quantity": form.base_quantity or ONE,
        "price_unit": form.price_unit or form.unit,
        "price_factor": ONE,
        "discount": form.discount or ZERO,
        "net": ZERO,
        "tax_category": form.tax_category,
        "tax_rate": form.tax_rate,
        "requested_date": form.requested_date,
        "ship_to": place,
        "free_of_charge": form.free_of_charge,
        "match_basis": form.match_basis,
        "performed_from": form.performed_from,
        "performed_until": form.performed_until,
        "contact": form.contact or "",
    }


def _schedule(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "line_id": line["id"],
        "sequence": 1,
        **{name: line[name] for name in ("order_id", "buyer_id", "supplier_id", "quantity", "requested_date")},
    }


def _priced_again(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]
) -> Sequence[PurchaseOrderLine]:
    """Another currency may have fewer decimals."""
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


def _searched(order: PurchaseOrder, lines: Sequence[Any]) -> str:
    words = [order.number, order.supplier_name, order.buyer_name, order.note]
    words += [word for line in lines for word in (line.item_number, line.description)]
    return " ".join(words).lower()[:_SEARCHED]
