"""One debit note: how it was reckoned, what happened, and what may be done."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may, panels, require
from portal.access.verbs import page_verbs
from portal.audit.queries import history
from portal.debits import queries
from portal.debits.pages.looks import STATES
from portal.debits.states import DEBIT
from portal.debits.tables import DebitNote
from portal.debits.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import viewing
from portal.web import page
from portal.web.acts import Act
from portal.web.parts import Action

ACTS = {
    "accept": Act(
        _("Accept"), "/accept", "primary", "check", versioned=True,
        confirm=_("The supplier reads it from now on. Nothing is booked or paid less by itself."),
    ),
    "waive": Act(_("Waive"), "/waive", icon="ban", why=_("Why is nothing claimed?"), versioned=True),
}  # fmt: skip


@get("/debit-notes/{debit_note_id:uuid}", guards=[may("debit-notes:read")], include_in_schema=False)
async def show(actor: Acting, debit_note_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, debit_note_id)


async def shown(actor: Actor, debit_note_id: UUID) -> Response[Any]:
    async with viewing(actor) as view:
        row = await queries.debit_row(view, debit_note_id)
        told = {"note": queries.out_of(actor, row), "history": await history(view, row.id)}
        told["panels"] = await panels(view, "debit-note", row)
    own = row.buyer_id == actor.organisation_id
    return page("debits/show.html", own=own, acts=possible(actor, row), looks=STATES, **told)


def possible(actor: Actor, note: DebitNote) -> list[Action]:
    """The buttons for what this actor may do with it as it is now."""
    verbs = set(DEBIT.possible(note, lambda permission, thing: require(actor, permission, thing)))
    return [act.at(f"/debit-notes/{note.id}", note.version) for verb, act in ACTS.items() if verb in verbs]


HANDLERS = [show, *page_verbs("/debit-notes", "debit_note_id", VERBS, shown)]
