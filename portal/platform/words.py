"""What somebody types to find a record, as conditions of a query that indexes serve."""

from collections.abc import Callable
from typing import Any

MOST_WORDS = 8
_LAST = "\U0010ffff"


def patterns(text: str) -> list[str]:
    """One LIKE pattern for each word typed, in small letters, for the gate's search functions."""
    return [f"%{_literal(word)}%" for word in text.lower().split()[:MOST_WORDS]]


def begins(column: str, text: str, bind: Callable[[Any], str]) -> str:
    """SQL: the column begins with the text; a range, because under row-level security no index serves LIKE."""
    return f"({column} >= {bind(text)} and {column} < {bind(text + _LAST)})"


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
