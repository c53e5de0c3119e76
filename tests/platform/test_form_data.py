"""Form fields nest as their names say; what a browser cannot have sent is refused."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.form_data import FIELDS, ROWS, from_form
from portal.platform.problems import Problems


def test_rows_and_groups_nest():
    assert from_form(
        [("note", "hello"), ("lines.0.quantity", "3"), ("lines.1.quantity", "4"), ("ship_to.city", "Ulm")]
    ) == {"note": "hello", "lines": [{"quantity": "3"}, {"quantity": "4"}], "ship_to": {"city": "Ulm"}}


def test_blank_fields_are_absent_and_others_are_not_trimmed():
    assert from_form([("a", ""), ("b", "  \t"), ("c", " x "), ("lines.0.text", "")]) == {"c": " x "}


def test_rows_close_up_in_the_order_of_their_numbers():
    assert from_form([("lines.10.q", "c"), ("lines.2.q", "b"), ("lines.0.q", "")]) == {
        "lines": [{"q": "b"}, {"q": "c"}]
    }


def test_a_name_sent_twice_is_a_list():
    assert from_form([("tags", "a"), ("tags", "b"), ("tags", "c")]) == {"tags": ["a", "b", "c"]}


def test_schedules_inside_lines_are_as_deep_as_it_goes():
    assert from_form([("lines.0.schedule.0.quantity", "1")]) == {"lines": [{"schedule": [{"quantity": "1"}]}]}


def test_all_bad_names_are_told_at_once():
    with pytest.raises(Problems) as refusal:
        from_form([("a.b.c.d.e.f", "1"), ("x", "1"), ("x.y", "1"), ("z.y", "1"), ("z", "1")])
    assert [error.field for error in refusal.value.errors] == ["a.b.c.d.e.f", "x.y", "z"]


def test_size_is_bounded():
    with pytest.raises(Problems, match="more than 20000 fields"):
        from_form([("a", "1")] * (FIELDS + 1))
    with pytest.raises(Problems, match="lines: This form has more than 3000 rows"):
        from_form([(f"lines.{row}.q", "1") for row in range(ROWS + 1)])
    assert len(from_form([(f"lines.{row}.q", "1") for row in range(ROWS)])["lines"]) == ROWS


names = st.text(st.sampled_from("ab01._x"), max_size=9)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(names, st.text(max_size=3)), max_size=12))
def test_no_form_makes_any_other_error(pairs):
    with suppress(Problems):
        from_form(pairs)
