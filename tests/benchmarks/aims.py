"""What each workload is to reach, beside the worst that was measured of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.benchmarks.figures import Figure

Read = Callable[[Figure], float | None]
GREW = 1.3  # times what a list of the smallest size costs, at the largest


class Aim(NamedTuple):
    """Of the figures whose name has both words: what is read of each, and the most (or the least) that it may be."""

    said: str
    begins: str
    holds: str
    read: Read
    bound: float
    at_least: bool = False

    def worst(self, figures: Sequence[Figure]) -> float | None:
        mine = [each for each in figures if each.name.startswith(self.begins) and self.holds in each.name]
        values = [value for each in mine if (value := self.read(each)) is not None]
        if not values:
            return None
        return min(values) if self.at_least else max(values)

    def is_met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


def more(name: str) -> Read:
    return lambda figure: figure.more.get(name)


def grown(figure: Figure) -> float | None:
    early, late = figure.more.get("early_mb"), figure.more.get("late_mb")
    return late / early if early and late else None


AIMS = (
    Aim("W1 processor time of web and PostgreSQL, × floor", "W1", "", lambda each: each.floor_ratio, 6),
    Aim("W1 statements of a cycle", "W1", "", lambda each: each.statements, 60),
    Aim("W1 cycles a second of eight clients", "W1", "", lambda each: each.per_second, 75, at_least=True),
    Aim("W2 p50 of a list as JSON, ms", "W2", " json", lambda each: each.p50_ms, 5),
    Aim("W2 p50 of a list as a page, ms", "W2", " page", lambda each: None if " json" in each.name else each.p50_ms, 9),
    Aim("W2 statements of a list", "W2", "", lambda each: round(each.statements or 0), 4),
    Aim("W3 invoice of 40 lines, share of bare WeasyPrint", "W3", "invoice", more("share_of_bare"), 0.9, at_least=True),
    Aim("W3 two processes, × one", "W3", "two", more("times_one"), 1.8, at_least=True),
    Aim("W3 memory at the end, × at the beginning", "W3", "memory", grown, 1.05),
    Aim("W4 p50 of one order, read or refused, ms", "W4", "", lambda each: each.p50_ms, 4),
    Aim("W4 how far these two are apart", "W4", "", more("apart"), 0.2),
    Aim("W5 from start to first answer, ms", "W5", "serve answers", lambda each: each.p50_ms, 1_500),
    Aim("W5 memory of web, worker and scheduler, MB", "W5", "memory", more("pss_mb"), 200),
    Aim("W6 create, approve, issue 2,000 lines, ms", "W6", "create", lambda each: each.p50_ms, 2_000),
    Aim("W6 answer, ms", "W6", "answer", lambda each: each.p50_ms, 1_000),
    Aim("W6 receive, ms", "W6", "receive", lambda each: each.p50_ms, 2_000),
    Aim("W6 invoice and match, ms", "W6", "invoice", lambda each: each.p50_ms, 2_000),
    Aim("W7 scorecards of a month, 10,000 suppliers, ms", "W7", "one month", lambda each: each.p50_ms, 20_000),
    Aim("W7 one supplier's page, ms", "W7", "one supplier", lambda each: each.p50_ms, 10),
    Aim("W8 a decision, ms", "W8", "decision cached", lambda each: each.p50_ms, 0.005),
    Aim("W8 row-level security, share of a list", "W8", "row-level", more("share"), 0.1),
    Aim("W9 100,000 order lines, ms", "W9", "", lambda each: each.p50_ms, 20_000),
    Aim("W9 memory, MB", "W9", "", more("peak_memory_mb"), 300),
)


def told(found: Mapping[int, Sequence[Figure]]) -> Iterator[str]:
    """A table of all aims; the growth of lists is read across the sizes, the rest wherever it was measured."""
    yield "| what | aim | measured | |"
    yield "|---|---|---|---|"
    figures = [each for size in found for each in found[size]]
    for aim in AIMS:
        yield _row(aim, aim.worst(figures))
    growth = Aim(
        "W2 processor time of a list at the largest size, × smallest (median)", "", "", lambda _each: None, GREW
    )
    yield _row(growth, _growth(found))


def _row(aim: Aim, value: float | None) -> str:
    sign = "≥" if aim.at_least else "≤"
    reached = "not measured" if value is None else _said(value)
    verdict = "" if value is None else "met" if aim.is_met(value) else "**missed**"
    return f"| {aim.said} | {sign} {_said(aim.bound)} | {reached} | {verdict} |"


def _said(value: float) -> str:
    return f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"


def _growth(found: Mapping[int, Sequence[Figure]]) -> float | None:
    """The median over all lists: a single one is measured in a few milliseconds, which the kernel counts coarsely."""
    sizes = sorted(size for size in found if any(each.name.startswith("W2") for each in found[size]))
    if len(sizes) < 2:
        return None
    small, large = ({each.name: each.cpu_ms or 0 for each in found[size]} for size in (sizes[0], sizes[-1]))
    grown = sorted(large[name] / cost for name, cost in small.items() if name[:2] == "W2" and cost and large.get(name))
    return grown[len(grown) // 2] if grown else None
