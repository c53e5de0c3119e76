"""A supplier's catalogue (UBL) as the table that a spreadsheet would be: the rest of its way is that of any file."""

import asyncio
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from portal.catalogue.queries.brought import MOST_BYTES, rows_brought
from portal.operations.imports.sources import LARGEST
from portal.platform.actor import Actor
from portal.platform.csv_file import MARK
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import viewing
from portal.web.upload import too_large

ENDING: Final = ".xml"


async def as_tables(actor: Actor, paths: Sequence[Path], field: str) -> list[Path]:
    """The files, catalogues among them as CSV; raises Invalid with a sentence for all that is wrong with one."""
    found, errors = list[Path](), list[FieldError]()
    for path in paths:
        try:
            found.append(await _as_table(actor, path) if path.suffix.lower() == ENDING else path)
        except Invalid as refusal:
            reasons = [each.message for each in refusal.errors] or [refusal.message]
            errors += [FieldError(field, _("{file}: {why}", file=path.name, why=reason)) for reason in reasons]
    if errors:
        raise Invalid(errors=errors)
    return found


async def _as_table(actor: Actor, path: Path) -> Path:
    """The catalogue beside itself, under its whole name with `.csv` behind: `a.xml` is never `a.csv`."""
    data = await asyncio.to_thread(_bytes_of, path)
    async with viewing(actor) as view:
        rows = await rows_brought(view, data)
    table = path.with_name(f"{path.name}.csv")
    await asyncio.to_thread(_write, table, rows)
    return table


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise Invalid(too_large(path.name, MOST_BYTES))
    return path.read_bytes()


def _write(table: Path, rows: Iterable[Sequence[str]]) -> None:
    """For our own reader, so cells stand as they are; a text that stands once in a catalogue stands here for each of
    its prices, hence the bound."""
    with table.open("w", encoding="utf-8", newline="") as file:
        file.write(MARK)
        lines = csv.writer(file)
        for row in rows:
            lines.writerow(row)
            if file.tell() > LARGEST:
                raise Invalid(too_large(table.name, LARGEST))
