"""Whose key signed a file that fits: one of the ring's, an earlier one of this portal's, or a stranger's.

A key that the ring holds no more is believed where a chain of handovers leads to it from the ring, and for what this
log held by then alone: whoever finds an old key can sign anything with it.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from portal.audit.checkpoints import Checkpoint, public_of, signers
from portal.audit.faults import Fault, Verdict
from portal.audit.handing import handed_over

RING, EARLIER, STRANGER = "ring", "earlier", "stranger"
Fetch = Callable[..., Awaitable[Sequence[Any]]]
_HANDED: Final = "select o.origin, h.note from audit_origin o left join audit_handover h on true"
_SINCE: Final = "select min(at) as at from audit_checkpoint where public_key = $1"
_ROOT: Final = "select 1 from audit_checkpoint where size = $1 and root = $2"
_REPORTED: Final = """
select 1 from audit_entry e join audit_seal s on s.entry_id = e.id
where e.event = 'access-review.closed' and e.body -> 'data' ->> 'digest' = $1 and s.position < $2 limit 1
"""


class Whose(NamedTuple):
    """By which kind of key a file is signed; of an earlier one since and until when it signed the log."""

    by: str
    since: datetime | None = None
    until: datetime | None = None


async def judge(fetch: Fetch, verdict: Verdict) -> None:
    """Say it in the verdict, of the portal whose database is asked. What an earlier key signed and this log did not
    hold is a fault."""
    found = await _whose(fetch, verdict)
    verdict.signed_by, verdict.signed_since, verdict.signed_until = found


async def _whose(fetch: Fetch, verdict: Verdict) -> Whose:
    public, ring = public_of(verdict.public_key), {signer.public for signer in signers()}
    if public in ring:
        return Whose(RING)
    rows = await fetch(_HANDED)
    handed = handed_over([row for row in rows if row["note"]], ring, rows[0]["origin"]) if rows else []
    ends = [each.checkpoint for each in handed if each.public == public]
    if not ends:
        return Whose(STRANGER)
    last = max(ends, key=lambda end: end.size)
    if verdict.intact and not await _held(fetch, verdict, last):
        verdict.faults.append(Fault("past-key", detail=f"replaced {last.at.isoformat()}"))
    [began] = await fetch(_SINCE, public)
    return Whose(EARLIER, began["at"], last.at)


async def _held(fetch: Fetch, verdict: Verdict, last: Checkpoint) -> bool:
    """Whether this log had what the file says by the time that its key was replaced."""
    if verdict.kind == "report":
        return bool(await fetch(_REPORTED, verdict.note.rpartition(" ")[2], last.size))
    said = Checkpoint.of(verdict.note)
    return said.origin == last.origin and said.size <= last.size and bool(await fetch(_ROOT, said.size, said.root))
