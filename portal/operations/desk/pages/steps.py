"""What the pages of an import share: how it is loaded, where its reader is led on, which buttons it has."""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import MediaType, Request, Response

from portal.access.guards import allowed
from portal.operations.desk import queries, words
from portal.operations.desk.commands.choosing import HISTORY
from portal.operations.desk.commands.prepare import glances_of
from portal.operations.desk.forms import ImportOut
from portal.operations.desk.glance import Glance
from portal.operations.desk.samples import Sample, samples
from portal.operations.desk.states import AT_REST, UNDER_WAY, S
from portal.operations.imports.mapping import Mapping
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.work import View
from portal.web.flash import go
from portal.web.parts import Action, Step

UNTRIED = _(
    "No trial run has shown yet what this would change. If no row is wrong, all of it comes in at once; this cannot be "
    "undone."
)


class Opened(NamedTuple):
    """An import on its page: what it is, what its files look like, what they are going to mean."""

    shown: ImportOut
    glances: dict[str, Glance]
    mapping: Mapping

    @property
    def sources(self) -> list[Sample]:
        return samples(self.glances)


async def opened(view: View, import_id: UUID) -> Opened:
    """The import with the samples of its files; unseen is 404, and prices are for who may read them."""
    shown = await queries.import_out(view, import_id)
    mapping, _name = await queries.mapping_of(view, import_id)
    queries.require_values(view.actor, shown.priced, shown.created_by.id)
    return Opened(shown, await glances_of(view, import_id), mapping)


def lead(request: Request[Any, Any, Any], path: str, text: Message | None = None, tone: str = "success") -> Response:
    """Lead on after a form was sent: a browser by itself, a script that sent the form by a header it understands."""
    answer: Response[Any] = go(path, text, tone)
    if "hx-request" not in request.headers:
        return answer
    return Response("", media_type=MediaType.HTML, headers={"HX-Redirect": path}, cookies=answer.cookies)


async def kept_options(view: View) -> list[tuple[UUID, Message]]:
    """The kept mappings to choose from."""
    kept = await queries.mappings(view)
    return [(each.id, _("{name}, version {number}", name=each.name, number=each.latest)) for each in kept]


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def steps(shown: ImportOut) -> list[Step]:
    """How far the import is on its way."""
    files, meaning, trial, end = words.STEPS
    state = shown.state
    tried = "done" if state in (S.TRIED, S.IMPORTED, S.UNCHANGED) else "failed" if state == S.REFUSED else "upcoming"
    return [
        Step(files, "done" if shown.files else "current"),
        Step(meaning, "done" if shown.kind and state != S.DRAFT else "current" if shown.files else "upcoming"),
        Step(trial, "current" if state in UNDER_WAY and shown.trial else tried),
        Step(end, "done" if state in (S.IMPORTED, S.UNCHANGED) else _at_end(shown)),
    ]


def _at_end(shown: ImportOut) -> str:
    if shown.state in UNDER_WAY and not shown.trial:
        return "current"
    return "current" if shown.state == S.TRIED else "upcoming"


def actions(actor: Actor, shown: ImportOut) -> list[Action]:
    """What may be done with it now, the next step first."""
    path = f"/imports/{shown.id}"
    if shown.via != "desk" or not may_run(actor, shown):
        return []
    if shown.state in UNDER_WAY:
        return [Action(_("Cancel"), f"{path}/cancel", "danger", "ban")]
    if shown.state not in AT_REST:
        return []
    version = {"version": shown.version}
    trial = Action(_("Trial run"), f"{path}/start", "default", "checklist", fields=version | {"trial": "1"})
    asked = _coming(shown) if shown.state == S.TRIED else UNTRIED
    earnest = Action(_("Import"), f"{path}/start", "default", "database-import", confirm=asked, fields=version)
    first, second = (earnest, trial) if shown.state == S.TRIED else (trial, earnest)
    gone = Action(
        _("Discard"), f"{path}/discard", "ghost", "trash", confirm=_("Its files are deleted."), fields=version
    )
    return [msgspec.structs.replace(first, tone="primary"), second, gone]


def _coming(shown: ImportOut) -> Message:
    """What the trial run found that would change, before it is asked for in earnest."""
    new, changed = (sum(figures[name] for figures in shown.counts.values()) for name in ("created", "updated"))
    return _("New records: {new}. Changed records: {changed}. This cannot be undone.", new=new, changed=changed)


def may_run(actor: Actor, shown: ImportOut) -> bool:
    """Whether this person may have an import of this kind run."""
    needed = ["imports:run", *(["imports:history"] if shown.kind in HISTORY else [])]
    return all(allowed(actor, permission) for permission in needed)
