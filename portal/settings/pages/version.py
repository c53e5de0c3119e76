"""One version: what was, what is proposed, and the two people."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.access.verbs import page_verbs
from portal.platform.actor import Actor
from portal.platform.work import viewing
from portal.settings import queries
from portal.settings.pages.words import AT, LOOKS, WAYS, shown
from portal.settings.verbs import VERBS
from portal.web import page


@get(f"{AT}/{{setting_id:uuid}}", guards=[may("settings:read")], include_in_schema=False)
async def show(actor: Acting, setting_id: FromPath[UUID]) -> Response[Any]:
    return await shown_page(actor, setting_id)


async def shown_page(actor: Actor, setting_id: UUID) -> Response[Any]:
    """The version, also for a decision that is asked for again."""
    async with viewing(actor) as view:
        version = await queries.version(view, setting_id)
        lonely = version.state == "proposed" and not await queries.has_checker(
            view, version.created_by, version.subject_id
        )
    checks = allowed(actor, "settings:check")
    own = checks and actor.person_id in (version.created_by, version.subject_id) and version.state == "proposed"
    told = {"looks": LOOKS, "way": WAYS[version.way], "lonely": lonely, "own": own}
    return page("settings/version.html", shown=shown(actor, version), **told)


HANDLERS: list[Any] = [show, *page_verbs(AT, "setting_id", VERBS, shown_page)]
