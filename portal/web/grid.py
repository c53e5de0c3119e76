"""Grids that offer more rows than anybody fills: blank rows are left alone, and problems find their row again."""

import re
from collections.abc import Iterable, Sequence

from portal.platform.problems import FieldError
from portal.web.forms import Form
from portal.web.input import Typed

_NOTHING = re.compile(r"\s*0*(\.0*)?\s*")


class Filled:
    """The rows of `grid` in which at least one of the `counted` fields says more than 0."""

    def __init__(self, typed: Typed, grid: str, counted: tuple[str, ...]) -> None:
        self.grid = grid
        self.rows = [
            row
            for row in Form(typed.values).rows(grid)
            if any(not _NOTHING.fullmatch(typed.values.get(f"{grid}.{row}.{name}", "")) for name in counted)
        ]
        kept = {"", *(f"{grid}.{row}" for row in self.rows)}
        self.typed = Typed([(name, value) for name, value in typed.pairs if self._row_of(name) in kept])

    def placed(self, errors: Iterable[FieldError]) -> list[FieldError]:
        """The same problems where the page shows their rows."""
        return placed(errors, self.grid, self.rows)

    def _row_of(self, name: str) -> str:
        """`lines.3` of `lines.3.quantity`; blank for what is not in the grid."""
        return ".".join(name.split(".")[:2]) if name.startswith(f"{self.grid}.") else ""


def placed(errors: Iterable[FieldError], grid: str, rows: Sequence[int]) -> list[FieldError]:
    """The problems at the rows that the page shows: a form counts only those that it was sent, `rows` of the grid."""
    return [FieldError(_shown(error.field, grid, rows), error.message) for error in errors]


def _shown(field: str, grid: str, rows: Sequence[int]) -> str:
    of, _dot, rest = field.partition(".")
    place, _dot, name = rest.partition(".")
    if of != grid or not place.isdecimal() or int(place) >= len(rows):
        return field
    return f"{grid}.{rows[int(place)]}.{name}"
