"""Proofs from the sealed log: that an entry is in it, and that a later log begins with an earlier one.

They are made of hashes alone, which tell nothing of other entries; with the checkpoint they can be checked by anybody,
without us (`portal audit verify --file`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.audit.checkpoints import Checkpoint, verifier_key
from portal.audit.forms import CheckpointOut, ConsistencyOut, ProofOut, SideOut
from portal.audit.merkle import STEP, Range, complete_subtrees, consistency, fold, inclusion, leaf_hash, root_of
from portal.audit.verifying import PAYLOAD
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import View

AT_ONCE = 500  # subtrees, of at most 128 kept nodes each
NEAR = 3  # checkpoints on either side that a refusal names
_ENTRY = f"""
select s.position, e.leaf, e.salt, {PAYLOAD} as payload from audit_entry e left join audit_seal s on s.entry_id = e.id
where e.id = $1
"""

_SEAL = """
select s.position, c.at from audit_seal s cross join lateral (
  select at from audit_checkpoint where size > s.position order by size limit 1) c where s.entry_id = $1
"""


_NEAR = f"""
select size from ((select size from audit_checkpoint where size < $1 order by size desc limit {NEAR})
  union all (select size from audit_checkpoint where size > $1 order by size limit {NEAR})) as near order by size
"""


class Seal(NamedTuple):
    position: int
    at: datetime


async def checkpoint(view: View, size: int | None = None) -> CheckpointOut:
    """The last checkpoint, or the one of this size; `NotFound` if there is none, with the sizes near it."""
    order = "where size = $1" if size is not None else "where $1::bigint is null order by size desc limit 1"
    row = await view.one(f"select * from audit_checkpoint {order}", size)
    if row is None:
        raise NotFound(await _none_of(view, size))
    told = Checkpoint.of(row["note"])
    return CheckpointOut(
        origin=told.origin,
        size=row["size"],
        root=row["root"].hex(),
        at=row["at"],
        note=row["note"],
        public_key=verifier_key(told.origin, row["public_key"]),
    )


async def _none_of(view: View, size: int | None) -> Message:
    near = await view.fetch(_NEAR, size) if size is not None else []
    if not near:
        return _("Nothing is sealed yet. Try again in a few seconds.")
    sizes = ", ".join(f"{row['size']}" for row in near)
    return _(
        "No checkpoint was signed at {size} entries. Signed were, next to it: {sizes}. The size of a checkpoint stands "
        "in its second line, in each proof and bundle, and GET /api/v1/audit/checkpoint tells the newest.",
        size=size,
        sizes=sizes,
    )


async def handovers(view: View) -> list[str]:
    """The notes by which keys vouch for those before them: what an earlier one signed is checked without us, too."""
    return [row["note"] for row in await view.fetch("select note from audit_handover order by size")]


async def seal_of(view: View, entry_id: UUID) -> Seal | None:
    """Where an entry stands in the log and when that was signed first; None while it waits."""
    return await view.struct(Seal, _SEAL, entry_id)


async def proof(view: View, entry_id: UUID, under: CheckpointOut | None = None) -> ProofOut:
    """That an entry is in the log, under the last checkpoint if not said; `Conflict` while it waits for its seal."""
    row = await view.one(_ENTRY, entry_id)
    if row is None:
        raise NotFound()
    if row["position"] is None:
        raise Conflict(_("This entry is not sealed yet. Try again in a few seconds."), retry_after=5)
    signed = under or await checkpoint(view)
    sides = await view.fetch(
        "select owner_id, salt, body::text as body from audit_private where entry_id = $1", entry_id
    )
    return ProofOut(
        entry_id=entry_id,
        position=row["position"],
        payload=row["payload"],
        salt=row["salt"].hex(),
        leaf=row["leaf"].hex(),
        sides=[SideOut(side["owner_id"], side["salt"].hex(), side["body"]) for side in sides],
        hashes=[each.hex() for each in await Tree(view).roots(inclusion(row["position"], signed.size))],
        checkpoint=signed,
    )


async def consistent(view: View, earlier: int, size: int | None = None) -> ConsistencyOut:
    """That the log of one checkpoint begins with that of an earlier one."""
    first, last = await checkpoint(view, earlier), await checkpoint(view, size)
    if first.size > last.size:
        first, last = last, first
    steps = await Tree(view).roots(consistency(first.size, last.size))
    hashes = [each.hex() for each in steps]
    return ConsistencyOut(earlier=first, later=last, hashes=hashes, handovers=await handovers(view))


class Tree:
    """The hashes of the log's tree, fetched as they are asked for and remembered: proofs share most of theirs."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._known: dict[tuple[int, int], bytes] = {}

    async def roots(self, ranges: Sequence[Range]) -> list[bytes]:
        """The root of each range; all that is missing is asked for at once."""
        parts = [list(complete_subtrees(each)) for each in ranges]
        await self._learn({subtree for subtrees in parts for subtree in subtrees} - self._known.keys())
        return [fold([self._known[subtree] for subtree in subtrees]) for subtrees in parts]

    async def _learn(self, subtrees: set[tuple[int, int]]) -> None:
        ordered = sorted(subtrees)
        for start in range(0, len(ordered), AT_ONCE):
            wanted = {subtree: _kept(*subtree) for subtree in ordered[start : start + AT_ONCE]}
            columns = [list(column) for column in zip(*wanted.values(), strict=True)]
            rows = await self.view.fetch("select distinct * from portal.audit_hashes($1, $2, $3)", *columns)
            found = {(row["level"], row["place"]): _node(row) for row in rows}
            for subtree, (level, first, last) in wanted.items():
                self._known[subtree] = root_of([found[level, place] for place in range(first, last + 1)])


def _kept(level: int, place: int) -> tuple[int, int, int]:
    """(level, first, last) of the kept nodes that make up a complete subtree."""
    kept = level - level % STEP
    return kept, place << (level - kept), ((place + 1) << (level - kept)) - 1


def _node(row: Any) -> bytes:
    return leaf_hash(row["hash"]) if row["level"] == 0 else row["hash"]
