"""What people write into a contract, and what both sides get to see of it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.clauses.forms import Heading, Wording
from portal.organisations.forms import PartyOut
from portal.platform.decimals import ZERO
from portal.platform.fields import Amount, Count, CurrencyCode, Day, Line, Percent, Quantity, Text, UnitPrice
from portal.platform.i18n import _
from portal.platform.problems import FieldError, Problems

MOST_TERMS, MOST_CLAUSES = 500, 60
_SHORTEST_MONTH = 28  # days


class Title(Line):
    """What a contract is about."""

    longest = 200
    example = "Fasteners 2027"


class Signatory(Line):
    """Who signed, and in which office."""

    longest = 200
    example = "A. Weber, head of purchasing"


class TermForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A price of an item, from a quantity on; one of an item's prices says how much of it is agreed on at most."""

    item_id: UUID
    unit_price: UnitPrice
    base_quantity: Quantity | None = None
    minimum_quantity: Count | None = None
    quantity: Quantity | None = None


class ContractForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A blanket has a value cap, a quantity agreement a quantity of each item. Beyond a cap the `allowance` goes.

    `notice_days` before its end somebody is told that it ends; one with `renewal_months` is then renewed by as many,
    again and again, unless one side gives notice until that day.
    """

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "supplier_id": "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b",
        "title": "Fasteners 2027",
        "kind": "value",
        "currency": "EUR",
        "valid_from": "2027-01-01",
        "valid_to": "2027-12-31",
        "value_cap": "50000",
    }
    supplier_id: UUID
    title: Title
    kind: Literal["quantity", "value"]
    currency: CurrencyCode
    valid_from: Day
    valid_to: Day
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 30
    renewal_months: Annotated[int, msgspec.Meta(ge=0, le=120)] = 0
    value_cap: Amount | None = None
    allowance: Percent | None = None
    payment_terms: Line | None = None
    note: Text | None = None
    internal_note: Text | None = None
    terms: Annotated[list[TermForm], msgspec.Meta(max_length=MOST_TERMS)] = []

    def __post_init__(self) -> None:
        errors = [*self._of_caps(), *self._of_terms()]
        if self.valid_to < self.valid_from:
            errors.append(FieldError("valid_to", _("A contract ends on the day it begins or later.")))
        elif self.renewal_months and not 0 < self.notice_days <= self._shortest():
            errors.append(
                FieldError(
                    "notice_days", _("Leave both sides time to give notice: 1 to {most} days.", most=self._shortest())
                )
            )
        if errors:
            raise Problems(errors)

    def _shortest(self) -> int:
        """Days of the shortest period after which it is renewed, the first one or a later one."""
        return min((self.valid_to - self.valid_from).days, self.renewal_months * _SHORTEST_MONTH)

    def _of_caps(self) -> Iterator[FieldError]:
        if self.kind == "value" and not (self.value_cap or ZERO) > ZERO:
            yield FieldError("value_cap", _("Say up to which amount may be called off."))
        if self.kind == "quantity" and self.value_cap is not None:
            yield FieldError("value_cap", _("A quantity agreement is limited by its quantities. Leave this empty."))
        if self.kind == "quantity" and not self.terms:
            yield FieldError("terms", _("Say which items are agreed on, at which price and how much of each."))

    def _of_terms(self) -> Iterator[FieldError]:
        capped = [term.item_id for term in self.terms if term.quantity is not None]
        seen: set[tuple[UUID, Decimal]] = set()
        for place, term in enumerate(self.terms):
            begins = (term.item_id, term.minimum_quantity or ZERO)
            if begins in seen:
                yield FieldError(
                    f"terms.{place}.minimum_quantity", _("There is a price from this quantity on already.")
                )
            seen.add(begins)
            if capped.count(term.item_id) > 1 and term.quantity is not None:
                yield FieldError(f"terms.{place}.quantity", _("Say the whole quantity of an item once."))
            if self.kind == "quantity" and term.item_id not in capped:
                yield FieldError(f"terms.{place}.quantity", _("Say how much of this item is agreed on."))


class ClauseChoice(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of: `keep`, a clause that the contract has already, as it is; `clause_id`, one of the library in its newest
    edition; or `title` and `body`, written for this contract alone."""

    keep: UUID | None = None
    clause_id: UUID | None = None
    title: Heading | None = None
    body: Wording | None = None

    def __post_init__(self) -> None:
        own = self.title is not None or self.body is not None
        if [self.keep is not None, self.clause_id is not None, own].count(True) != 1:
            raise Problems([FieldError("clause_id", _("Choose one of the library, or write one."))])
        if own and (self.title is None or self.body is None):
            missing = "title" if self.title is None else "body"
            raise Problems([FieldError(missing, _("A clause has a title and a text."))])


class ClausesForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All clauses of a contract, in their order."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "clauses": [{"title": "Delivery", "body": "{supplier} delivers within ten days of each call-off."}]
    }
    clauses: Annotated[list[ClauseChoice], msgspec.Meta(max_length=MOST_CLAUSES)]


class Comment(Text):
    """What one side says to the other."""

    shortest = 1
    example = "Can you deliver within a week?"


class CommentForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    comment: Comment


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


class SignedForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The paper that both sides signed: `file_id` is its scan, attached to the contract before."""

    signed_on: Day
    file_id: UUID
    signed_for_buyer: Signatory
    signed_for_supplier: Signatory


class PresentForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """By how many of each side the contract is signed in the portal, and which side signs first."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"own_places": 1, "their_places": 1, "first": "supplier"}
    own_places: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    their_places: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    first: Literal["any", "buyer", "supplier"] = "any"


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


class DifferenceOut(msgspec.Struct):
    """One field before and after, of the price of an item from a quantity `since` on, or of the contract as a whole;
    of a price that came or went, the field is `term`."""

    item: str
    since: Decimal | None
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
