"""Reading a mapping, and what its types cannot say: every mistake that shows without the files is named here."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec
import re2

from portal.operations.imports.encodings import is_text
from portal.operations.imports.mapping.shape import (
    MOST_PATTERNS,
    Field,
    Format,
    Made,
    Mapping,
    Rows,
    Rule,
    Table,
    Told,
    Unusable,
)
from portal.operations.imports.months import known
from portal.operations.imports.patterns import compiled
from portal.platform.fields import TimeZone
from portal.platform.i18n import _

LARGEST = 1_000_000  # bytes
MOST_PARTS = 20  # of a key with dots
EXCEL = ("excel", "excel-1904")  # days as spreadsheets count them
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re2.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART}){{{MOST_PARTS - 1}}}")
_SOME_DAY = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)


def load(path: Path) -> Mapping:
    """The mapping in a file; raises Unusable with the place of what is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(_("The mapping {name} is too large to be one.", name=path.name))
        return decode(path.read_bytes(), json=path.suffix.lower() == ".json")
    except OSError as error:
        raise Unusable(_("The mapping {name} cannot be read: {why}.", name=path.name, why=error.strerror)) from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise Unusable(_("The mapping {name} cannot be used: {why}.", name=path.name, why=error)) from error


def decode(body: bytes, *, json: bool = False) -> Mapping:
    """Raises ValueError (msgspec's names the place) for what is no mapping."""
    try:
        raw: Any = msgspec.json.decode(body) if json else msgspec.toml.decode(_plain(body))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    mapping = msgspec.convert(raw, Mapping)
    for mistake in (*_unstorable(raw), *_mistakes(mapping)):
        raise ValueError(mistake)
    return mapping


def _unstorable(raw: Any, place: str = "$") -> Iterator[str]:
    """Texts that no database keeps."""
    if isinstance(raw, str):
        if "\0" in raw:
            yield f"a text holds NUL, which cannot be kept - at `{place}`"
    elif isinstance(raw, dict):
        for name, value in raw.items():
            yield from _unstorable(name, place)
            yield from _unstorable(value, f"{place}.{name}")
    elif isinstance(raw, list):
        for number, value in enumerate(raw):
            yield from _unstorable(value, f"{place}[{number}]")


def _plain(body: bytes) -> bytes:
    """Refuses keys of very many parts: reading them takes time by the square of their number."""
    text = body.decode()
    if _LONG_KEY.search(text):
        raise ValueError(f"no key has {MOST_PARTS} parts")
    return body


def _mistakes(mapping: Mapping) -> Iterator[str]:
    yield from _of_format(mapping.format)
    if sum(1 for _pattern in _patterns(mapping)) > MOST_PATTERNS:
        yield f"a mapping has at most {MOST_PATTERNS} patterns"
        return
    for name, file in mapping.files.items():
        yield from _of_rows(file)
        yield from _of_format(file.format) if file.format else ()
        if file.file in mapping.files:
            yield f"the file {name!r} must name a file itself, not another of [files]"
    for table in mapping.tables():
        yield from _of_rows(table)
        yield from _of_table(mapping, table)


def _patterns(mapping: Mapping) -> Iterator[str]:
    for rows in [*mapping.files.values(), *mapping.tables()]:
        fields = rows.plans().values() if isinstance(rows, Table) else ()
        rules = [rule for field in fields for rule in field.rules]
        yield from (
            told.like for told in (*rows.derived.values(), *rows.skip, *fields, *rules) if told.like is not None
        )


def _of_format(written: Format) -> Iterator[str]:
    if written.encoding is not None and not is_text(written.encoding):
        yield f"encoding {written.encoding!r} is not one that is known"
    if written.delimiter is not None and (len(written.delimiter) != 1 or written.delimiter in '"\r\n\0'):
        yield "delimiter must be one character, and neither a quote nor a line break"
    yield from _of_marks(written.decimal, written.thousands)
    if not known(written.language):
        yield f"language {written.language!r} is not one whose months are known"
    try:
        TimeZone.read(written.time_zone)
    except ValueError as error:
        yield f"time_zone: {error}"
    yield from _of_dates(written.dates)


