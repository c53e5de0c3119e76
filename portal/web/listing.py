"""Lists as files: what people see as a list leaves as CSV and XLSX, with the same filters in the same address.

A list names its columns once; a reader who may not see a column's figures has no such column. Files are read page by
page, and whatever refuses them (a sort, a filter, a cursor) refuses before their first byte.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Stream

from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.work import View, viewing
from portal.platform.workbook import Sheet, workbook
from portal.web.downloads import csv_file, xlsx_file
from portal.web.query import read_query

MOST_IN_FILE: Final = 10_000
_PORTION: Final = 200

Rows = tuple[Sequence[Any], str | None]


class Column(NamedTuple):
    """What stands above a column, and what of a row stands in it."""

    title: Message
    value: Callable[[Any], Any]


class Listing(NamedTuple):
    """A list that leaves as a file: `fetch(view, asked, cursor, limit)` gives one page of it and the next's cursor."""

    path: str
    name: str
    form: type
    columns: Callable[[Actor], Sequence[Column]]
    fetch: Callable[[View, Any, str | None, int], Awaitable[Rows]]


def local(actor: Actor, title: Message, value: Callable[[Any], datetime | None]) -> Column:
    """A moment, to the minute and without an offset, as spreadsheets take it for a time; the title names the zone."""
    zone = ZoneInfo(actor.time_zone)

    def told(row: Any) -> str:
        instant = value(row)
        return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M") if instant else ""

    return Column(_("{title} ({zone})", title=title, zone=actor.time_zone), told)


def as_files(listing: Listing, guard: Any) -> list[Any]:
    """The routes of a list's two files, under the permission of the list itself."""

    @get(f"{listing.path}.csv", guards=[guard], include_in_schema=False)
    async def as_csv(request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Stream:
        columns, asked = await _asked(listing, request, actor)
        return csv_file(f"{listing.name}.csv", _titles(columns), _rows(listing, columns, actor, asked))

    @get(f"{listing.path}.xlsx", guards=[guard], include_in_schema=False)
    async def as_xlsx(request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Stream:
        columns, asked = await _asked(listing, request, actor)
        sheet = Sheet(listing.name, _titles(columns), _rows(listing, columns, actor, asked))
        return xlsx_file(f"{listing.name}.xlsx", await workbook([sheet]))

    return [as_csv, as_xlsx]


async def _asked(listing: Listing, request: Request[Any, Any, Any], actor: Actor) -> tuple[Sequence[Column], Any]:
    asked = read_query(request.query_params, listing.form)
    async with viewing(actor) as view:
        await listing.fetch(view, asked, None, 1)
    return listing.columns(actor), asked


def _titles(columns: Sequence[Column]) -> list[Message]:
    return [column.title for column in columns]


async def _rows(listing: Listing, columns: Sequence[Column], actor: Actor, asked: Any) -> AsyncIterator[list[Any]]:
    cursor, left = None, MOST_IN_FILE
    async with viewing(actor) as view:
        while left > 0:
            rows, cursor = await listing.fetch(view, asked, cursor, min(left, _PORTION))
            for row in rows:
                yield [column.value(row) for column in columns]
            left -= len(rows)
            if cursor is None:
                return
