"""What a command knows for certain of the database: what it read under its lock, and what it has written since.

It is what the answer is told from, too, so that nothing is read twice. What may have changed without the objects at
hand is forgotten, and read anew by whoever asks for it.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from portal.platform.work.parts import Turn, Wanted
from portal.platform.work.rows import Row

T = TypeVar("T")
R = TypeVar("R", bound=Row)


class Known:
    def __init__(self) -> None:
        self.rows: dict[tuple[type[Row], UUID | None], Row] = {}
        self.turns: set[Turn] = set()
        self.locked: set[tuple[type[Row], UUID]] = set()
        self._parts: dict[Wanted, Any] = {}

    def note(self, row: R) -> R:
        self.rows[type(row), row.__dict__.get("id")] = row
        return row

    def row(self, row_type: type[R], key: UUID) -> R | None:
        found: Any = self.rows.get((row_type, key))
        return found

    def has(self, wanted: Wanted) -> bool:
        return wanted in self._parts

    def part(self, wanted: Wanted) -> Any:
        """None if it is not known."""
        return self._parts.get(wanted)

    def keep(self, wanted: Wanted, value: Any) -> None:
        """The part is this: rows become known by their ids, and those of several owners as the parts of each."""
        part = wanted.part
        self._parts[wanted] = value
        if part.row_type is None:
            return
        for row in value:
            self.note(row)
            if part.locked:
                self.locked.add((type(row), row.id))
        if part.each is not None:
            each: dict[UUID, list[Any]] = {}
            for row in value:
                each.setdefault(getattr(row, part.each.column), []).append(row)
            self._parts |= {part.each.part.of(owner): rows for owner, rows in each.items()}

    def forget(self, written: Iterable[str], moved: Iterable[str], by_hand: Iterable[str]) -> None:
        """After a flush. Of tables of which rows were `written` their objects hold what is true, not what was made of
        them; of those to which rows came, or from which they went, no part holds; of those written `by_hand` nothing.
        """
        changed, gone = {*written, *moved, *by_hand}, {*moved, *by_hand}
        for key in list(self._parts):
            part = key.part
            if not part.tables.isdisjoint(gone if part.row_type else changed):
                del self._parts[key]
        unsure = set(by_hand)
        for known in [known for known in self.rows if known[0].table_name() in unsure]:
            del self.rows[known]
