"""The life of an import: prepared as often as one likes, run by the worker, over once its records are there."""

from enum import StrEnum

from portal.platform.i18n import Message, _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    """States of an import. A run is a trial or in earnest; what a trial found is a state of its own."""

    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    REFUSED = "refused"
    TRIED = "tried"
    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    DISCARDED = "discarded"


NAMES: dict[str, Message] = {
    S.DRAFT: _("In preparation"),
    S.QUEUED: _("Waiting to start"),
    S.RUNNING: _("Running"),
    S.REFUSED: _("Has errors"),
    S.TRIED: _("Can be imported"),
    S.IMPORTED: _("Imported"),
    S.UNCHANGED: _("Nothing new"),
    S.CANCELLED: _("Cancelled"),
    S.INTERRUPTED: _("Interrupted"),
    S.FAILED: _("Failed"),
    S.DISCARDED: _("Discarded"),
}
AT_REST = (S.DRAFT, S.REFUSED, S.TRIED, S.CANCELLED, S.INTERRUPTED, S.FAILED)
UNDER_WAY = (S.QUEUED, S.RUNNING)

IMPORT = StateTable(
    _("import"),
    NAMES,
    [
        # verb         from             to             permission
        Transition("change", AT_REST, S.DRAFT, "imports:run"),
        Transition("start", AT_REST, S.QUEUED, "imports:run"),
        Transition("cancel", (S.QUEUED,), S.CANCELLED, "imports:run"),
        Transition("discard", AT_REST, S.DISCARDED, "imports:run"),
        Transition("begin", (S.QUEUED,), S.RUNNING, "system:act"),
        Transition("refuse", (S.RUNNING,), S.REFUSED, "system:act"),
        Transition("approve", (S.RUNNING,), S.TRIED, "system:act"),
        Transition("complete", (S.RUNNING,), S.IMPORTED, "system:act"),
        Transition("leave", (S.RUNNING,), S.UNCHANGED, "system:act"),
        Transition("fail", (S.RUNNING,), S.FAILED, "system:act"),
        Transition("stop", (S.RUNNING,), S.CANCELLED, "system:act"),
        Transition("interrupt", (S.RUNNING,), S.INTERRUPTED, "system:act"),
    ],
    of="file_import",
)
