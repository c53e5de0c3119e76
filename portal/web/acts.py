"""A capability's table of buttons: what each verb's button says, asks and where it leads, for any record."""

from typing import NamedTuple

from portal.platform.i18n import Message
from portal.web.parts import Action


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

    def at(self, address: str, version: int) -> Action:
        """The button on the page of the record at this address."""
        fields = dict(self.fields) | ({"version": version} if self.versioned else {})
        return Action(self.label, address + self.path, self.tone, self.icon, self.post, self.confirm, self.why, fields)
