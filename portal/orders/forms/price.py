"""What people get to see of why a line costs what it costs."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec


class PriceCandidate(msgspec.Struct, kw_only=True):
    """A price of a contract or a price list for the line's item: whether it `won`, else the `reason` why not. Its days
    are those of the order or, `by_delivery`, those for which delivery is requested."""

    source: Literal["contract", "list"]
    contract_id: UUID | None
    contract: str
    currency: str
    unit_price: Decimal
    base_quantity: Decimal
    unit: str
    minimum_quantity: Decimal
    maximum_quantity: Decimal | None
    valid_from: date | None
    valid_to: date | None
    by_delivery: bool
    won: bool
    reason: str


class PriceExplained(msgspec.Struct, kw_only=True):
    """A line's price with every other there was; without candidates it was typed and there was no other.

    `departs` says that a contract had another price for it: `contract_price`, in the line's own basis.
    """

    order_id: UUID
    number: str
    line: int
    description: str
    quantity: Decimal
    unit: str
    currency: str
    unit_price: Decimal
    base_quantity: Decimal
    price_unit: str
    discount: Decimal
    contract_id: UUID | None
    contract_price: Decimal | None
    departs: bool
    candidates: list[PriceCandidate]
