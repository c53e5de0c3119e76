"""What both sides get to see of a contract."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.contracts.forms.performed import DeliverableOut, DeliveryOut, ServiceLevelOut
from portal.organisations.forms import PartyOut


class CommentOut(msgspec.Struct):
    """What was said, by whom and for which side."""

    id: UUID
    organisation: PartyOut
    name: str
    comment: str
    created_at: datetime


class CommentsOut(msgspec.Struct):
    """The newest comments, the oldest of them first."""

    items: list[CommentOut]


class TermOut(msgspec.Struct):
    """A price; where it says how much is agreed on, also how much orders called off and how much is `left` of it,
    allowance included."""

    id: UUID
    position: int
    item_id: UUID
    item_number: str
    description: str
    unit: str
    unit_price: Decimal | None
    base_quantity: Decimal
    minimum_quantity: Decimal
    quantity: Decimal | None
    valid_from: date | None
    valid_to: date | None
    called_off: Decimal | None
    left: Decimal | None


class ContractClauseOut(msgspec.Struct):
    """A clause with its facts filled in; of one from the library, which edition was taken."""

    id: UUID
    position: int
    clause_id: UUID | None
    edition: int | None
    title: str
    text: str


class ContractRow(msgspec.Struct):
    """A contract in a list; `gross` is what it may come to at most, allowance included, `revision` the round of its
    negotiation that holds. An amendment amends `amends_id`, and holds since `applied_at`."""

    id: UUID
    number: str
    version: int
    revision: int
    state: str
    kind: str
    title: str
    buyer: PartyOut
    supplier: PartyOut
    currency: str
    gross: Decimal | None
    valid_from: date
    valid_to: date
    agreed_at: datetime | None
    amends_id: UUID | None
    applied_at: datetime | None
    created_at: datetime


class ContractOut(ContractRow):
    """A contract with its terms; prices and internal notes are null for who may not see them. Orders called off
    `called_off_value`, and of a blanket `left_value` is left, allowance included. `notice_until` is the last day to
    give notice of one that is renewed; `notice_side` says who gave it. Of an amended contract prices, clauses and
    limits are those of `amendment_id`."""

    note: str
    internal_note: str | None
    payment_terms: str
    notice_days: int
    renewal_months: int
    renewals: int
    notice_until: date | None
    notice_side: str
    notice_at: datetime | None
    notice_reason: str
    value_cap: Decimal | None
    allowance: Decimal
    price_day: str
    late_rate: Decimal | None
    late_per: str
    late_grace: int
    late_cap: Decimal | None
    retention: Decimal
    objection: str
    signed_how: str
    signed_on: date | None
    signed_for_buyer: str
    signed_for_supplier: str
    file_id: UUID | None
    signing_id: UUID | None
    amends_number: str
    amendment_id: UUID | None
    activated_at: datetime | None
    ended_at: datetime | None
    reason: str
    called_off_value: Decimal | None
    left_value: Decimal | None
    terms: list[TermOut]
    clauses: list[ContractClauseOut]
    levels: list[ServiceLevelOut]
    deliverables: list[DeliverableOut]
    deliveries: list[DeliveryOut]


class DifferenceOut(msgspec.Struct):
    """One field before and after, of the price of an item from a quantity `since` on and from the day `begins`, or of
    the contract as a whole; of a price that came or went, the field is `term`."""

    item: str
    since: Decimal | None
    begins: date | None
    field: str
    before: Any
    after: Any


class RoundOut(msgspec.Struct):
    """What the supplier got in one round, against the round before."""

    revision: int
    offered_at: datetime
    differences: list[DifferenceOut]


class RoundsOut(msgspec.Struct):
    """The newest rounds of a contract, the oldest of them first."""

    items: list[RoundOut]
