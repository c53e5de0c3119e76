"""Evidence as one file: somebody asks, the worker puts it together, and it lies in the store under its hash."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from portal.access.queries import colleagues
from portal.audit.bundles import evidence
from portal.audit.queries import EntryFilter
from portal.documents.store import store
from portal.operations.workspace import papers
from portal.operations.workspace.engagements import require_part
from portal.operations.workspace.events import EvidenceAsked, EvidenceBegun, EvidenceFailed, EvidenceReady
from portal.operations.workspace.forms import EvidenceForm
from portal.operations.workspace.states import EVIDENCE
from portal.operations.workspace.tables import EvidenceBundle
from portal.platform.actor import Actor
from portal.platform.canonical import canonical
from portal.platform.context import context_sql
from portal.platform.database import SafeTransaction, engine
from portal.platform.i18n import _, use_language
from portal.platform.ids import new_id
from portal.platform.refusals import Away, Invalid, Refusal
from portal.platform.wiring import Job
from portal.platform.work import View, changing, viewing

MAKE: Final = "workspace.make-evidence"
EVERY: Final = 0.5  # seconds between two words on how far it is
T = TypeVar("T")
_WHOLE: Final = _(
    "Name a record, a person, an event or a period. Without one this is the whole log of your company: confirm that "
    "you want all of it."
)
_TOLD: Final = """
insert into evidence_progress (bundle_id, organisation_id, done, what, at)
values ($1, portal.organisation(), $2, $3, clock_timestamp())
on conflict (bundle_id) do update set done = excluded.done, what = excluded.what, at = excluded.at
"""


class _Far:
    """How far it is; written by the work, read by whoever tells the database."""

    def __init__(self) -> None:
        self.done, self.what = 0.0, ""

    def tell(self, done: float, what: str) -> None:
        self.done, self.what = done, what


async def ask_evidence(actor: Actor, form: EvidenceForm) -> EvidenceBundle:
    """Have the worker put evidence together: entries with proofs, documents, and an engagement's workpapers.

    `Invalid` for whoever narrows nothing and does not say that they want the whole log.
    """
    asked = {name: value for name, value in msgspec.to_builtins(form).items() if value not in (None, False, "")}
    if not asked:
        raise Invalid.field("whole_log", _WHOLE)
    async with changing(actor) as change:
        change.require("workpapers:export")
        if form.engagement_id is not None:
            await require_part(change, form.engagement_id)
        made = EvidenceBundle(
            id=new_id(),
            organisation_id=actor.organisation_id,
            engagement_id=form.engagement_id,
            number=await change.number("EV"),
            query=asked,
            asked_by=actor.person,
            asked_at=change.now,
        )
        change.add(made)
        change.record(EvidenceAsked(made.id), made, root_id=form.engagement_id)
        change.later(Job(MAKE, actor.organisation_id, {"bundle_id": str(made.id)}))
    return made


async def make_evidence(actor: Actor, bundle_id: UUID) -> None:
    """Put it together as whoever asked would read it; safe to run twice, and a failure says why."""
    async with changing(actor, EvidenceBundle, bundle_id) as (change, made):
        if made.state not in ("asked", "making"):
            return
        EVIDENCE.take("begin", made, change)
        change.write(made)
        change.record(EvidenceBegun(bundle_id), made, root_id=made.engagement_id)
    try:
        data, entries = await _watched(actor, bundle_id, lambda far: _made(actor, made, far))
    except Away:
        raise  # to be tried again
    except Refusal as refusal:
        await _fail(actor, bundle_id, str(refusal.message))
        return
    sha256 = await store(data)
    async with changing(actor, EvidenceBundle, bundle_id) as (change, made):
        EVIDENCE.take("finish", made, change)
        made.sha256, made.size, made.entries, made.ready_at = sha256, len(data), entries, change.now
        change.write(made)
        change.record(EvidenceReady(bundle_id, sha256), made, root_id=made.engagement_id)


async def _made(actor: Actor, made: EvidenceBundle, far: _Far) -> tuple[bytes, int]:
    async with viewing(actor) as view:
        found = await colleagues(view, made.asked_by)
    if not found:
        raise Refusal(_("Whoever asked for it does not act for the organisation any more."))
    use_language(found[0].language)
    async with viewing(found[0]) as view:
        far.tell(0.02, str(_("Looking for entries")))
        chosen, files = await _wanted(view, made)
    counted = _Counted(far)
    return await evidence(found[0], chosen, files, counted.tell), counted.entries


class _Counted:
    """Hears of each entry that is proved, and counts them."""

    def __init__(self, far: _Far) -> None:
        self.far, self.entries = far, 0
        self._proving = str(_("Proving entries"))

    def tell(self, done: float, what: str) -> None:
        self.entries += what == self._proving
        self.far.tell(done, what)


async def _wanted(view: View, made: EvidenceBundle) -> tuple[EntryFilter, list[tuple[str, bytes]]]:
    """The entries, and the workpapers as files; of an engagement without more, those of what was sampled."""
    asked = msgspec.convert(made.query, EvidenceForm, strict=False)
    since, until = (_midnight(asked.from_day), _midnight(asked.until_day, 1))
    chosen = EntryFilter(actor=asked.actor, object=asked.object, event=asked.event, since=since, until=until)
    if made.engagement_id is None:
        return chosen, []
    found = await papers.papers(view, made.engagement_id)
    drawn = {item.record_id for paper in found for item in paper.items}
    if not (asked.actor or asked.object or asked.event):
        chosen.records = (made.engagement_id, *(paper.id for paper in found), *sorted(drawn))
    return chosen, [(f"workpapers/{paper.number}.json", canonical(msgspec.to_builtins(paper))) for paper in found]


def _midnight(day: date | None, later: int = 0) -> datetime | None:
    return None if day is None else datetime.combine(day + timedelta(days=later), time(), UTC)


async def _fail(actor: Actor, bundle_id: UUID, reason: str) -> None:
    async with changing(actor, EvidenceBundle, bundle_id) as (change, made):
        EVIDENCE.take("fail", made, change)
        made.problem = reason
        change.write(made)
        change.record(EvidenceFailed(bundle_id, reason), made, root_id=made.engagement_id)


async def _watched(actor: Actor, bundle_id: UUID, work: Callable[[_Far], Awaitable[T]]) -> T:
    """Run the work while the database is told how far it is."""
    far, over = _Far(), asyncio.Event()
    watch = asyncio.create_task(_watch(actor, bundle_id, far, over))
    try:
        return await work(far)
    finally:
        over.set()
        await watch


async def _watch(actor: Actor, bundle_id: UUID, far: _Far, over: asyncio.Event) -> None:
    """Ends by itself when the work is over: cancelled, it would leave a connection in the midst of a transaction."""
    while not over.is_set():
        opening: Any = f"BEGIN; {context_sql(actor.organisation_id, actor.person_id)}"
        async with SafeTransaction(engine(), opening) as transaction:
            await transaction.connection.execute(_TOLD, bundle_id, far.done, far.what)
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), EVERY)
