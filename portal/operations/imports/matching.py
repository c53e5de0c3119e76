"""How well a column of a file fits a field: by the name in its header, and by what its cells look like.

Numbers go before names: of "Vendor" and "Vendor Code" the one whose cells are codes is the supplier's number. What is
wished for is never what came: "Requested delivery date" is no delivery.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from portal.operations.imports.guesses import Look
from portal.operations.imports.synonyms import Known
from portal.operations.imports.values import Cell

EXACT, VAGUE = 0.9, 0.8  # the very name; a name that may mean other things too, or a part of a name at most
SOME, LEAST_SHARE = 0.75, 0.1  # of the very name, where only some cells are of the sort, and how many
NAMES, BARE = 0.85, 0.5  # of a name, where the cells are no codes; where they are not of the sort at all
NUMBERED = frozenset(("no", "nr", "number", "nummer", "num", "nbr", "code", "id", "key"))
SHORTEST = 5  # letters of a word that is looked for inside of others
_APART = re.compile(r"[\W_]+")


class Column(NamedTuple):
    name: str
    words: str
    look: Look
    cells: list[Cell]


def normal(name: str) -> str:
    """A header's name as it is compared: without case, accents, punctuation; `ue` is as good as `ü`, `#` as `no`."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss").replace("#", " no ").replace("№", " no "))
    plain = re.sub("(?<=[aou])e", "", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(_APART.sub(" ", plain).split())


def sure(known: Known, column: Column) -> float:
    """From 0 to 1, by the name and by whether the cells are of the field's sort."""
    named = named_as(known, column.words)
    if not named or not known.looks or not column.look.sample:
        return named
    if known.looks == "code":
        extra = 0.02 if column.words.split()[-1] in NUMBERED else 0.0
        return min(1.0, named + 0.08 + extra) if column.look.is_mostly("code") else named * NAMES
    if _looks(known.looks, column.look, named):
        return min(1.0, named + 0.1)
    if known.looks == "word":
        return 0.0  # 60 pieces in a pack are no unit
    return named * (SOME if named >= VAGUE and column.look.shares.get(known.looks, 0) >= LEAST_SHARE else BARE)


def named_as(known: Known, words: str) -> float:
    """How much the name of a column says that it is this field."""
    if any(_is_said(word, words) for word in words_of(known.unless)):
        return 0.0
    if known.looks == "text" and words.split()[-1:] and words.split()[-1] in NUMBERED:
        return 0.0  # the number of a thing is not its name
    return max(_named(known.looks, name, words) for name in known.names.split("|"))


def _named(sort: str, name: str, theirs: str) -> float:
    most = VAGUE if name.startswith("~") else EXACT
    ours = normalised(name)
    if ours == theirs or (sort == "code" and _core(ours) == _core(theirs) != theirs):
        return most
    return min(most, _partly(ours, theirs))


def _partly(words: str, name: str) -> float:
    theirs, ours = name.split(), words.split()
    if {*ours} <= {*theirs}:
        named = 0.4 + 0.4 * len(ours) / len(theirs)
        return named if theirs[-1] in ours else named * 0.6  # a product group is no product
    if len(words) > (1 if words[0] > "\u2e7f" else 3) and (
        words in name.replace(" ", "") or name.replace(" ", "") == words.replace(" ", "")
    ):
        return 0.4 + 0.4 * len(words) / len(name)
    return 0.0


def _core(words: str) -> str:
    """What is numbered: `vendor` of `vendor code`."""
    *before, last = words.split() or [""]
    return " ".join(before) if before and last in NUMBERED else words


def _is_said(word: str, words: str) -> bool:
    inside = len(word) >= SHORTEST or word[:1] > "\u2e7f"
    return word in words.split() or (inside and word in words)


def _looks(sort: str, look: Look, named: float) -> bool:
    """Whether cells are of a sort. Dates written with points look like numbers, and are none; whole numbers are days as
    spreadsheets count them where the name says that days are meant."""
    if sort in ("number", "whole"):
        return look.is_mostly(sort) and not look.is_mostly("date")
    return look.is_mostly(sort) or (sort == "date" and named == EXACT and look.is_mostly("serial"))


@cache
def words_of(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalised(name) for name in names.split("|") if name))


@cache
def normalised(name: str) -> str:
    return normal(name.removeprefix("~"))
