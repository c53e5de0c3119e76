"""Pure rules of scoring: what is measured, how figures become one score, and which standing a score is."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from portal.platform.calendar import Month
from portal.platform.decimals import HUNDRED, ZERO, half_up, product, quotient, total
from portal.platform.i18n import Message, _


class Criterion(NamedTuple):
    """One measure: its name in full and in a column, what it means, and what the facts behind it show."""

    title: Message
    short: Message
    meaning: Message
    counted: Message
    when: Message
    wanted: Message
    done: Message
    happened: Message | None = None


def _on_time(title: Message, short: Message, meaning: Message) -> Criterion:
    counted, wanted = _("{achieved} of {base} lines"), _("Quantity due")
    return Criterion(title, short, meaning, counted, _("Due"), wanted, _("Come by then"), _("Last delivery"))


CRITERIA: Final[Mapping[str, Criterion]] = MappingProxyType(
    {
        "on_time_requested": _on_time(
            _("On time, in full: as requested"),
            _("As requested"),
            _("All of the quantity had come by the date that the buyer asked for."),
        ),
        "on_time_first_confirmed": _on_time(
            _("On time, in full: as first confirmed"),
            _("As first confirmed"),
            _("All of the quantity had come by the date of the first promise."),
        ),
        "on_time_last_confirmed": _on_time(
            _("On time, in full: as last confirmed"),
            _("As last confirmed"),
            _("All of the quantity had come by the date of the latest promise. Shown, not scored."),
        ),
        "quality": Criterion(
            _("Quality"),
            _("Quality"),
            _("Share of the received quantity that was not rejected."),
            _("{achieved} of {base} accepted"),
            _("Delivered"),
            _("Received quantity"),
            _("Accepted quantity"),
        ),
        "fill_rate": Criterion(
            _("Fill rate"),
            _("Fill rate"),
            _("Share of the ordered quantity that came, whenever it came; never more than all of it."),
            _("{achieved} of {base} came"),
            _("Due"),
            _("Ordered"),
            _("Came"),
            _("Last delivery"),
        ),
        "responsiveness": Criterion(
            _("Responsiveness"),
            _("Answers"),
            _("Share of the orders that were answered by the time an answer was due."),
            _("{achieved} of {base} orders"),
            _("Answer due"),
            _("Hours given"),
            _("Hours taken"),
            _("Answered"),
        ),
        "price": Criterion(
            _("Invoiced price"),
            _("Invoiced price"),
            _("How far invoices kept to the ordered prices; a lower price counts as kept."),
            _("Invoice lines: {base}"),
            _("Invoiced"),
            _("At ordered price"),
            _("Invoiced amount"),
        ),
        "invoice_accuracy": Criterion(
            _("Invoice accuracy"),
            _("Invoices"),
            _("Share of the invoices that matched at the first attempt."),
            _("{achieved} of {base} invoices"),
            _("Invoiced"),
            _("Differences allowed"),
            _("Differences found"),
        ),
    }
)
# The usual weights, until a buyer sets its own. A date that the supplier moved itself is shown beside the others and
# never scored.
WEIGHTS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "on_time_requested": Decimal(20),
        "on_time_first_confirmed": Decimal(15),
        "on_time_last_confirmed": Decimal(0),
        "quality": Decimal(25),
        "fill_rate": Decimal(10),
        "responsiveness": Decimal(10),
        "price": Decimal(10),
        "invoice_accuracy": Decimal(10),
    }
)
# What a buyer may weigh.
SCORED: Final = tuple(name for name in WEIGHTS if name != "on_time_last_confirmed")
LEAST_COVERAGE: Final = Decimal(60)
LEAST_COUNT: Final = 5
MONTHS: Final = 12


class Standing(NamedTuple):
    """From `least` (inclusive) up to the next standing; the highest one includes 100."""

    code: str
    title: Message
    least: Decimal


STANDINGS: Final = (
    Standing("poor", _("Poor"), Decimal(0)),
    Standing("warn", _("Watch"), Decimal(60)),
    Standing("good", _("Good"), Decimal(80)),
)


class Figure(NamedTuple):
    """What the facts of one criterion come to: how many, and achieved ÷ base. Responsiveness adds its median hours."""

    criterion: str
    count: int
    base: Decimal
    achieved: Decimal
    median_hours: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The share achieved, from 0 to 1; without a base there is no data."""
        return quotient(self.achieved, self.base) if self.base > ZERO else None

    @property
    def score(self) -> Decimal | None:
        return None if self.value is None else product(self.value, HUNDRED)


