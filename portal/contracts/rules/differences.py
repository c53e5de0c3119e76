"""What differs between two rounds of a contract, each said as its snapshot says it; and which words of a text do."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final, Literal, NamedTuple

Snapshot = Mapping[str, Any]
TEXTS: Final = ("title", "payment_terms", "note", "clause")
HEADER: Final = (
    "title", "kind", "currency", "valid_from", "valid_to", "notice_days", "renewal_months", "value_cap", "allowance",
    "price_day", "late_rate", "late_per", "late_grace", "late_cap", "retention", "payment_terms", "note",
)  # fmt: skip
_FIGURES: Final = (
    "value_cap",
    "allowance",
    "late_rate",
    "late_cap",
    "retention",
    "unit_price",
    "base_quantity",
    "quantity",
)
_AMOUNTS: Final = ("least", "quantity")
_OF_TERM: Final = ("unit_price", "base_quantity", "quantity", "valid_to")
# What is to be performed: by the list in a snapshot the field that tells, and what calls one of the list.
_PERFORMED: Final = {
    "levels": ("level", ("measure",)),
    "deliverables": ("deliverable", ("title",)),
    "deliveries": ("delivery", ("item_number", "due_on")),
}
_BY_DEFAULT: Final = {"price_day": "order_date", "late_per": "day"}  # what rounds say that are older than the field
# A word, a character of a script that puts no blanks between words, or what stands between them.
_WORDS: Final = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W\u2e80-\u9fff\uac00-\ud7af]+|\s+|.", re.DOTALL
)


class Difference(NamedTuple):
    """One field before and after; `item` is the number of the item whose price it is of, with `since` the quantity and
    `begins` the day that it begins at, or the title of a `clause`. Of a price that came or went the field is `term`,
    and one side is None."""

    item: str
    since: Decimal | None
    begins: str | None
    field: str
    before: Any
    after: Any


class Piece(NamedTuple):
    kind: Literal["same", "removed", "added"]
    text: str


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Of the contract first, then price by price."""
    old, new = before["contract"], after["contract"]
    header = [
        Difference("", None, None, field, old.get(field), new.get(field))
        for field in HEADER
        if _said(field, old) != _said(field, new)
    ]
    clauses = _of_clauses(_clauses(before), _clauses(after))
    performed = (each for part in _PERFORMED for each in _of_part(part, before, after))
    return [*header, *clauses, *_of_terms(_terms(before), _terms(after)), *performed]


def words(before: str, after: str) -> list[Piece]:
    """Both texts as one: what only the first has is removed, what only the second has is added."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for _tag, i, j, k, n in SequenceMatcher(None, old, new).get_opcodes():
        if old[i:j] == new[k:n]:
            found.append(Piece("same", "".join(old[i:j])))
            continue
        found += [Piece("removed", "".join(old[i:j]))] if i < j else []
        found += [Piece("added", "".join(new[k:n]))] if k < n else []
    return found


def _of_clauses(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    """By their titles, in the order in which they stand now, those that went last."""
    for title in dict.fromkeys((*after, *before)):
        if before.get(title) != after.get(title):
            yield Difference(title, None, None, "clause", before.get(title), after.get(title))


def _of_part(part: str, before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    """What is called the same is the same one, said otherwise; older rounds had none of these."""
    field, calls = _PERFORMED[part]
    old, new = ({tuple(str(one[name]) for name in calls): one for one in of.get(part, ())} for of in (before, after))
    for called in dict.fromkeys((*new, *old)):
        was, now = (side.get(called) for side in (old, new))
        if _plain(was) != _plain(now):
            yield Difference(called[0], None, None, field, was, now)


def _plain(part: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Comparable, whichever way it was written down."""
    if part is None:
        return None
    return {key: Decimal(str(value)) if key in _AMOUNTS else str(value) for key, value in part.items()}


def _clauses(said: Snapshot) -> dict[str, str]:
    """Of several with one title, one text."""
    texts: dict[str, list[str]] = {}
    for clause in said.get("clauses", ()):
        texts.setdefault(clause["title"], []).append(clause["text"])
    return {title: "\n\n".join(told) for title, told in texts.items()}


def _of_terms(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Difference]:
    for item, since, begins in sorted({*before, *after}):
        old, new = before.get((item, since, begins)), after.get((item, since, begins))
        if old is None or new is None:
            yield Difference(item, since, begins or None, "term", old, new)
            continue
        for field in _OF_TERM:
            if _said(field, old) != _said(field, new):
                yield Difference(item, since, begins or None, field, old.get(field), new.get(field))


def _terms(said: Snapshot) -> dict[tuple[str, Decimal, str], Any]:
    lines: Sequence[Mapping[str, Any]] = said["lines"]
    return {
        (line["item_number"], Decimal(str(line["minimum_quantity"])), str(line.get("valid_from") or "")): line
        for line in lines
    }


def _said(field: str, part: Mapping[str, Any]) -> Any:
    """Comparable, whichever way it was written down."""
    value = part.get(field) or _BY_DEFAULT.get(field)
    if field in _FIGURES:
        return Decimal(str(value or 0))
    return str(value or "")
