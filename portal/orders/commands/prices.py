"""What a line costs that names an item: a contract's price comes before the supplier's list, a typed one before both.

A line that takes over a contract's price is ordered under it; one at another price is not, unless the whole order is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.catalogue.queries import Needed, Offered, offered_again
from portal.contracts.queries import OFFERED, Asked, Offer, in_basis, offer_of, winner
from portal.orders.forms import OrderLineForm
from portal.orders.tables import PurchaseOrder
from portal.platform.calendar import local_date
from portal.platform.decimals import ONE, ZERO
from portal.platform.i18n import _
from portal.platform.refusals import FieldError
from portal.platform.work import Change

NO_PRICE = _("No contract and no price list has a price for so much of this item. Enter one.")
_ITEMS = f"""
select i.id as item_id, i.number as item_number, i.category, t.* from item i
left join lateral ({OFFERED.format(buyer="$2", supplier="$3")}) t on true where i.id = any($1)
"""
_IN_FORCE = """
select exists (select from contract c join organisation o on o.id = c.buyer_id where c.id = $1 and c.buyer_id = $2
  and c.supplier_id = $3 and c.state = 'active' and c.amends_id is null
  and (portal.now() at time zone o.time_zone)::date between c.valid_from and c.valid_to)
"""


class Items(NamedTuple):
    """What is known of the items of some lines, at a time, and what lists ask for those lines that have no price."""

    at: datetime
    today: date
    numbers: Mapping[UUID, str]
    categories: frozenset[str]
    offers: Mapping[UUID, Sequence[Offer]]
    lists: Mapping[Needed, Offered]


class Priced(NamedTuple):
    """A line's price in its basis, and what of a contract it goes by."""

    unit_price: Decimal
    base_quantity: Decimal
    price_unit: str
    contract_id: UUID | None = None
    term_id: UUID | None = None
    contract_price: Decimal | None = None
    priced_at: datetime | None = None


async def items_of(change: Change, order: PurchaseOrder, forms: Sequence[OrderLineForm]) -> Items:
    """The items of these lines with what contracts in force ask for them, in one statement; lists only where needed."""
    wanted = [form.item_id for form in forms if form.item_id is not None]
    found = await change.fetch(_ITEMS, wanted, order.buyer_id, order.supplier_id) if wanted else []
    offers: dict[UUID, list[Offer]] = {}
    for record in found:
        if record["id"] is not None and order.contract_id in (None, record["contract_id"]):
            offers.setdefault(record["item_id"], []).append(offer_of(record))
    today = local_date(change.now, change.actor.time_zone)
    bare = [
        Needed(form.item_id, form.quantity, form.unit)
        for form in forms
        if form.unit_price is None and form.item_id and not _won(order, form, offers, today)
    ]
    return Items(
        at=change.now,
        today=today,
        numbers={record["item_id"]: record["item_number"] for record in found},
        categories=frozenset(record["category"] for record in found if record["category"]),
        offers=offers,
        lists=await offered_again(change, bare, order.supplier_id, order.currency) if bare else {},
    )


def price_of(order: PurchaseOrder, form: OrderLineForm, items: Items) -> Priced | None:
    """What the line costs, or None where nothing says so. Raises `Incompatible` for a unit that has no such price."""
    won = _won(order, form, items.offers, items.today)
    basis = _basis(form, won, items)
    if basis is None:
        return None
    priced = Priced(*basis, contract_id=order.contract_id, priced_at=items.at if form.item_id else None)
    if won is None:
        return priced
    asked = in_basis(won, priced.base_quantity, priced.price_unit)
    takes = priced.unit_price == asked and not form.discount
    under = won.contract_id if takes else order.contract_id
    return priced._replace(contract_id=under, term_id=won.id, contract_price=asked)


async def require_in_force(change: Change, form: Any, errors: list[FieldError]) -> None:
    """Note where somebody orders under a contract that is not in force with this supplier."""
    if form.contract_id is None:
        return
    if not await change.value(_IN_FORCE, form.contract_id, change.actor.organisation_id, form.supplier_id):
        errors.append(FieldError("contract_id", _("This contract is not in force with this supplier.")))


def without_terms(order: PurchaseOrder, lines: Iterable[Any]) -> None:
    """A price that was turned into another currency is no contract's."""
    for line in lines:
        line.contract_id, line.term_id = order.contract_id, None
        line.contract_price = None


def _won(
    order: PurchaseOrder, form: OrderLineForm, offers: Mapping[UUID, Sequence[Offer]], today: date
) -> Offer | None:
    """The term of a contract that holds for the line; what is free of charge has none."""
    if form.item_id is None or form.free_of_charge:
        return None
    asked = Asked(form.quantity, form.unit, order.currency, today, form.requested_date)
    return winner(offers.get(form.item_id, ()), asked)


def _basis(form: OrderLineForm, won: Offer | None, items: Items) -> tuple[Decimal, Decimal, str] | None:
    """The price with what it is for: as it was typed, else as who offers it says, unless the line says otherwise."""
    base, unit = form.base_quantity or ONE, form.price_unit or form.unit
    if form.unit_price is not None:
        return form.unit_price, base, unit
    if form.free_of_charge:
        return ZERO, base, unit
    own = form.base_quantity is not None or form.price_unit is not None
    if won is not None:
        return (in_basis(won, base, unit), base, unit) if own else (won.unit_price, won.base_quantity, won.unit)
    assert form.item_id is not None, "a line without an item has a price"
    listed = items.lists.get(Needed(form.item_id, form.quantity, form.unit))
    if listed is None or listed.unit_price is None or listed.price_unit is None:
        return None
    return listed.unit_price, listed.base_quantity or ONE, listed.price_unit
