"""What can be wrong with a sealed log, and what a check of it found."""

from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

SAID: Final = {
    "changed": "The entry does not say what was sealed.",
    "side-changed": "A private side of the entry is not what the entry commits to.",
    "removed": "The entry that was sealed here is gone.",
    "seal-removed": "The seal of this position is gone.",
    "seal-changed": "The seal was changed, or stands where it was not put: entries were exchanged.",
    "inserted": "The entry came into the log past the portal: it was never given to be sealed.",
    "unmarked": "The entry came into the log past the portal: it has no mark of a process that holds the key ring.",
    "waiting-removed": "An entry that waited to be sealed is gone.",
    "log-changed": "What is sealed up to here does not have the root that was signed.",
    "log-cut": "The log ends before what was signed: its last entries are gone.",
    "checkpoint-changed": "The checkpoint does not say what its note says.",
    "other-log": "A checkpoint kept outside is of another log: it was not signed for this database.",
    "signature": "The checkpoint is not signed by a key of this portal.",
    "past-key": "A key that was replaced signed it, and not what this log held by then. Who else has the key?",
    "node-changed": "A kept hash of the tree is not what the entries give.",
    "proof": "The proof does not lead from the entry to the signed root.",
    "consistency": "The later log does not begin with the earlier one.",
    "load-removed": "A policy that came to hold is gone from the table of loads; the log tells of it.",
    "load-changed": "A load of the policy does not say what the log says of it: its time, its rules or its release.",
    "load-untold": "A load of the policy came into its table past the portal: the log knows nothing of it.",
    "report-changed": "The report does not say what was signed.",
    "file-changed": "The file is not what the manifest says.",
    "file-missing": "The manifest names a file that is not there.",
    "file-added": "The manifest knows nothing of this file.",
    "file-doubled": "Two files of the bundle have this name: which of them is unpacked is not certain.",
    "padded": "Bytes stand before, between or behind the files of the bundle: programs may unpack other files of it.",
    "figures": "The number or the control sums of the entries are not what the manifest says.",
}


class Fault(NamedTuple):
    """One thing that is wrong, with where it is: the position in the log, the entry, or the file."""

    kind: str
    position: int | None = None
    entry: str = ""
    detail: str = ""

    def sentence(self) -> str:
        place = [f"position {self.position}" if self.position is not None else "", self.entry and f"entry {self.entry}"]
        named = ", ".join(part for part in (*place, self.detail) if part)
        return f"{SAID[self.kind]} ({named})" if named else SAID[self.kind]

    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "position": self.position, "entry": self.entry, "detail": self.detail}


_TOLD: Final = (
    *("kind", "entries", "earlier", "later", "waiting", "checkpoints", "kept", "aside", "note", "public_key"),
    *("signed_by", "signed_since", "signed_until"),
)


class Verdict(msgspec.Struct):
    """The outcome of a check: of what (the `log`, a `bundle`, the `proof` of an entry, the `consistency` of two logs or
    a `report`), how much was looked at, up to which checkpoint, how many checkpoints kept outside the database
    were compared, which were set aside, and every fault. `earlier` and `later` are how many entries the two logs of a
    proof of consistency have. `signed_by` says whose key signed a file, where that was compared: the `ring`'s, an
    `earlier` one of this portal's, which signed its log since and until then, or a `stranger`'s."""

    kind: str = "log"
    entries: int = 0
    earlier: int = 0
    later: int = 0
    waiting: int = 0
    checkpoints: int = 0
    kept: int = 0
    aside: list[str] = []
    note: str = ""
    public_key: str = ""
    signed_by: str = ""
    signed_since: datetime | None = None
    signed_until: datetime | None = None
    faults: list[Fault] = []

    @property
    def intact(self) -> bool:
        return not self.faults

    def facts(self) -> dict[str, Any]:
        told = msgspec.to_builtins({name: getattr(self, name) for name in _TOLD})
        return {"intact": self.intact, **told, "faults": [fault.facts() for fault in self.faults]}
