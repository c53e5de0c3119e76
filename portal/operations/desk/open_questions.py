"""What the first rows leave open: columns that can be read in two ways, and the answer that a person gives to it."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from portal.operations.desk.samples import Glances, Samples
from portal.operations.desk.words import field as field_name
from portal.operations.imports.cells import written_as
from portal.operations.imports.doubts import DATE, Doubt, found_in, other_order
from portal.operations.imports.kinds import PARTS
from portal.operations.imports.mapping import Field, Format, Unusable
from portal.operations.imports.mapping import Mapping as Whole
from portal.operations.imports.problems import Problems
from portal.operations.imports.rows import Translator
from portal.operations.imports.values import Written
from portal.platform.i18n import Message, _

SETTLED = "settled"
AS_READ, OTHERWISE = "as_read", "otherwise"


class Question(NamedTuple):
    """A column that can be read in two ways: what it becomes, how it is read now, and the box that settles it."""

    doubt: Doubt
    title: Message | str
    box: str
    choices: list[tuple[str, Message]]


def questions(mapping: Whole, kind: str, glances: Glances) -> list[Question]:
    """One for each such column of the first rows; none where the mapping cannot be used yet."""
    try:
        parts = list(_read(mapping, kind, glances))
    except Unusable:
        return []
    return [_question(doubt) for doubt in found_in(parts)]


def settled(field: Field, answer: str, whole: Format, kind: str) -> Field:
    """The field with what was answered about it said by the mapping itself."""
    if answer not in (AS_READ, OTHERWISE):
        return field
    written = written_as(field, whole)
    if kind == DATE:
        ways = written.dates if answer == AS_READ else tuple(other_order(way) or way for way in written.dates)
        return msgspec.structs.replace(field, dates=tuple(dict.fromkeys(ways)))
    decimal, thousands = (written.decimal, written.thousands) if answer == AS_READ else _turned(written)
    return msgspec.structs.replace(field, decimal=decimal, thousands=thousands)


def _turned(written: Written) -> tuple[str, str]:
    return (",", ".") if written.decimal == "." else (".", ",")


def _read(mapping: Whole, kind: str, glances: Glances) -> Iterator[Translator]:
    files = Samples(glances, mapping)
    for part, table in mapping.parts(kind).items():
        translator = Translator(PARTS[part], table, mapping, files)
        for _row in translator.rows(Problems()):
            pass
        yield translator


def _question(doubt: Doubt) -> Question:
    first = doubt.examples[0]
    choices = [
        (AS_READ, _("{text} is {meant}", text=first.text, meant=first.read)),
        (OTHERWISE, _("{text} is {meant}", text=first.text, meant=first.otherwise)),
    ]
    return Question(doubt, field_name(doubt.field), f"{doubt.part}.{doubt.field}.{SETTLED}.{doubt.what}", choices)
