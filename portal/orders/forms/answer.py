"""What people get to see of an answer to an order."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec


class ResponseLineOut(msgspec.Struct):
    line: int
    code: str
    quantity: Decimal | None
    unit_price: Decimal | None
    promised_date: date | None
    substitute_item: str
    reason: str


class ResponseOut(msgspec.Struct):
    id: UUID
    code: str
    state: str
    revision: int
    reason: str
    gross: Decimal | None
    created_at: datetime
    decided_at: datetime | None
    decision_reason: str
    lines: list[ResponseLineOut]
