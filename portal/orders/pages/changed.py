"""A change of an order for people: what differs in words and formats, and which of it the reader may decide."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from portal.access.guards import allowed
from portal.orders.forms import ChangeOut, DifferenceOut, OrderOut
from portal.orders.states import CHANGE
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.web.parts import Action

FIELDS: dict[str, Message] = {
    "note": _("Note"),
    "ship_to": _("Ship to"),
    "payment_terms": _("Payment terms"),
    "incoterm": _("Incoterm"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "discount": _("Discount"),
    "requested_date": _("Wanted by"),
    "promised_date": _("Delivery on"),
    "substitute_item": _("Substitute"),
    "description": _("Description"),
    "deliveries": _("Deliveries"),
    "line": _("Whole line"),
}
_FIGURES = ("quantity", "unit_price", "discount", "net")


class Told(NamedTuple):
    """One difference: of which line (none is the order as a whole), which field, and both sides as values to format."""

    line: int | None
    what: str
    field: str
    label: Message
    unit: str
    before: Any
    after: Any
    reason: str = ""


class Shown(NamedTuple):
    """A proposed change on a page, with what its reader may do about it."""

    change: ChangeOut
    own: bool
    told: list[Told]
    acts: list[Action]
    state: Message


def told(differences: Sequence[DifferenceOut], order: OrderOut) -> list[Told]:
    lines = {line.line: line for line in order.lines}
    return [_told(each, lines.get(each.line or 0)) for each in differences]


def shown(actor: Actor, row: PurchaseOrder, order: OrderOut, change: ChangeOut) -> Shown:
    side = "buyer" if row.buyer_id == actor.organisation_id else "supplier"
    return Shown(
        change, change.by == side, _reasoned(told(change.differences, order), change), _acts(actor, row, change, side),
        CHANGE.names[change.state],
    )  # fmt: skip


def _reasoned(found: Sequence[Told], change: ChangeOut) -> list[Told]:
    """Each line's own reason, beside the first of its differences."""
    reasons = {line.line: line.reason for line in change.lines if line.reason}
    return [each._replace(reason=reasons.pop(each.line or 0, "")) for each in found]


def _told(each: DifferenceOut, line: Any) -> Told:
    whole = each.before or each.after if each.field == "line" else None
    what = whole["description"] if whole else line.description if line else ""
    unit = whole["unit"] if whole else line.unit if line else ""
    sides = (_read(each.field, each.before), _read(each.field, each.after))
    return Told(each.line, what, each.field, FIELDS[each.field], unit, *sides)


def _read(field: str, value: Any) -> Any:
    """Snapshots say figures and days as texts."""
    if value in (None, ""):
        return None
    if field in _FIGURES:
        return Decimal(str(value))
    if field.endswith("_date"):
        return date.fromisoformat(str(value))
    if field == "line":
        return {name: _read(name, part) for name, part in value.items()}
    if field == "deliveries":
        return [{name: _read(name, part) for name, part in each.items()} for each in value]
    return value


def _acts(actor: Actor, row: PurchaseOrder, change: ChangeOut, side: str) -> list[Action]:
    at, fields = f"/orders/{row.id}/changes/{change.id}", {"version": row.version}
    if change.state != "proposed" or row.on_hold:
        return []
    acts = []
    if change.by == side == "buyer" and _may_approve(actor, row, change):
        acts.append(Action(_("Approve the change"), f"{at}/approve", "primary", "check", fields=fields))
    if change.by == "supplier" and side == "buyer" and allowed(actor, "orders:agree", row):
        acts.append(Action(_("Accept the change"), f"{at}/accept", "primary", "check", fields=fields))
    decides = "orders:agree" if change.by == "supplier" else "orders:approve"
    if side == "buyer" and allowed(actor, decides) and allowed(actor, "orders:agree", row):
        acts.append(Action(_("Decline the change"), f"{at}/decline", icon="x", reason=_("What speaks against it?")))
    if change.by == side and allowed(actor, "orders:change", row):
        acts.append(Action(_("Withdraw the change"), f"{at}/withdraw", icon="arrow-back-up"))
    return acts


def _may_approve(actor: Actor, row: PurchaseOrder, change: ChangeOut) -> bool:
    asked = PurchaseOrder.of(vars(row) | {"gross": change.gross})
    return change.gross is not None and allowed(actor, "orders:approve", asked)