class Score(NamedTuple):
    """All figures of one supplier in one period, and what they come to under the weights."""

    figures: Mapping[str, Figure]
    weights: Mapping[str, Decimal]

    @property
    def value(self) -> Decimal | None:
        """0 to 100: the mean of the scores that have data, by weight. Criteria without data weigh nothing."""
        known = self._known()
        weight = total(self.weights[name] for name in known)
        if weight == ZERO:
            return None
        return quotient(total(product(self.weights[name], score) for name, score in known.items()), weight)

    @property
    def coverage(self) -> Decimal:
        """How much of the weights, in percent, stands on data."""
        return quotient(
            product(HUNDRED, total(self.weights[name] for name in self._known())), total(self.weights.values())
        )

    @property
    def count(self) -> int:
        """Of how many facts: those of the scored criterion that has the most."""
        return max((self.figures[name].count for name in self._known() if self.weights[name] > ZERO), default=0)

    @property
    def standing(self) -> str | None:
        """None while there is too little to judge by."""
        return standing_of(self.value) if self.missing is None and self.value is not None else None

    @property
    def missing(self) -> str | None:
        """Why there is no standing: no_data, low_coverage or too_few."""
        if self.value is None:
            return "no_data"
        if self.coverage < LEAST_COVERAGE:
            return "low_coverage"
        return "too_few" if self.count < LEAST_COUNT else None

    def _known(self) -> dict[str, Decimal]:
        return {
            name: score
            for name in self.weights
            if (figure := self.figures.get(name)) is not None and (score := figure.score) is not None
        }


MISSING: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "no_data": _("Nothing was due, delivered or invoiced in this time."),
        "low_coverage": _("Too few criteria have data for a standing: at least {least} % of the weights are needed."),
        "too_few": _("Too few facts for a standing: at least {least} are needed."),
    }
)


def score_of(figures: Iterable[Figure], weights: Mapping[str, Decimal] = WEIGHTS) -> Score:
    """The score of these figures; `weights` sum to 100."""
    if total(weights.values()) != HUNDRED:
        raise ValueError("weights sum to 100")
    return Score({figure.criterion: figure for figure in figures}, weights)


def weights_of(kept: Mapping[str, str] | None) -> Mapping[str, Decimal]:
    """A buyer's weights as they are kept, or the usual ones."""
    return WEIGHTS if kept is None else {name: Decimal(kept.get(name, "0")) for name in WEIGHTS}


def standing_of(score: Decimal) -> str:
    """The standing that a score from 0 to 100 falls into, by what people see of it: one decimal."""
    shown = half_up(score, 1)
    return next(standing.code for standing in reversed(STANDINGS) if shown >= standing.least)


class Period(NamedTuple):
    """What time a score is about: a calendar month `2026-10`, `last-12-months` or `all`; [first, until)."""

    code: str
    first: date
    until: date

    @property
    def month(self) -> Month | None:
        return Month.of(self.first) if self.code[:1].isdigit() else None

    @classmethod
    def parse(cls, code: str | None, today: date) -> "Period":
        """The period of that code; none is the month of `today`. Raises ValueError."""
        if code == "all":
            return cls("all", date.min, date.max)
        if code == "last-12-months":
            month = Month.of(today)
            return cls(code, month.plus(1 - MONTHS).first, month.plus(1).first)
        month = Month.parse(code) if code else Month.of(today)
        return cls(str(month), month.first, month.plus(1).first)