def _of_dates(dates: Iterable[str]) -> Iterator[str]:
    """Each way of writing dates is tried: what it writes it must be able to read."""
    for wanted in dates:
        if wanted in EXCEL:
            continue
        try:
            datetime.strptime(_SOME_DAY.strftime(wanted), wanted)  # noqa: DTZ007 only whether it can be read
        except (ValueError, re.error):
            yield f"{wanted!r} is no way of writing a date"


def _of_marks(decimal: str, thousands: str) -> Iterator[str]:
    if len(decimal) != 1:
        yield "decimal must be one character"
    if len(thousands) > 1 or thousands == decimal:
        yield "thousands must be nothing or one character, and not that of decimal"


def _of_rows(rows: Rows) -> Iterator[str]:
    for name, made in rows.derived.items():
        yield from _of_made(f"column {name!r}", made)
        if not made.sources:
            yield f"column {name!r} needs either a column or columns"
    for skip in rows.skip:
        yield from _of_told(f"skip by {skip.column!r}", skip)


def _of_table(mapping: Mapping, table: Table) -> Iterator[str]:
    """Names of files without folders, one source for each field, maps that exist."""
    for name in [*table.file_names(), *(file.file for file in mapping.files.values())]:
        if not name or Path(name).name != name:
            yield f"{name!r} must be the name of a file, without a folder"
    for name, field in table.plans().items():
        yield from _of_field(mapping, name, field)


def _of_field(mapping: Mapping, name: str, field: Field) -> Iterator[str]:
    label = f"field {name!r}"
    if (field.constant is None) == (not field.sources):
        yield f"{label} needs either a column, columns or a constant"
    yield from _of_made(label, field)
    for rule in field.rules:
        yield from _of_rule(label, rule)
    if isinstance(field.map, str) and field.map not in mapping.values:
        yield f"{label} wants the value map {field.map!r}, which is not among [values]"
    yield from _of_marks(field.decimal or ".", field.thousands or "")
    yield from _of_dates(field.dates)
    if field.times is not None and not _is_factor(field.times):
        yield f"{label}: times must be a number other than 0, such as 100 or 0.01"


def _of_rule(label: str, rule: Rule) -> Iterator[str]:
    yield from _of_told(f"a rule of {label}", rule)
    if (rule.to is None) != rule.reject:
        yield f"a rule of {label} needs either `to` or `reject`"
    if rule.like is not None and rule.to is not None:
        yield from _of_pattern(label, rule.like, rule.to)


def _of_made(label: str, made: Made) -> Iterator[str]:
    if made.column is not None and made.columns:
        yield f"{label} needs either a column or columns, not both"
    if made.split is not None and made.like is not None:
        yield f"{label} is split either by `split` or by `like`"
    if made.split == "" or (made.split is not None and made.part == 0):
        yield f"{label} is split by at least one character, and its parts are counted from 1"
    if made.like is not None:
        yield from _of_pattern(label, made.like, group=made.part)


def _of_told(label: str, told: Told) -> Iterator[str]:
    if (told.texts is None) == (told.like is None):
        yield f"{label} needs either `is` or `like`"
    if told.like is not None:
        yield from _of_pattern(label, told.like)


def _of_pattern(label: str, pattern: str, becomes: str = "", group: int = 0) -> Iterator[str]:
    try:
        compiled(pattern).check(becomes, group)
    except ValueError as error:
        yield f"{label}: {error}"


def _is_factor(text: str) -> bool:
    try:
        factor = Decimal(text)
    except InvalidOperation:
        return False
    return factor.is_finite() and factor != 0 and -12 < factor.adjusted() < 12
