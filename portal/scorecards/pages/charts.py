"""Charts as the server draws them: lines of scores by month, in a box of 100 by 100 that a page stretches.

Points are zero-length strokes with round ends, so that stretching never turns them into ellipses.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from portal.platform.calendar import Month
from portal.platform.decimals import half_up
from portal.scorecards.queries import Beside


class Series(NamedTuple):
    """One line: its name, its months' scores, `path` through those that follow one another, and `dots`; `thin` are the
    months of which too little is known for a standing."""

    name: str
    scores: list[Decimal | None]
    path: str
    dots: str
    thin: frozenset[int] = frozenset()


class Chart(NamedTuple):
    """The months along the bottom, and a series for each of whoever is compared."""

    months: list[Month]
    series: list[Series]

    @classmethod
    def of(cls, beside: Sequence[Beside]) -> "Chart":
        months = [month for month, _score in beside[0].months] if beside else []
        return cls(months, [_of(each) for each in beside])


def _of(beside: Beside) -> Series:
    scores = [score for _month, score in beside.months]
    thin = frozenset(n for n, score in enumerate(scores) if score and score.value is not None and score.firm is None)
    return series(beside.name, [score and score.firm for score in scores])._replace(thin=thin)


def series(name: str, scores: Sequence[Decimal | None]) -> Series:
    """A month without data breaks the line; nothing is drawn where nothing is known."""
    points = [None if score is None else _point(place, len(scores), score) for place, score in enumerate(scores)]
    dots = " ".join(f"M{point}h0" for point in points if point)
    return Series(name, list(scores), " ".join(_strokes(points)), dots)


def _point(place: int, count: int, score: Decimal) -> str:
    across = half_up(Decimal(100 * (2 * place + 1)) / (2 * count), 2)
    return f"{across} {half_up(100 - score, 1)}"


def _strokes(points: Iterable[str | None]) -> Iterable[str]:
    drawing = False
    for point in points:
        if point is not None:
            yield f"{'L' if drawing else 'M'}{point}"
        drawing = point is not None
