"""The company's settings, one card each, and all that waits."""

from datetime import date
from typing import Any, NamedTuple

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
    """The parameter of the page's address."""

    as_of: Day | None = None


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
    own = [name for name in queries.readable(actor) if SETTINGS[name].row_type.owner == "id"] if actor.is_buyer else []
    async with viewing(actor) as view:
        found = [await queries.setting(view, name, actor.organisation_id, as_of) for name in own]
        waiting = await queries.waiting(view)
        lonely = not await queries.has_checker(view, actor.person_id)
    cards = [_told(each, allowed(actor, SETTINGS[each.kind].proposes)) for each in found]
    return page(
        "settings/overview.html",
        cards=cards,
        waiting=[shown(actor, each) for each in waiting],
        looks=LOOKS,
        lonely=lonely,
        as_of=as_of,
        form=Form({"as_of": as_of.isoformat() if as_of else ""}),
    )


def _told(setting: SettingOut, proposes: bool) -> Told:
    kind = SETTINGS[setting.kind]
    return Told(kind, setting, list(kind.told(setting.value)), kind.href.format(id=setting.subject_id), proposes)


HANDLERS = [show]
