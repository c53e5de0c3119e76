"""Lists: keyset paging, so that the hundredth page costs what the first does.

A cursor is the last row's sort value and id; it says nothing that its reader did not see. Sorts are offered by name,
each with its index; `-` before the name turns it round.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
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
    """A column that a list may be sorted by, and how a cursor's text becomes its value again."""

    column: str
    parse: Callable[[str], Any]
    cast: str


class Order(NamedTuple):
    """The chosen sort, its direction, and where the page begins."""

    sort: Sort
    descending: bool
    after: tuple[Any, UUID] | None

    def sql(self, alias: str, bind: Callable[[Any], str], limit: int) -> tuple[str, str]:
        """(condition, order by … limit …) — one row more than asked for tells whether there is a next page."""
        column, direction = f"{alias}.{self.sort.column}", "desc" if self.descending else "asc"
        ending = f"order by {column} {direction}, {alias}.id {direction} limit {limit + 1}"
        if self.after is None:
            return f"{column} is not null", ending
        comparison = "<" if self.descending else ">"
        value, key = self.after
        return f"({column}, {alias}.id) {comparison} ({bind(value)}::{self.sort.cast}, {bind(key)}::uuid)", ending

    def page(self, rows: Sequence[Any], limit: int, value: Callable[[Any], Any]) -> str | None:
        """The cursor to the next page, if there is one."""
        return encode(value(rows[limit - 1]), rows[limit - 1]["id"]) if len(rows) > limit else None


def order_of(sorts: Mapping[str, Sort], sort: str, cursor: str | None) -> Order:
    """Read `sort` and `cursor` of a request; `Malformed` names what is offered."""
    name = sort.removeprefix("-")
    if name not in sorts:
        raise Malformed(_("This list is sorted by one of: {names}.", names=", ".join(sorts)))
    chosen = sorts[name]
    return Order(chosen, sort.startswith("-"), None if not cursor else _decode(cursor, chosen))


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
