"""What people write into a contract."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.clauses.forms import Heading, Wording
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
    """A price of an item, from a quantity on and, where it says so, on days of its own.

    One of an item's prices says how much of it is agreed on at most."""

    item_id: UUID
    unit_price: UnitPrice
    base_quantity: Quantity | None = None
    minimum_quantity: Count | None = None
    quantity: Quantity | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None

    @property
    def begins(self) -> date:
        return self.valid_from or date.min

    @property
    def ends(self) -> date:
        return self.valid_to or date.max


class ContractForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A blanket has a value cap, a quantity agreement a quantity of each item. Beyond a cap the `allowance` goes.

    `notice_days` before its end somebody is told that it ends; one with `renewal_months` is then renewed by as many,
    again and again, unless one side gives notice until that day.
    `price_day` says by which day prices are picked; deliveries that are late cost `late_rate` percent of their value
    a day or week after `late_grace` days, `late_cap` percent at most; `retention` percent of invoices are held back.
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
    price_day: Literal["order_date", "delivery_date"] = "order_date"
    late_rate: Percent | None = None
    late_per: Literal["day", "week"] = "day"
    late_grace: Annotated[int, msgspec.Meta(ge=0, le=90)] = 0
    late_cap: Percent | None = None
    retention: Percent | None = None
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
        if self.late_cap and not self.late_rate:
            errors.append(FieldError("late_rate", _("Say how much a delay costs, or leave its limit empty.")))
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
        seen: list[TermForm] = []
        for place, term in enumerate(self.terms):
            if problem := _against_days(place, term, seen):
                yield problem
            seen.append(term)
            if capped.count(term.item_id) > 1 and term.quantity is not None:
                yield FieldError(f"terms.{place}.quantity", _("Say the whole quantity of an item once."))
            if self.kind == "quantity" and term.item_id not in capped:
                yield FieldError(f"terms.{place}.quantity", _("Say how much of this item is agreed on."))


def _against_days(place: int, term: TermForm, seen: Sequence[TermForm]) -> FieldError | None:
    """Two prices of an item from the same quantity on never hold on the same day."""
    if term.begins > term.ends:
        return FieldError(f"terms.{place}.valid_to", _("A price ends on the day it begins or later."))
    for line, other in enumerate(seen, start=1):
        same = (other.item_id, other.minimum_quantity or ZERO) == (term.item_id, term.minimum_quantity or ZERO)
        if same and other.begins <= term.ends and term.begins <= other.ends:
            if term.valid_from is None and term.valid_to is None:
                return FieldError(
                    f"terms.{place}.minimum_quantity", _("There is a price from this quantity on already.")
                )
            text = _(
                "The price in line {line} holds on some of these days, too. Let one end before the other.", line=line
            )
            return FieldError(f"terms.{place}.valid_from", text)
    return None


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
