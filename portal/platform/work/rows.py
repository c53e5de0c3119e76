"""Rows: Piccolo tables used as light objects.

Piccolo defines the columns; a row read by hand-written SQL becomes an instance without Piccolo's constructor, which
is what keeps the hot verbs cheap. Columns named in `private` stay on the owner's side of the log; those in `personal`
are encrypted there with the key of the person whom a column of `personal_to` names, the first that is set.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

from piccolo.table import Table

from portal.platform.actor import Actor


class Row(Table):
    """A business table. `owner` names the column of the organisation whose record this is; empty: whoever acts."""

    id: Any
    version: Any
    subject_kind: ClassVar[str] = ""
    owner: ClassVar[str] = "organisation_id"
    private: ClassVar[frozenset[str]] = frozenset()
    personal: ClassVar[frozenset[str]] = frozenset()
    personal_to: ClassVar[tuple[str, ...]] = ("person_id",)

    @classmethod
    def of(cls, record: Any) -> Self:
        """The row that a query returned, or a mapping of columns to values."""
        row = cls.__new__(cls)
        vars(row).update(record)
        row._exists_in_db = True
        return row

    @classmethod
    def table_name(cls) -> str:
        return cls._meta.tablename

    @classmethod
    def column_names(cls) -> list[str]:
        return [column._meta.db_column_name for column in cls._meta.columns]


class Asked:
    """What an entry is about that no row was written for: a request, and the record that it named, if any.

    It belongs to no record's history: it has no root.
    """

    subject_kind: ClassVar[str] = "request"
    owner: ClassVar[str] = ""
    personal: ClassVar[frozenset[str]] = frozenset()
    personal_to: ClassVar[tuple[str, ...]] = ()

    def __init__(self, record_id: UUID, name: str) -> None:
        self.id = record_id
        self.name = name


def values_of(row: Row) -> dict[str, Any]:
    """The row's present values, by column."""
    known = row.__dict__
    return {column: known[column] for column in type(row).column_names() if column in known}


def owner_of(row: Row | Asked, actor: Actor) -> UUID:
    """Whose record this is: people belong to no organisation, so their entries are kept by the one they act for."""
    return getattr(row, type(row).owner) if type(row).owner else actor.organisation_id


def reader_of(row: Row | Asked) -> UUID | None:
    """The other organisation that may read this record now."""
    return row.__dict__.get("shown_to")


def readers_of(row: Row | Asked, actor: Actor) -> frozenset[UUID]:
    """The organisations that may read this record now."""
    reader = reader_of(row)
    return frozenset({owner_of(row, actor)} if reader is None else {owner_of(row, actor), reader})


def person_of(row: Row | Asked) -> UUID | None:
    """Whom the row is about: the person it is, or the one it names; who is asked to join goes by their invitation."""
    named = (row.__dict__.get(column) for column in type(row).personal_to)
    return next((each for each in named if each is not None), None)


def split_private(row_type: type[Row], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values everybody who reads the entry may see, and those that stay with the owner."""
    shared = {column: value for column, value in values.items() if column not in row_type.private}
    private = {column: value for column, value in values.items() if column in row_type.private}
    return shared, private


def uniform(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns that all the rows have; rows of one insert must agree."""
    columns = None
    for row in rows:
        if columns is None:
            columns = list(row)
        elif columns != list(row):
            raise ValueError(f"Rows of one insert must have the same columns: {columns} and {list(row)}")
    return columns or []
