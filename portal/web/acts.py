"""A capability's table of buttons: what each verb's button says, asks and where it leads, for any record."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from portal.platform.i18n import Message
from portal.web.parts import Action, Choice


class Act(NamedTuple):
    """A verb's button: `path` behind the record's address, `why` the question for a reason, `confirm` before the end.

    A `versioned` one acts on the version that the page showed, or not at all.
    """

    label: Message
    path: str
    tone: str = "default"
    icon: str = ""
    why: Message | str = ""
    confirm: Message | str = ""
    post: bool = True
    fields: tuple[tuple[str, str], ...] = ()
    versioned: bool = False
    choice: Choice | None = None

    def at(self, address: str, version: int) -> Action:
        """The button on the page of the record at this address."""
        fields = dict(self.fields) | ({"version": version} if self.versioned else {})
        asked = (self.confirm, self.why, fields, self.choice)
        return Action(self.label, address + self.path, self.tone, self.icon, self.post, *asked)


def with_next(acts: Sequence[Action], sections: Iterable[Any]) -> list[Action]:
    """The acts of a record and, behind its own, those by which later capabilities go on from it (`main` of their
    sections): so they stand at the head of the page. One of all is prominent."""
    shown, found = list(acts), [main for each in sections if (main := getattr(each.data, "main", None)) is not None]
    for act in found:
        prominent = any(other.tone == "primary" for other in shown)
        shown.append(msgspec.structs.replace(act, tone="default") if prominent else act)
    return sorted(shown, key=lambda act: act.tone != "primary")
