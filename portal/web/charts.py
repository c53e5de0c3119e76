"""Line charts drawn on the server: where the points of some series lie, so that a template only prints them.

Geometry alone: no words, no script, and never without the same figures in a table beside it.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 12, 30
MOST_SERIES = 6
_STEPS = 4
_FAIR = (1, 2, 2.5, 5, 10)


class Tick(NamedTuple):
    """A mark of an axis: where it is, and the value that it stands for."""

    at: float
    value: Decimal | date


class Line(NamedTuple):
    """One series: its name, its place among the colours, and its points; each stays until the next is known."""

    name: str
    place: int
    path: str
    points: list[tuple[float, float]]


class Chart(NamedTuple):
    """All that is drawn, in a box of `width` by `height`."""

    lines: list[Line]
    values: list[Tick]
    days: list[Tick]
    left: float = LEFT
    right: float = WIDTH - RIGHT
    bottom: float = HEIGHT - BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def line_chart(series: Mapping[str, Sequence[tuple[date, Decimal]]]) -> Chart | None:
    """Steps from point to point of each series, from 0 upwards; None without anything to draw."""
    shown = {name: sorted(points) for name, points in series.items() if points}
    shown = dict(list(shown.items())[:MOST_SERIES])
    if not shown:
        return None
    every = [point for points in shown.values() for point in points]
    first, last = min(day for day, _value in every), max(day for day, _value in every)
    top = _fair(max(value for _day, value in every))

    def x(day: date) -> float:
        span = (last - first).days
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ((day - first).days / span if span else 0.5), 1)

    def y(value: Decimal) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(value / top), 1)

    lines = [
        _line(name, place, [(x(day), y(value)) for day, value in points])
        for place, (name, points) in enumerate(shown.items())
    ]
    values = [Tick(y(top * step / _STEPS), top * step / _STEPS) for step in range(_STEPS + 1)]
    return Chart(lines, values, [Tick(x(day), day) for day in sorted({first, last})])


def _line(name: str, place: int, points: list[tuple[float, float]]) -> Line:
    """A price holds until another is known: across, then up or down."""
    path = f"M{points[0][0]} {points[0][1]}"
    for (_x, before), (x, y) in pairwise(points):
        path += f"L{x} {before}L{x} {y}"
    return Line(name, place, path, points)


def _fair(most: Decimal) -> Decimal:
    """The next round number: what people read off an axis."""
    if most <= 0:
        return Decimal(1)
    magnitude = Decimal(10) ** math.floor(math.log10(float(most)))
    return next(magnitude * Decimal(str(step)) for step in _FAIR if magnitude * Decimal(str(step)) >= most)
