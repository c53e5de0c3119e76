"""Statements without their values: what may be told of them, and a name that a person recognises.

Almost every value travels apart from its statement. What stands in the text all the same (the context of a transaction)
is taken out here, so that a statement that is told never holds a value, whoever wrote it.
"""

import re
from functools import lru_cache
from typing import Final

LONGEST: Final = 2_000  # characters
_VALUES = re.compile(
    r"""(?P<gap>(?:\s+|--[^\n]*|/\*.*?\*/)+)
    | (?P<value>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | [eE]'(?:[^'\\]|''|\\.)*' | (?:\b[bBxXnN])?'(?:[^']|'')*'
        | (?<![\w$."])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)""",
    re.VERBOSE | re.DOTALL,
)
_WRITES = re.compile(
    r"\b(insert\s+into|(?<!for )(?<!key )update|delete\s+from)\s+(?:only\s+)?\"?([\w.]+)", re.IGNORECASE
)
_READS = re.compile(r"\bfrom\s+(?:only\s+)?\"?([a-z_][\w.]*)", re.IGNORECASE)
_CALLS = re.compile(r"\b(portal\.\w+)\s*\(", re.IGNORECASE)


def shape(sql: str) -> str:
    """The statement with a question mark for every value, on one line."""
    return _shape(sql) if "'" not in sql else _without_values(sql)  # texts with values in them are seldom seen twice


def _without_values(sql: str) -> str:
    bare = _VALUES.sub(lambda found: " " if found["gap"] else "?", sql).strip()
    return bare if len(bare) <= LONGEST else f"{bare[:LONGEST]} …"


_shape = lru_cache(1024)(_without_values)


@lru_cache(1024)
def name(shaped: str) -> str:
    """What a shape does, and to which table: `SELECT purchase_order`."""
    verb = shaped.split(" ", 1)[0].rstrip(";").upper()
    if (written := _WRITES.search(shaped)) is not None:
        return f"{written[1].split()[0].upper()} {written[2]}"
    if verb not in ("SELECT", "WITH"):
        return verb
    called = _READS.search(shaped) or _CALLS.search(shaped)
    return f"SELECT {called[1]}" if called else verb
