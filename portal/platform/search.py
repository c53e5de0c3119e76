"""Words that somebody looks for, as patterns of SQL's LIKE."""

MOST_WORDS = 8


def patterns(words: str) -> list[str]:
    """One pattern for each word, each anywhere in a lower-case text; what LIKE reads as a sign is taken literally."""
    return [f"%{literal(word)}%" for word in words.lower().split()[:MOST_WORDS]]


def literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
