"""Changes of issued orders: what either side proposes, what it is then, and the revisions that followed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from portal.orders.forms.order import MOST_LINES, Address, OrderLineForm
from portal.platform.fields import Day, Line, Quantity, Text, UnitPrice

LineNumber = Annotated[int, msgspec.Meta(ge=1, le=MOST_LINES)]


class ChangeLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line: 1 added (the buyer's, with the line as it is `added`), 3 changed, 7 taken off.

    The buyer changes quantity, price and the day it wants; the supplier quantity, price, the day it promises and the
    item. Several entries of the supplier for one `line` are a split.
    """

    code: Literal["1", "3", "7"]
    line: LineNumber | None = None
    quantity: Quantity | None = None
    unit_price: UnitPrice | None = None
    requested_date: Day | None = None
    promised_date: Day | None = None
    substitute_item: Line | None = None
    reason: Text | None = None
    added: OrderLineForm | None = None


class ChangeForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different; what is absent stays. `note` and `ship_to` are the buyer's to change."""

    EXAMPLE = {
        "reason": "The building site opens later.",
        "lines": [{"line": 1, "code": "3", "quantity": "12", "requested_date": "2026-12-15"}],
    }

    reason: Text | None = None
    note: Text | None = None
    ship_to: Address | None = None
    lines: Annotated[list[ChangeLineForm], msgspec.Meta(max_length=2 * MOST_LINES)] | None = None


class ChangeLineOut(msgspec.Struct):
    line: int
    code: str
    quantity: Decimal | None
    unit_price: Decimal | None
    requested_date: date | None
    promised_date: date | None
    substitute_item: str
    reason: str
    added: dict[str, Any] | None


class ChangeOut(msgspec.Struct):
    """A proposed change: of which `revision`, by whose side, and what it does to the order's total (`effect`)."""

    id: UUID
    order_id: UUID
    number: str
    revision: int
    becomes: int | None
    version: int
    state: str
    by: Literal["buyer", "supplier"]
    reason: str
    note: str | None
    ship_to: dict[str, str] | None
    currency: str
    before: Decimal | None
    gross: Decimal | None
    effect: Decimal | None
    created_at: datetime
    decided_at: datetime | None
    decision_reason: str
    lines: list[ChangeLineOut]
    differences: list["DifferenceOut"]


class DifferenceOut(msgspec.Struct):
    """One field that differs: of the order, or of a `line`. Prices are null for who may not see them."""

    line: int | None
    field: str
    before: Any
    after: Any


class ChangesOut(msgspec.Struct):
    items: list[ChangeOut]


class RevisionOut(msgspec.Struct):
    """An issued revision, its totals, and what differs from the one before."""

    revision: int
    issued_at: datetime
    gross: Decimal | None
    currency: str
    differences: list[DifferenceOut]


class RevisionsOut(msgspec.Struct):
    items: list[RevisionOut]
