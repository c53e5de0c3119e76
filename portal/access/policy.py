"""The first wall: Casbin decides which roles hold a permission, and under which conditions.

A decision is the set of conditions under which one combination of roles and kind of organisation holds one permission:
`{""}` is unconditional, the empty set is no. Decisions are cached; conditions are then asked about the object at hand.
A deny on any role beats every allow. A policy that does not load denies everything.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from portal.access.reading import Read
from portal.access.rule import Rule
from portal.platform.paths import resource

log = structlog.get_logger("access")
NOBODY: frozenset[str] = frozenset()


class Policy:
    """`model.conf`, `roles.csv` and `duties.csv`, read once; `load` again replaces it and forgets all decisions.

    The replacement is one assignment: whoever decides meanwhile, in any thread, decides by the old or by the new.
    """

    def __init__(self) -> None:
        self._read: Read | None = None
        self._folder: Path | None = None

    def load(self, folder: Path | None = None) -> None:
        """Read the policy; whatever is wrong with it, the portal then denies rather than guesses."""
        self._folder = folder = folder or resource("policies")
        try:
            self._read = Read(folder)
        except Exception as error:
            self._read = None
            log.error("policy does not load, everything is denied", error=str(error))

    def reload(self) -> None:
        """Read the same files anew."""
        self.load(self._folder)

    @property
    def loaded(self) -> bool:
        return self._read is not None

    @property
    def digest(self) -> str:
        """SHA-256 of the model, the roles and the duties; empty while everything is denied."""
        return read.digest if (read := self._read) else ""

    @property
    def lines(self) -> Mapping[Rule, int]:
        """Where each rule stands in `roles.csv`."""
        return read.lines if (read := self._read) else {}

    def rules(self) -> Sequence[Rule]:
        """The rules of roles: the matrix on screen is made of these."""
        return read.rules if (read := self._read) else ()

    def told(self) -> list[str]:
        """All that decides, rules of roles and duties, as the log keeps it: one line each."""
        return [str(each) for each in (*read.rules, *read.duties)] if (read := self._read) else []

    @property
    def excluding(self) -> Mapping[str, Mapping[str, str]]:
        """For each permission, the ones that exclude it on one transaction, with the sentence that says why."""
        return read.excluding if (read := self._read) else {}

    def decide(self, roles: frozenset[str], kind: str, permission: str) -> frozenset[str]:
        """Under which conditions these roles hold the permission."""
        return read.decide(roles, kind, permission) if (read := self._read) else NOBODY


POLICY = Policy()
