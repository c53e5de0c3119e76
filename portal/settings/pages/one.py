"""One setting: as of a day, what waits, its history; tolerances are proposed right here."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.wiring import SETTINGS, SettingKind
from portal.platform.work import viewing
from portal.settings import commands, queries
from portal.settings.forms import TolerancesProposal
from portal.settings.pages.overview import AnyRequest, day_of
from portal.settings.pages.words import AT, LOOKS, shown
from portal.settings.rules import STEPS
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, read_form

_ASKED = TolerancesProposal.__struct_fields__


@get("/settings/{kind:str}/{subject_id:uuid}", guards=[may("settings:read")], include_in_schema=False)
async def show(request: AnyRequest, actor: Acting, kind: FromPath[str], subject_id: FromPath[UUID]) -> Response[Any]:
    return await _page(request, actor, kind, subject_id)


@post("/settings/{kind:str}/{subject_id:uuid}", guards=[may("settings:propose")], include_in_schema=False)
async def propose(request: AnyRequest, actor: Acting, kind: FromPath[str], subject_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        made = await commands.propose_tolerances(
            actor, kind, subject_id, _said(typed).convert(TolerancesProposal, only=_ASKED)
        )
    except (Invalid, Conflict) as refusal:
        form = Form(typed.values, refusal.errors or [FieldError("", refusal.message)])
        return await _page(request, actor, kind, subject_id, form, refusal.status)
    return go(f"{AT}/{made.id}", _("Proposed. It holds once a second person approved it."))


def _said(typed: Typed) -> Typed:
    """Without the steps of which nothing was said but how two figures would go together; `tolerances` is there."""
    said = {name.rpartition(".")[0] for name, value in typed.pairs if value.strip() and not name.endswith(".combine")}
    pairs = [(name, value) for name, value in typed.pairs if "." not in name or name.rpartition(".")[0] in said]
    return Typed([*pairs, ("tolerances.receive.combine", "any")] if not said - {""} else pairs)


async def _page(
    request: Request[Any, Any, Any],
    actor: Actor,
    name: str,
    subject_id: UUID,
    form: Form | None = None,
    status: int = 200,
) -> Response[Any]:
    as_of = day_of(request)
    async with viewing(actor) as view:
        setting = await queries.setting(view, name, subject_id, as_of)
        latest = setting if as_of is None else await queries.setting(view, name, subject_id)
        history = await queries.versions(view, name, subject_id)
        lonely = not await queries.has_checker(view, actor.person_id)
    kind = SETTINGS[name]
    steps = [(step, STEPS[step]) for step in queries.steps_of(name)]
    return page(
        "settings/one.html",
        status=status,
        kind=kind,
        setting=setting,
        told=list(kind.told(setting.value)),
        history=[shown(actor, each) for each in history],
        steps=steps if allowed(actor, kind.proposes) else [],
        back=kind.href.format(id=subject_id) if _leads(actor, kind) else None,
        lonely=lonely,
        looks=LOOKS,
        as_of=as_of,
        form=form or Form(queries.typed(latest.value["tolerances"]) if steps else {}),
        asked=Form({"as_of": as_of.isoformat() if as_of else ""}),
    )


def _leads(actor: Actor, kind: SettingKind) -> bool:
    return not kind.href.startswith("/settings") and allowed(actor, kind.opens)


HANDLERS = [show, propose]
