"""What people get to see of debit notes."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut


class DebitRow(msgspec.Struct):
    """A debit note in a list."""

    id: UUID
    number: str
    version: int
    state: str
    buyer: PartyOut
    supplier: PartyOut
    contract_id: UUID
    contract_number: str
    order_id: UUID
    order_number: str
    line: int
    due: date
    delivered_on: date
    days: int
    currency: str
    amount: Decimal | None
    created_at: datetime


class DebitOut(DebitRow):
    """A debit note with its arithmetic: `percent` of `value`, the net value of the late `quantity`, is `rate` percent
    for each of the `periods` (`per` day or week begun) after `grace` free days of the `days`, at most `cap`."""

    item_number: str
    description: str
    receipt_id: UUID
    receipt_number: str
    quantity: Decimal
    unit: str
    value: Decimal | None
    rate: Decimal
    per: str
    grace: int
    cap: Decimal | None
    periods: int
    percent: Decimal
    reason: str
    decided_at: datetime | None
