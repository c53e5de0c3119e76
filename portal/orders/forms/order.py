"""What people send to order and to answer, and what they get to see of an order."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal
from uuid import UUID

import msgspec

from portal.orders.forms.answer import ResponseOut
from portal.orders.rules import departs, to_replace
from portal.organisations.forms import PartyOut
from portal.platform.decimals import ZERO
from portal.platform.fields import (
    CountryCode,
    CurrencyCode,
    Day,
    Line,
    Percent,
    Quantity,
    TaxCategory,
    TaxRate,
    Text,
    UnitCode,
    UnitPrice,
)
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError, Together
from portal.platform.scope import Guarded
from portal.settings.forms import GoodsTolerances

MOST_LINES = 2000
# Up to which quantity of a line an invoice is paid: what was ordered, what came, or what was accepted of it.
MatchBasis = Literal["two_way", "three_way", "four_way"]
MATCH_BASES: Final[dict[str, Message]] = {
    "two_way": _("ordered (two-way)"),
    "three_way": _("received (three-way)"),
    "four_way": _("accepted (four-way)"),
}
Description = Annotated[Line, msgspec.Meta(description="What is ordered, in one line")]


class Contact(Line):
    """Somebody to turn to, with a number or an address."""

    longest = 200
    example = "Ms Weber, gate 2, +49 30 5550"


class Address(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Where goods go; any part may stay empty."""

    name: Line | None = None
    street: Line | None = None
    city: Line | None = None
    postal_code: Line | None = None
    region: Line | None = None
    country: CountryCode | None = None


class OrderLineForm(Together, forbid_unknown_fields=True, kw_only=True):
    """A line to order. Without a `match_basis` its invoices are matched as the company usually does. An item without a
    `unit_price` has that of a contract in force for so much of it, else that of the supplier's price list.

    A service is performed from one day to another, and `contact` is whom the supplier turns to where it is performed.
    """

    EXAMPLE: ClassVar[dict[str, str]] = {
        "description": "Hex bolt M8 × 40",
        "quantity": "200",
        "unit": "C62",
        "unit_price": "0.0825",
        "requested_date": "2027-01-15",
        "tax_category": "S",
        "tax_rate": "19",
    }

    description: Description
    quantity: Quantity
    unit: UnitCode
    unit_price: UnitPrice | None = None
    requested_date: Day
    tax_category: TaxCategory
    tax_rate: TaxRate
    kind: Literal["goods", "service", "limit", "charge"] = "goods"
    item_id: UUID | None = None
    base_quantity: Quantity | None = None
    price_unit: UnitCode | None = None
    discount: Percent | None = None
    ship_to: Address | None = None
    free_of_charge: bool = False
    match_basis: MatchBasis | None = None
    performed_from: Day | None = None
    performed_until: Day | None = None
    contact: Contact | None = None

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        if said.get("unit_price") is None and said.get("item_id") is None:
            yield FieldError("unit_price", _("This field is required."))


