"""A file that a spreadsheet opens runs nothing."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.platform.csv_file import cell, csv_line


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1", '=HYPERLINK("x")'])
def test_what_would_run_is_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("separator", [";", "\t", "\r", "\n", "|", '; "'])
def test_what_would_run_where_another_separator_counts_is_text(separator: str) -> None:
    before, within = separator[:1], separator[1:]
    assert cell(f"INV-1{separator}=1+1;z") == f"INV-1{before}'{within}=1+1;z"


def test_numbers_of_ours_stay_numbers() -> None:
    assert [cell(Decimal("-12.50")), cell(None), cell(3)] == ["-12.50", "", "3"]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\0")), min_size=1))
def test_every_text_comes_back_and_none_begins_a_formula(texts: list[str]) -> None:
    read = next(csv.reader(io.StringIO(csv_line(texts))))
    assert [text.replace("'", "") for text in read] == [text.replace("'", "") for text in texts]
    assert not any(text.startswith(("=", "+", "-", "@", "\t")) for text in read)
