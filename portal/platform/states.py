"""States are tables: one table serves enforcement, buttons, the diagram in the docs and the exhaustive test.

`StateTable.take` is the only writer of a record's state. The database holds the same transitions as a trigger, so that
it refuses what the code should have.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Denied

Proviso = Callable[[Any], Message | None]
NAMES: dict[str, Mapping[Any, Message]] = {}  # by table what the states of its rows are called


class Transition(NamedTuple):
    """A verb: from which states it leads where, who may do it, and what must be true of the record."""

    verb: str
    sources: tuple[str, ...]
    target: str
    permission: str
    provided: Sequence[Proviso] = ()


class WrongState(Conflict):
    """The record is in another state than the verb needs: often somebody else was faster."""


class StateTable:
    """The life of one kind of record, the rows of one table. `names` gives each state's name for people."""

    def __init__(
        self, noun: Message, names: Mapping[Any, Message], transitions: Sequence[Transition], *, of: str
    ) -> None:
        NAMES[of] = names
        self.noun = noun
        self.names = names
        self.transitions = tuple(transitions)
        self._by_verb = {transition.verb: transition for transition in self.transitions}
        if len(self._by_verb) != len(self.transitions):
            raise ValueError("each verb of a state table is one row")

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.transitions)

    def take(self, verb: str, row: Any, change: Any) -> None:
        """Move the record on, or refuse: 403 not allowed, 409 wrong state or a proviso that does not hold."""
        transition = self._by_verb[verb]
        change.require(transition.permission, row)
        if row.state not in transition.sources:
            raise WrongState(self._wrong_state(row.state, transition), subject_id=row.id)
        for proviso in transition.provided:
            missing = proviso(row)
            if missing is not None:
                raise Conflict(missing, subject_id=row.id)
        row.state = transition.target

    def possible(self, row: Any, require: Callable[[str, Any], None]) -> list[str]:
        """The verbs that would be taken now: what the page offers as buttons."""
        return [transition.verb for transition in self.transitions if self._would_take(transition, row, require)]

    def pairs(self) -> set[tuple[str, str]]:
        """Every legal change of state, for the database's trigger and the test that both agree."""
        return {(s, t.target) for t in self.transitions for s in t.sources if s != t.target}

    def _would_take(self, transition: Transition, row: Any, require: Callable[[str, Any], None]) -> bool:
        if row.state not in transition.sources or any(proviso(row) for proviso in transition.provided):
            return False
        try:
            require(transition.permission, row)
        except Denied:
            return False
        return True

    def _wrong_state(self, state: str, transition: Transition) -> Message:
        return _(
            "The {noun} is “{state}” now. This is possible only when it is: {sources}.",
            noun=self.noun,
            state=self.names[state],
            sources=_Listed([self.names[source] for source in transition.sources]),
        )


class _Listed:
    """Names of states, joined when shown, in the reader's language."""

    def __init__(self, names: Sequence[Message]) -> None:
        self.names = names

    def __format__(self, _spec: str) -> str:
        return ", ".join(f"“{name}”" for name in self.names)
