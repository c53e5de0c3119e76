"""The life of an attached file: nothing is served before a scanner answered, or nobody set one."""

from enum import StrEnum

from portal.platform.i18n import Message, _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    UPLOADING = "uploading"
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    UNSCANNED = "unscanned"
    INFECTED = "infected"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    DELETED = "deleted"
    DISPOSED = "disposed"


NAMES = {
    S.UPLOADING: _("Being sent"),
    S.QUARANTINED: _("Being checked"),
    S.CLEAN: _("Scanned"),
    S.UNSCANNED: _("Not scanned"),
    S.INFECTED: _("Infected"),
    S.REFUSED: _("Refused"),
    S.ABANDONED: _("Given up"),
    S.DELETED: _("Deleted"),
    S.DISPOSED: _("Disposed of"),
}
SERVED = (S.CLEAN, S.UNSCANNED)
GONE = (S.DELETED, S.ABANDONED)
DESTROYED = (*GONE, S.DISPOSED)


def _unshared(file: object) -> Message | None:
    shared = getattr(file, "shown_to", None) is not None
    return _("The other side sees this file. What was shared stays.") if shared else None


FILE = StateTable(
    _("file"),
    NAMES,
    [
        # verb        from                                 to             permission
        Transition("arrive", (S.UPLOADING,), S.QUARANTINED, "evidence:attach"),
        Transition("abandon", (S.UPLOADING,), S.ABANDONED, "system:act"),
        Transition("turn_down", (S.UPLOADING,), S.REFUSED, "evidence:attach"),
        Transition("clear", (S.QUARANTINED,), S.CLEAN, "system:act"),
        Transition("pass_unscanned", (S.QUARANTINED,), S.UNSCANNED, "system:act"),
        Transition("condemn", (S.QUARANTINED,), S.INFECTED, "system:act"),
        Transition("refuse", (S.QUARANTINED,), S.REFUSED, "system:act"),
        Transition(
            "delete",
            (S.UPLOADING, S.QUARANTINED, S.CLEAN, S.UNSCANNED, S.INFECTED, S.REFUSED),
            S.DELETED,
            "evidence:delete",
            (_unshared,),
        ),
        Transition("dispose", SERVED, S.DISPOSED, "retention:dispose"),
    ],
    of="evidence_file",
)
