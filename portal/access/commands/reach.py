"""How far a member's roles reach inside their organisation: some sites, cost centres, categories, purchasing groups."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.commands.members import give_rights, own_membership
from portal.access.forms import Reach
from portal.access.tables import Membership
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change, changing


async def change_reach(actor: Actor, person_id: UUID, form: Reach) -> Membership:
    """Let a member's roles reach so far and no further, whatever they reached before; they sign in again."""
    async with changing(actor) as change:
        change.require("members:edit")
        membership = await own_membership(change, person_id, keeps=True)
        scope = {
            "purchasing_groups": form.purchasing_groups,
            "sites": await _sites(change, form.sites),
            "cost_centres": form.cost_centres,
            "categories": form.categories,
        }
        give_rights(change, membership, {"scope": {name: reached for name, reached in scope.items() if reached}})
        await change.fetch("select portal.end_sessions_here($1)", person_id)
    return membership


async def _sites(change: Change, named: Sequence[str]) -> list[str]:
    """Ids of the organisation's own sites, which are called by name or id."""
    rows = await change.fetch(
        "select id::text, name from site where organisation_id = $1 order by created_at", change.actor.organisation_id
    )
    known = {row["name"]: row["id"] for row in reversed(rows)} | {row["id"]: row["id"] for row in rows}
    unknown = [
        FieldError(f"sites.{number}", _("There is no site called {name}.", name=name))
        for number, name in enumerate(named)
        if name not in known
    ]
    if unknown:
        raise Invalid(errors=unknown)
    return [known[name] for name in named]
