"""Grids of which only some rows are filled in."""

from portal.platform.problems import FieldError
from portal.web.grid import Filled
from portal.web.input import Typed

SENT = [
    ("carrier", "Northern Freight"),
    *(("lines.0.id", "a"), ("lines.0.quantity", "")),
    *(("lines.1.id", "b"), ("lines.1.quantity", "3")),
    *(("lines.2.id", "c"), ("lines.2.quantity", "0.00")),
    *(("lines.10.id", "d"), ("lines.10.quantity", "x")),
]


def test_rows_that_say_nothing_are_left_alone() -> None:
    filled = Filled(Typed(SENT), "lines", ("quantity",))
    assert filled.rows == [1, 10]
    assert list(filled.typed.values) == [
        "carrier",
        "lines.1.id",
        "lines.1.quantity",
        "lines.10.id",
        "lines.10.quantity",
    ]


def test_a_problem_stands_at_the_row_that_was_typed() -> None:
    problems = [
        FieldError(name, "Wrong") for name in ("lines.1.quantity", "lines.0.id", "carrier", "lines", "lines.7.x")
    ]
    placed = Filled(Typed(SENT), "lines", ("quantity",)).placed(problems)
    assert [each.field for each in placed] == ["lines.10.quantity", "lines.1.id", "carrier", "lines", "lines.7.x"]
