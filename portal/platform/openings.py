"""Openings: the statements that a transaction begins with, sent as one message.

A message of several statements cannot be prepared as one, and PostgreSQL would analyse and plan each of them anew every
time: half of what a row's lock costs. So each connection is told once what they are (PREPARE), and then by name.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID


class Said(NamedTuple):
    """A statement with `$1…`, the kind of its values, and these: ids, several of them, or nothing, so that they need no
    quoting."""

    sql: str
    kind: str
    values: tuple[UUID | tuple[UUID, ...] | None, ...]


class Names:
    """What one connection calls the statements that it was told of."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._told = 0

    def message(self, statements: Sequence[str | Said]) -> tuple[str, list[str]]:
        """The message that makes these statements, and what of it the connection hears of for the first time."""
        new: dict[str, tuple[str, str]] = {}
        texts = [each if isinstance(each, str) else self._named(each, new) for each in statements]
        self._names |= {sql: name for sql, (name, _text) in new.items()}
        return "; ".join([*(text for _name, text in new.values()), *texts]), list(new)

    def forget(self, told: Sequence[str]) -> None:
        """The message failed: whether these were heard is not known, so they are told again, by other names."""
        for sql in told:
            self._names.pop(sql, None)

    def _named(self, said: Said, new: dict[str, tuple[str, str]]) -> str:
        name = self._names.get(said.sql) or (new[said.sql][0] if said.sql in new else None)
        if name is None:
            self._told += 1
            name = f"opening_{self._told}"
            kinds = ", ".join([said.kind] * len(said.values))
            new[said.sql] = (name, f"PREPARE {name}({kinds}) AS {said.sql}")
        return f"EXECUTE {name}({', '.join(map(_literal, said.values))})"


def _literal(value: UUID | tuple[UUID, ...] | None) -> str:
    if isinstance(value, tuple):
        return f"'{{{','.join(str(UUID(str(each))) for each in value)}}}'"
    return "''" if value is None else f"'{UUID(str(value))}'"
