"""The log of what was slow: which route or job, how long, and where in the database the time went."""

from collections.abc import Iterator
from typing import Any, Final

import structlog

from portal.platform.settings import settings
from portal.platform.watching.errand import Errand
from portal.platform.watching.shapes import name, shape

log = structlog.get_logger("slow")
SHOWN: Final = 8  # shapes of one errand, those that took longest
LONGEST: Final = 160  # characters of each: a line of the log stays below three thousand


def tell(what: str, errand: Errand, seconds: float, **facts: Any) -> None:
    """One line for what took as long as PORTAL_SLOW says, or longer."""
    if seconds * 1000 < settings().slow:
        return
    log.warning(
        f"slow {what}",
        **facts,
        seconds=round(seconds, 4),
        statements=errand.count,
        seconds_in_database=round(in_database(errand), 4),
        longest=list(_longest(errand)),
    )


def in_database(errand: Errand) -> float:
    """Seconds for which the errand's statements were waited for."""
    return sum(sent.seconds for sent in errand.statements)


def _longest(errand: Errand) -> Iterator[dict[str, Any]]:
    """Statements of one shape told once, with their number and their seconds together; all further shapes as one."""
    told: dict[str, list[float]] = {}
    for sent in errand.statements:
        told.setdefault(shape(sent.sql), []).append(sent.seconds)
    ordered = sorted(told.items(), key=lambda each: -sum(each[1]))
    for statement, seconds in ordered[:SHOWN]:
        yield _line({"does": name(statement), "statement": _cut(statement)}, seconds)
    if rest := ordered[SHOWN:]:
        yield _line({"does": f"{len(rest)} shapes more"}, [each for _statement, seconds in rest for each in seconds])


def _line(what: dict[str, Any], seconds: list[float]) -> dict[str, Any]:
    return what | {"times": len(seconds), "seconds": round(sum(seconds), 4)}


def _cut(statement: str) -> str:
    return statement if len(statement) <= LONGEST else f"{statement[:LONGEST]} …"
