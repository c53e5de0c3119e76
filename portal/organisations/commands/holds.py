"""Holding a supplier: its orders, its invoices or its payments, each until the end of a day. A hold acts at once."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from portal.organisations.events import (
    InvoicesHeld,
    InvoicesReleased,
    OrdersHeld,
    OrdersReleased,
    PaymentsHeld,
    PaymentsReleased,
)
from portal.organisations.forms import SupplierHoldForm
from portal.organisations.queries import own_today
from portal.organisations.tables import TradingRelationship
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing

_HELD: Final[Mapping[str, Callable[[UUID, date], Any]]] = {
    "orders": OrdersHeld,
    "invoices": InvoicesHeld,
    "payments": PaymentsHeld,
}
_RELEASED: Final[Mapping[str, Callable[[UUID], Any]]] = {
    "orders": OrdersReleased,
    "invoices": InvoicesReleased,
    "payments": PaymentsReleased,
}


async def hold_supplier(actor: Actor, supplier_id: UUID, what: str, form: SupplierHoldForm) -> TradingRelationship:
    """Hold orders, invoices or payments until the end of a day; the supplier is told that, and never why.

    A hold that is there already gets the new day and reason.
    """
    async with changing(actor) as change:
        relationship = await _of(change, supplier_id, what)
        if form.until < await own_today(change):
            raise Invalid.field("until", _("A hold ends today at the earliest."))
        setattr(relationship, f"{what}_held_until", form.until)
        relationship.hold_reasons = {**relationship.hold_reasons, what: form.reason}
        change.write(relationship)
        change.record(_HELD[what](relationship.id, form.until), relationship)
    return relationship


async def release_supplier(actor: Actor, supplier_id: UUID, what: str) -> TradingRelationship:
    """End a hold before its day."""
    async with changing(actor) as change:
        relationship = await _of(change, supplier_id, what)
        until = getattr(relationship, f"{what}_held_until")
        if until is None or until < await own_today(change):
            raise Conflict(_("This is not held."))
        setattr(relationship, f"{what}_held_until", None)
        relationship.hold_reasons = {name: why for name, why in relationship.hold_reasons.items() if name != what}
        change.write(relationship)
        change.record(_RELEASED[what](relationship.id), relationship)
    return relationship


async def _of(change: Change, supplier_id: UUID, what: str) -> TradingRelationship:
    """The buyer's own relationship, locked."""
    change.require("suppliers:hold")
    if what not in _HELD:
        raise NotFound()
    condition = "buyer_id = $1 and supplier_id = $2 for no key update"
    found = await change.rows(TradingRelationship, condition, change.actor.organisation_id, supplier_id)
    if not found:
        raise NotFound()
    return found[0]
