"""Lists: keyset paging, so that the hundredth page costs what the first does.

A cursor is the last row's sort value and id; it says nothing that its reader did not see. One that begins with `~` is
the first row's and leads back. Sorts are offered by name, each with its index; `-` before the name turns it round.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from portal.platform.i18n import _
from portal.platform.refusals import Malformed

T = TypeVar("T")
LEAST, USUAL, MOST = 1, 50, 200


class Page(msgspec.Struct, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


class Sort(NamedTuple):
    """A column that a list may be sorted by, how a cursor's text becomes its value again, and by what of it (`{}`)."""

    column: str
    parse: Callable[[str], Any]
    cast: str
    by: str = "{}"


class Turned(NamedTuple):
    """One page's rows in the order of the list, with the cursors to its neighbours."""

    rows: list[Any]
    newer: str | None
    older: str | None


class Order(NamedTuple):
    """The chosen sort, its direction, and where the page begins; `back` leads towards the beginning of the list."""

    sort: Sort
    descending: bool
    after: tuple[Any, UUID] | None
    back: bool = False

    def sql(self, alias: str, bind: Callable[[Any], str], limit: int) -> tuple[str, str]:
        """(condition, order by … limit …) — one row more than asked for tells whether there is a next page."""
        falling = self.descending != self.back
        column, direction = self.sort.by.format(f"{alias}.{self.sort.column}"), "desc" if falling else "asc"
        ending = f"order by {column} {direction}, {alias}.id {direction} limit {limit + 1}"
        if self.after is None:
            return f"{column} is not null", ending
        value, key = self.after
        place = f"({self.sort.by.format(f'{bind(value)}::{self.sort.cast}')}, {bind(key)}::uuid)"
        return f"({column}, {alias}.id) {'<' if falling else '>'} {place}", ending

    def page(self, rows: Sequence[Any], limit: int, value: Callable[[Any], Any]) -> str | None:
        """The cursor to the next page, if there is one."""
        return self.turned(rows, limit, value).older

    def turned(self, found: Sequence[Any], limit: int, value: Callable[[Any], Any]) -> Turned:
        """What the query found, as a page: its rows in the list's order, and the ways on from both its ends."""
        more, rows = len(found) > limit, list(found[:limit])
        rows = rows[::-1] if self.back else rows
        came = self.after is not None
        newer = "~" + encode(value(rows[0]), rows[0]["id"]) if rows and (more if self.back else came) else None
        older = encode(value(rows[-1]), rows[-1]["id"]) if rows and (came if self.back else more) else None
        return Turned(rows, newer, older)


def with_beside(page: str, beside: str) -> str:
    """A page's statement that brings one more value with it, in the column `beside` of its first row and of no other;
    a page without rows is then one row without an `id`. So what stands beside a list is no statement of its own."""
    return (
        f"with page as materialized (select *, row_number() over () as place from ({page}) listed) "
        "select p.*, case when coalesce(p.place, 1) = 1 then b.beside end as beside "
        f"from (select {beside} as beside) b left join page p on true order by p.place"
    )


def order_of(sorts: Mapping[str, Sort], sort: str, cursor: str | None) -> Order:
    """Read `sort` and `cursor` of a request; `Malformed` names what is offered."""
    name = sort.removeprefix("-")
    if name not in sorts:
        raise Malformed(_("This list is sorted by one of: {names}.", names=", ".join(sorts)))
    chosen = sorts[name]
    back = (cursor or "").startswith("~")
    after = _decode(cursor.removeprefix("~"), chosen) if cursor else None
    return Order(chosen, sort.startswith("-"), after, back)


def codes(name: str, text: str | None, known: Iterable[str]) -> list[str] | None:
    """A parameter of one code or several with commas between them; none narrows nothing. `Malformed` says which exist.

    Every list asks this of what it is narrowed by: an empty list would pass for an answer.
    """
    if not text:
        return None
    chosen, choices = text.split(","), list(known)
    if not set(chosen) <= set(choices):
        raise Malformed(_("{name} is one of these, or several: {choices}.", name=name, choices=", ".join(choices)))
    return chosen


def one_of(name: str, text: str | None, known: Mapping[str, T]) -> T | None:
    """What a parameter of one code stands for; none stands for nothing. `Malformed` says which exist."""
    if text and text not in known:
        raise Malformed(_("{name} is one of these: {choices}.", name=name, choices=", ".join(known)))
    return known[text] if text else None


def clamp(limit: int | None) -> int:
    if limit is not None and not LEAST <= limit <= MOST:
        raise Malformed(_("A page has between {least} and {most} entries.", least=LEAST, most=MOST))
    return limit or USUAL


def encode(value: Any, key: UUID) -> str:
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return base64.urlsafe_b64encode(f"{key}{text}".encode()).decode().rstrip("=")


def _decode(cursor: str, sort: Sort) -> tuple[Any, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return sort.parse(text[36:]), UUID(text[:36])
    except (ValueError, binascii.Error, OverflowError) as error:
        raise Malformed(_("This page of the list cannot be found. Start again from its first page.")) from error


class Bind:
    """Collects the values of a hand-written statement; calling it gives the place of a value."""

    def __init__(self, *values: Any) -> None:
        self.values: list[Any] = list(values)

    def __call__(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"
