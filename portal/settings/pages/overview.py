"""The company's settings, one card each, and all that waits."""

from datetime import date
from typing import Any, Literal, NamedTuple

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, allowed, may
from portal.platform.fields import Day
from portal.platform.refusals import Invalid
from portal.platform.wiring import SETTINGS, SettingKind
from portal.platform.work import viewing
from portal.settings import queries
from portal.settings.forms import SettingOut
from portal.settings.pages.words import LOOKS, shown
from portal.web import Form, page
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
AT = "/settings"


class AsOf(msgspec.Struct, kw_only=True):
    """The parameters of the page's address: a day, and whether only what the reader may decide on is shown."""

    as_of: Day | None = None
    open: Literal["check"] | None = None


class Told(NamedTuple):
    """A setting of the company as its card shows it."""

    kind: SettingKind
    setting: SettingOut
    told: list[tuple[Any, Any]]
    href: str
    proposes: bool


def day_of(request: AnyRequest) -> date | None:
    """The day that the address asks for; one that is none is today."""
    try:
        return read_query(request.query_params, AsOf).as_of
    except Invalid:
        return None


@get(AT, guards=[may("settings:read")], include_in_schema=False)
async def show(request: AnyRequest, actor: Acting) -> Response[Any]:
    as_of = day_of(request)
    own = [name for name in queries.readable(actor) if SETTINGS[name].owner == "id"] if actor.is_buyer else []
    async with viewing(actor) as view:
        found = [await queries.setting(view, name, actor.organisation_id, as_of) for name in own]
        only = request.query_params.get("open") == "check" and allowed(actor, "settings:check")
        waiting = await (queries.for_second_person(view) if only else queries.waiting(view))
        lonely = not await queries.has_checker(view, actor.person_id)
    cards = [_told(each, allowed(actor, SETTINGS[each.kind].proposes)) for each in found]
    return page(
        "settings/overview.html",
        cards=cards,
        waiting=[shown(actor, each) for each in waiting],
        looks=LOOKS,
        only=only,
        lonely=lonely,
        as_of=as_of,
        form=Form({"as_of": as_of.isoformat() if as_of else ""}),
    )


def _told(setting: SettingOut, proposes: bool) -> Told:
    kind = SETTINGS[setting.kind]
    return Told(kind, setting, list(kind.told(setting.value)), kind.href.format(id=setting.subject_id), proposes)


HANDLERS = [show]
