"""Forms that keep what was typed, and grids whose lines come and go without a script."""

from portal.platform.refusals import FieldError
from portal.web.forms import Form, grown

TWO_LINES = {"note": "Ring twice", "lines.0.quantity": "1", "lines.0.unit": "H87", "lines.1.quantity": "2"}


def test_a_new_line_is_empty_and_comes_last() -> None:
    changed = grown(TWO_LINES | {"add_line": "lines"})
    assert changed == TWO_LINES | {"lines.2.quantity": ""}


def test_removing_a_line_moves_up_those_after_it() -> None:
    assert grown(TWO_LINES | {"remove_line": "lines.0"}) == {"note": "Ring twice", "lines.0.quantity": "2"}


def test_an_ordinary_submit_changes_no_lines() -> None:
    assert grown(TWO_LINES) is None
    assert grown(TWO_LINES | {"remove_line": "lines"}) is None
    assert grown(TWO_LINES | {"remove_line": "../.."}) is None


def test_a_form_without_lines_offers_one_to_begin_with() -> None:
    assert Form().rows("lines") == [0]
    assert Form(TWO_LINES).rows("lines") == [0, 1]


def test_lines_left_blank_close_up_so_that_errors_stay_with_their_line() -> None:
    sent = {"lines.0.quantity": "1", "lines.1.quantity": "", "lines.2.quantity": "x"}
    shown = Form.typed(sent, [FieldError("lines.1.quantity", "Write a number")])
    assert shown.values == {"lines.0.quantity": "1", "lines.1.quantity": "x"}
    assert shown.error("lines.1.quantity") == "Write a number"


def test_what_was_typed_is_shown_as_it_was_typed() -> None:
    form = Form({"limit": "12,5O0"}, [FieldError("limit", "Write a number")])
    assert (form.value("limit"), form.error("limit"), form.error("note")) == ("12,5O0", "Write a number", "")
