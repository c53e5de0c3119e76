"""Settings for programs. `subject_id` is the organisation's own id, a supplier's, an item's or a person's."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.platform.actor import Actor
from portal.platform.paging import Page
from portal.platform.work import viewing
from portal.settings import commands, queries
from portal.settings.forms import KindName, SettingOut, SettingVersionOut, TolerancesProposal
from portal.settings.verbs import VERBS
from portal.web.answers import tagged


async def _version(actor: Actor, setting_id: UUID, status: int = 200) -> Response[SettingVersionOut]:
    async with viewing(actor) as view:
        return tagged(await queries.version(view, setting_id), status)


@get("/{kind:str}/{subject_id:uuid}", guards=[may("settings:read")], operation_id="getSetting")
async def show(
    actor: Acting, kind: FromPath[KindName], subject_id: FromPath[UUID], as_of: FromQuery[date | None] = None
) -> SettingOut:
    """What a setting is today, or was or will be on the day `as_of`."""
    async with viewing(actor) as view:
        return await queries.setting(view, kind, subject_id, as_of)


@get("/{kind:str}/{subject_id:uuid}/versions", guards=[may("settings:read")], operation_id="listSettingVersions")
async def history(actor: Acting, kind: FromPath[KindName], subject_id: FromPath[UUID]) -> Page[SettingVersionOut]:
    """Every value of a setting: who proposed it, who decided, since when it holds."""
    async with viewing(actor) as view:
        return Page(await queries.versions(view, kind, subject_id), None)


@post("/{kind:str}/{subject_id:uuid}/proposals", guards=[may("settings:propose")], operation_id="proposeTolerances")
async def propose(
    actor: Acting, kind: FromPath[KindName], subject_id: FromPath[UUID], data: JSONBody[TolerancesProposal]
) -> Response[SettingVersionOut]:
    """Propose tolerances of the company, a supplier or an item from a day on; a second person approves them.

    Rules of scoring are proposed by `setScorecardSettings`, approval limits by `changeMember`, the days of a review
    of access by `proposeAccessReviewDays`.
    """
    made = await commands.propose_tolerances(actor, kind, subject_id, data)
    return await _version(actor, made.id, 201)


@get("/", guards=[may("settings:read")], operation_id="listWaitingSettings")
async def waiting(actor: Acting) -> Page[SettingVersionOut]:
    """What waits for a second person, and what is approved for a later day."""
    async with viewing(actor) as view:
        return Page(await queries.waiting(view), None)


@get("/{setting_id:uuid}", guards=[may("settings:read")], operation_id="getSettingVersion")
async def show_version(actor: Acting, setting_id: FromPath[UUID]) -> Response[SettingVersionOut]:
    """One version with the value before it."""
    return await _version(actor, setting_id)


_VERSIONS: list[Any] = [waiting, show_version, *api_verbs("setting_id", VERBS, _version)]
routers = (
    Router("/settings", route_handlers=[show, history, propose], tags=["Settings"]),
    Router("/setting-versions", route_handlers=_VERSIONS, tags=["Settings"]),
)
