"""How facts become figures, and figures one score: raw, and without the facts that were excused."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from portal.platform.decimals import HUNDRED, ZERO, product, quotient, total
from portal.scorecards.rules.criteria import WEIGHTS
from portal.scorecards.rules.standings import LEAST_COUNT, LEAST_COVERAGE, standing_of


class Excused(NamedTuple):
    """What the excused facts of a figure come to: they stand in the raw figure and nowhere else."""

    count: int = 0
    base: Decimal = ZERO
    achieved: Decimal = ZERO


class Figure(NamedTuple):
    """What the facts of one criterion come to, without the excused ones: how many, and achieved ÷ base.

    Responsiveness adds the median hours of all its answers.
    """

    criterion: str
    count: int
    base: Decimal
    achieved: Decimal
    median_hours: Decimal | None = None
    excused: Excused = Excused()

    @property
    def value(self) -> Decimal | None:
        """The share achieved, from 0 to 1; without a base there is no data."""
        return quotient(self.achieved, self.base) if self.base > ZERO else None

    @property
    def score(self) -> Decimal | None:
        return None if self.value is None else product(self.value, HUNDRED)

    @property
    def raw(self) -> "Figure":
        """The same of all facts, excused or not."""
        count, base, achieved = self.excused
        summed = (self.count + count, total([self.base, base]), total([self.achieved, achieved]))
        return Figure(self.criterion, *summed, self.median_hours)


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
    def raw(self) -> "Score":
        """The score of all facts, excused or not."""
        return Score({name: figure.raw for name, figure in self.figures.items()}, self.weights)

    @property
    def excused(self) -> int:
        """How many facts were excused, as each criterion counts them."""
        return sum(figure.excused.count for figure in self.figures.values())

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


def score_of(figures: Iterable[Figure], weights: Mapping[str, Decimal] = WEIGHTS) -> Score:
    """The score of these figures; `weights` sum to 100."""
    if total(weights.values()) != HUNDRED:
        raise ValueError("weights sum to 100")
    return Score({figure.criterion: figure for figure in figures}, weights)
