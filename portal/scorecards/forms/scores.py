"""Scores, the facts behind them, excuses and frozen months, as people and programs see and send them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut
from portal.platform.fields import MonthCode, Why

ExcuseCode = Literal["buyer_change", "carrier", "force_majeure", "other"]
CriterionName = Literal[
    "on_time_requested", "on_time_first_confirmed", "on_time_last_confirmed", "quality", "fill_rate", "responsiveness",
    "price", "invoice_accuracy",
]  # fmt: skip


class CriterionOut(msgspec.Struct):
    """One criterion: `value` is achieved ÷ base, from 0 to 1, to four decimals; `score` is out of 100, to one. Both are
    null without data.

    Facts that were excused count in `raw_value` and `raw_score` alone; `excused` is how many they are.
    """

    name: str
    weight: Decimal
    value: Decimal | None
    score: Decimal | None
    raw_value: Decimal | None
    raw_score: Decimal | None
    excused: int
    count: int
    achieved: Decimal
    base: Decimal
    median_hours: Decimal | None
    facts_url: str


class ScorecardOut(msgspec.Struct):
    """A supplier's score in a period, as its customer sees it. `coverage` is the percentage of weights with data;
    `no_standing_because` is no_data, low_coverage or too_few where there is no standing. `raw_score` counts the excused
    facts too. `revision` is that of the frozen scorecard, 1 when the month was frozen, 0 while figures still move."""

    period: str
    buyer: PartyOut
    supplier: PartyOut
    score: Decimal | None
    raw_score: Decimal | None
    revision: int
    standing: str | None
    no_standing_because: str | None
    coverage: Decimal
    count: int
    criteria: list[CriterionOut]


class SourceOut(msgspec.Struct):
    """A record that a fact follows from: a goods receipt, a service entry or an invoice, and the day that it is of."""

    kind: str
    id: UUID
    number: str
    day: date | None


class FactOut(msgspec.Struct):
    """One fact behind a figure: Σ achieved ÷ Σ base over those without an `excuse` is the figure, over all of them the
    raw one. Without anybody's doing it is short_notice (asked for sooner than the agreed lead time allows) or held.
    `expected` and `actual` are in `unit`; `sources` are the records that made it. A promise's `outcome` is
    on_time, late, partly_late, short (by its day too little had come) or early (before the buyer takes it)."""

    id: UUID
    order_id: UUID
    order_number: str
    line: int | None
    description: str
    unit: str
    counts_on: date
    happened_on: date | None
    expected: Decimal | None
    actual: Decimal | None
    base: Decimal
    achieved: Decimal
    excuse: str | None
    item_number: str = ""
    outcome: str | None = None
    sources: list[SourceOut] = []


class ExcuseForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why a supplier is not to be blamed for a fact of one of its criteria."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "criterion": "on_time_requested",
        "fact_id": "0190f3a1-0000-7000-8000-000000000001",
        "code": "buyer_change",
        "reason": "We moved the loading day after the goods were ready.",
    }

    criterion: CriterionName
    fact_id: UUID
    code: ExcuseCode
    reason: Why


class ExcuseOut(msgspec.Struct, kw_only=True):
    """An excuse: what it is about, who says why, and what the buyer decided."""

    id: UUID
    version: int
    state: str
    buyer_id: UUID
    buyer_name: str
    supplier_id: UUID
    supplier_name: str
    part: str
    fact_id: UUID
    order_id: UUID
    order_number: str
    line: int | None
    description: str
    counts_on: date
    code: str
    reason: str
    created_at: datetime
    decided_at: datetime | None
    decision_reason: str


class MonthForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A calendar month such as `2026-10`."""

    EXAMPLE: ClassVar[dict[str, str]] = {"month": "2026-10"}

    month: MonthCode


class RestatementForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why a frozen month is told anew: the supplier reads it beside both figures."""

    EXAMPLE: ClassVar[dict[str, str]] = {"month": "2026-10", "reason": "A receipt of October was booked in December."}

    month: MonthCode
    reason: Why


class FrozenOut(msgspec.Struct):
    """The months whose scores are frozen end with this one."""

    month: str


class KeptScorecard(msgspec.Struct, kw_only=True):
    """A frozen scorecard: what a month said when it was frozen (revision 1), or after it was restated for a `reason`.

    `digest` is the SHA-256 of what it says: it and the rest never change.
    """

    id: UUID
    version: int
    month: str
    revision: int
    buyer: PartyOut
    supplier: PartyOut
    score: Decimal | None
    raw_score: Decimal | None
    standing: str | None
    no_standing_because: str | None
    coverage: Decimal
    count: int
    figures: list[dict[str, Any]]
    weights: dict[str, Decimal]
    reason: str
    digest: str
    frozen_at: datetime


class RankedOut(msgspec.Struct, kw_only=True):
    """A supplier in the ranking, by what is kept of the period; what has no data is null, never 0 or 100.

    `rank` is among those that have a standing; of whom too little is known has none and stands below them.
    `criteria` are shares from 0 to 1, without what was excused; `revision` is 0 while the figures still move.
    """

    rank: int | None
    supplier_id: UUID
    supplier_name: str
    supplier_number: str
    score: Decimal | None
    raw_score: Decimal | None
    standing: str | None
    no_standing_because: str | None
    coverage: Decimal
    count: int
    excused: int
    criteria: dict[str, Decimal | None]
    exception_until: date | None
    revision: int
    computed_at: datetime | None


class ComparedOut(msgspec.Struct, kw_only=True):
    """One supplier in a comparison: its score of the period, and month by month, the oldest first. A month of which too
    little is known for a standing is null, like one without any data."""

    supplier: PartyOut
    score: Decimal | None
    raw_score: Decimal | None
    standing: str | None
    coverage: Decimal
    count: int
    criteria: dict[str, Decimal | None]
    months: dict[str, Decimal | None]
