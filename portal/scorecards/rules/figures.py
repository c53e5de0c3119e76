"""How facts become figures, and figures one score: raw, and without the facts that were excused."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from portal.platform.decimals import HUNDRED, ZERO, half_up, product, quotient, total
from portal.scorecards.rules.criteria import WEIGHTS
from portal.scorecards.rules.standings import USUAL, Bounds, standing_of


class Excused(NamedTuple):
    """What the excused facts of a figure come to: they stand in the raw figure and nowhere else."""

    count: int = 0
    base: Decimal = ZERO
    achieved: Decimal = ZERO


class Figure(NamedTuple):
    """What the facts of one criterion come to, without the excused ones: how many, and achieved ÷ base.

    Responsiveness adds the median hours of all its answers. The least and the greatest fingerprint of the orders that
    the counted facts are of tell whether they are several; None where that was not kept.
    """

    criterion: str
    count: int
    base: Decimal
    achieved: Decimal
    median_hours: Decimal | None = None
    excused: Excused = Excused()
    least_order: int | None = None
    greatest_order: int | None = None

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
        return Figure(self.criterion, *summed, self.median_hours, Excused(), self.least_order, self.greatest_order)


class Judged(NamedTuple):
    """What figures come to under the weights: the score from 0 to 100, on how much of the weights and how many facts it
    stands, and the standing, or why there is none (no_data, low_coverage, too_few or one_order)."""

    value: Decimal | None
    coverage: Decimal
    count: int
    standing: str | None
    missing: str | None


class Score(NamedTuple):
    """All figures of one supplier in one period, and what they come to under the weights and bounds."""

    figures: Mapping[str, Figure]
    weights: Mapping[str, Decimal]
    bounds: Bounds = USUAL

    def judged(self) -> Judged:
        """The mean of the scores that have data, by weight: criteria without data weigh nothing. The count is what each
        of so many criteria has at least that together they weigh what a standing needs."""
        known = {name: figure for name, figure in self.figures.items() if figure.base > ZERO and self.weights[name]}
        weight = total(self.weights[name] for name in known)
        coverage = quotient(product(HUNDRED, weight), total(self.weights.values()))
        count = self._count(known)
        if weight == ZERO:
            return Judged(None, coverage, count, None, "no_data")
        shares = (product(self.weights[name], HUNDRED, share) for name, share in _shares(known))
        value = quotient(total(shares), weight)
        alone = "one_order" if self.bounds.edition > 1 and not _several(known.values()) else None
        few = "too_few" if count < self.bounds.least_count else alone
        missing = "low_coverage" if coverage < self.bounds.least_coverage else few
        return Judged(value, coverage, count, None if missing else standing_of(value, self.bounds), missing)

    def _count(self, known: Mapping[str, Figure]) -> int:
        """Five facts of one criterion say nothing of the others: from the most facts down, those count that criteria of
        enough weight have. Where too few criteria have data, it is the least of them all."""
        falling = sorted(known.values(), key=lambda figure: -figure.count)
        if self.bounds.edition == 1 or not falling:
            return falling[0].count if falling else 0
        reached = ZERO
        for figure in falling:
            reached = total([reached, self.weights[figure.criterion]])
            if reached >= self.bounds.least_coverage:
                return figure.count
        return falling[-1].count

    @property
    def value(self) -> Decimal | None:
        return self.judged().value

    @property
    def firm(self) -> Decimal | None:
        """The score where there is enough for a standing: what next to nothing comes to is not drawn as a score."""
        judged = self.judged()
        return judged.value if judged.standing else None

    @property
    def raw(self) -> "Score":
        """The score of all facts, excused or not."""
        return Score({name: figure.raw for name, figure in self.figures.items()}, self.weights, self.bounds)

    @property
    def excused(self) -> int:
        """How many facts were excused, as each criterion counts them."""
        return sum(figure.excused.count for figure in self.figures.values())

    @property
    def coverage(self) -> Decimal:
        return self.judged().coverage

    @property
    def count(self) -> int:
        return self.judged().count

    @property
    def standing(self) -> str | None:
        return self.judged().standing

    @property
    def missing(self) -> str | None:
        return self.judged().missing


def points(value: Decimal | None) -> Decimal | None:
    """A score, or a percentage of weights, as everybody is told it: one decimal."""
    return None if value is None else half_up(value, 1)


def share(value: Decimal | None) -> Decimal | None:
    """A criterion's share of one as everybody is told it: four decimals."""
    return None if value is None else half_up(value, 4)


def _several(figures: Iterable[Figure]) -> bool:
    """Whether they are of more than one order; of what was kept without its orders nobody says that they are not."""
    seen = {order for figure in figures for order in (figure.least_order, figure.greatest_order)}
    return None in seen or len(seen) > 1


def _shares(known: Mapping[str, Figure]) -> Iterable[tuple[str, Decimal]]:
    return ((name, quotient(figure.achieved, figure.base)) for name, figure in known.items())


def score_of(figures: Iterable[Figure], weights: Mapping[str, Decimal] = WEIGHTS, bounds: Bounds = USUAL) -> Score:
    """The score of these figures; `weights` sum to 100."""
    if total(weights.values()) != HUNDRED:
        raise ValueError("weights sum to 100")
    return Score({figure.criterion: figure for figure in figures}, weights, bounds)
