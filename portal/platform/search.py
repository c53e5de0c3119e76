"""What somebody types to find a record, as conditions of a query that indexes serve."""

from collections.abc import Callable
from typing import Any

MOST_WORDS = 8
_LAST = "\U0010ffff"


def patterns(words: str) -> list[str]:
    """One pattern a word, anywhere in a lower-case text; what LIKE reads as a sign is taken literally."""
    return [f"%{literal(word)}%" for word in words.lower().split()[:MOST_WORDS]]


def literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def begins(column: str, text: str, bind: Callable[[Any], str]) -> str:
    """SQL: the column begins with the text; a range, because under row-level security no index serves LIKE."""
    return f"({column} >= {bind(text)} and {column} < {bind(text + _LAST)})"