Lines = Annotated[list[OrderLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]


class OrderForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new purchase order. `supplier_id` is the supplier's organisation. With a `contract_id` all of it is ordered
    under that contract; without one each line is that takes over a contract's price. `payment_terms` names terms that
    the company offers; without them the supplier's hold, and other words are a remark that changes no due date."""

    supplier_id: UUID
    currency: CurrencyCode
    lines: Lines
    kind: Literal["standard", "framework", "urgent"] = "standard"
    note: Text | None = None
    internal_note: Text | None = None
    ship_to: Address | None = None
    site_id: UUID | None = None
    contract_id: UUID | None = None
    cost_centre: Line | None = None
    purchasing_group: Line | None = None
    payment_terms: Line | None = None
    incoterm: Line | None = None
    tolerances: GoodsTolerances | None = None


class OrderEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes to a draft; what is absent stays. `lines` replaces all lines."""

    currency: CurrencyCode | None = None
    lines: Lines | None = None
    note: Text | None = None
    internal_note: Text | None = None
    ship_to: Address | None = None
    site_id: UUID | None = None
    cost_centre: Line | None = None
    purchasing_group: Line | None = None
    payment_terms: Line | None = None
    incoterm: Line | None = None
    tolerances: GoodsTolerances | None = None


class ResponseLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line's answer: 5 accepted, 3 changed, 7 not accepted. Several for one `line` are a split."""

    line: Annotated[int, msgspec.Meta(ge=1, le=MOST_LINES)]
    code: Literal["5", "3", "7"]
    quantity: Quantity | None = None
    unit_price: UnitPrice | None = None
    promised_date: Day | None = None
    substitute_item: Line | None = None
    reason: Text | None = None


class ResponseForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """AB received, AP accepted, CA accepted with changes (carries lines), RE rejected (UBL OrderResponse)."""

    code: Literal["AB", "AP", "CA", "RE"]
    reason: Text | None = None
    lines: Annotated[list[ResponseLineForm], msgspec.Meta(max_length=2 * MOST_LINES)] | None = None


class TotalsOut(msgspec.Struct):
    net: Decimal | None
    tax: Decimal | None
    gross: Decimal | None


COUNTED = frozenset(
    {
        *("quantity", "ordered_quantity", "confirmed", "despatched", "received", "accepted", "rejected", "returned"),
        *("returned_for_replacement", "invoiced", "credited", "closed_to"),
    }
)


class OrderLineOut(msgspec.Struct):
    """A line of the present revision; `ordered_quantity` is the first one's where another quantity was agreed since.

    `closed_to` is how much of a line that was closed short stays wanted. `contract_id` is what it is ordered under, and
    `contract_price` what a contract asked for it when it was entered, in the line's own basis. Quantities that are
    amounts of money, of a line up to a limit at a price of 1, are null for who may not see prices.
    """

    id: UUID
    line: int
    kind: str
    item_id: UUID | None
    item_number: str
    description: str
    quantity: Decimal | None
    ordered_quantity: Decimal | None
    confirmed: Decimal | None
    despatched: Decimal | None
    received: Decimal | None
    accepted: Decimal | None
    rejected: Decimal | None
    returned: Decimal | None
    returned_for_replacement: Decimal | None
    invoiced: Decimal | None
    credited: Decimal | None
    unit: str
    unit_price: Decimal | None
    base_quantity: Decimal
    price_unit: str
    price_factor: Decimal
    discount: Decimal | None
    net: Decimal | None
    tax_category: str
    tax_rate: Decimal
    requested_date: date | None
    promised_date: date | None
    substitute_item: str
    performed_from: date | None
    performed_until: date | None
    contact: str
    free_of_charge: bool
    short_closed: bool
    closed_to: Decimal | None
    short_closed_at: datetime | None
    short_close_reason: str
    match_basis: str | None
    contract_id: UUID | None
    contract_price: Decimal | None

    @property
    def departs(self) -> bool:
        return departs(self)

    @property
    def to_replace(self) -> Decimal:
        return to_replace(self) if self.quantity is not None else ZERO

    @property
    def guarded_here(self) -> Guarded:
        """A line up to a limit at a price of 1 counts money: its quantities are seen with prices alone."""
        is_money = self.kind == "limit" and self.unit_price is not None and self.unit_price == self.base_quantity
        return {"prices:read": COUNTED} if is_money else {}


class OrderRow(msgspec.Struct):
    """An order in a list; `lines_closed_short` counts its lines that were."""

    id: UUID
    number: str
    revision: int
    version: int
    state: str
    on_hold: bool
    kind: str
    buyer: PartyOut
    supplier: PartyOut
    currency: str
    totals: TotalsOut
    receipt_status: str
    despatch_status: str
    invoice_status: str
    lines_closed_short: int
    requested_date: date | None
    response_due_at: datetime | None
    created_at: datetime
    issued_at: datetime | None


class OrderOut(OrderRow):
    """An order with all that its reader may see; prices and internal notes are null for who may not."""

    note: str
    internal_note: str | None
    hold_reason: str
    reason: str
    cancelled_cause: str
    return_reason: str | None
    ship_to: dict[str, str]
    site_id: UUID | None
    contract_id: UUID | None
    cost_centre: str | None
    purchasing_group: str | None
    tolerances: dict[str, Any] | None
    payment_terms: str
    incoterm: str
    acknowledged_at: datetime | None
    responded_at: datetime | None
    migrated: bool
    lines: list[OrderLineOut]
    responses: list[ResponseOut]


class RespondedOut(msgspec.Struct):
    """The answer of `POST …/responses`."""

    id: UUID
    code: str
    order: OrderOut
