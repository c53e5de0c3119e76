"""What is open as programs and pages see it, and what a statement is asked by."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut
from portal.platform.fields import CurrencyCode, Day

Kind = Literal["not_received", "not_invoiced", "not_settled"]


class OpenSums(msgspec.Struct, kw_only=True):
    """What is open in one currency. The first two are net of tax at the prices ordered, the third is gross.

    `overdue` is the part of `not_settled` whose due date has passed. Net and gross are never added.
    """

    currency: str
    not_received: Decimal = Decimal(0)
    not_invoiced: Decimal = Decimal(0)
    not_settled: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)


class OpenPair(OpenSums, kw_only=True):
    """What is open between one buyer and one supplier in one currency.

    `own_not_settled` is for the buyer, in its own currency, where all of it has a rate.
    """

    buyer: PartyOut
    supplier: PartyOut
    own_currency: str = ""
    own_not_settled: Decimal | None = None


class OpenItems(msgspec.Struct):
    """Everything open as of the end of a day, by pair and currency, with the sums of each currency."""

    as_of: date
    pairs: list[OpenPair]
    totals: list[OpenSums]


class OpenItem(msgspec.Struct, kw_only=True):
    """One line of an order, or one invoice, of which something is open; `quantity` and `unit` are a line's.

    `due` is the day wanted or promised of goods, the day by which an invoice is paid. A credit note has a negative
    amount. `record` is the kind of record; `own_amount` the same in the buyer's own currency, for the buyer.
    """

    kind: Kind
    record: str = ""
    buyer: PartyOut
    supplier: PartyOut
    record_id: UUID
    number: str
    line: int | None = None
    description: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    currency: str
    amount: Decimal
    due: date | None = None
    own_currency: str = ""
    own_amount: Decimal | None = None


class StatementForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A statement of what is open with one supplier; absent, the day is today."""

    supplier_id: UUID
    currency: CurrencyCode
    as_of: Day | None = None


class ListedStatement(msgspec.Struct, kw_only=True):
    """A statement in a list; `not_settled` is what was invoiced and not settled."""

    id: UUID
    number: str
    state: str
    buyer_name: str
    supplier_name: str
    as_of: date
    currency: str
    created_at: datetime
    not_settled: Decimal


class StatementOut(msgspec.Struct, kw_only=True):
    """A statement that the buyer sent: its figures never change.

    `reason` is what the supplier objects, `reply` what the buyer said to it, or why it was replaced or withdrawn.
    """

    id: UUID
    number: str
    version: int
    state: str
    buyer: PartyOut
    supplier: PartyOut
    as_of: date
    currency: str
    sums: OpenSums
    items: list[OpenItem]
    sent_at: datetime
    answered_at: datetime | None
    reason: str
    reply: str
    replied_at: datetime | None
    replaces: UUID | None
    replaced_by: UUID | None
