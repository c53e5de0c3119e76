"""Writing a clause, writing it anew, and retiring it: each is an edition, and none is ever changed."""

from uuid import UUID

from portal.clauses.events import ClauseRetired, ClauseWritten
from portal.clauses.forms import ClauseForm
from portal.clauses.rules import against
from portal.clauses.tables import Clause, Organisation
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.work import Change, changing
from portal.platform.work.change import expect_version

WRITE = "clauses:write"
MOST = 500


async def write(actor: Actor, form: ClauseForm) -> Clause:
    """Add a clause to the own library."""
    async with changing(actor) as change:
        own = await _held(change)
        held = await change.value("select count(distinct clause_id) from clause where organisation_id = $1", own.id)
        if held >= MOST:
            raise Conflict(_("The library holds {most} clauses. Write one of them anew instead.", most=MOST))
        return _add(change, new_id(), 1, form)


async def rewrite(actor: Actor, clause_id: UUID, form: ClauseForm) -> Clause:
    """The next edition; one that was retired is offered again."""
    async with changing(actor) as change:
        await _held(change)
        last = await _newest(change, clause_id)
        return _add(change, clause_id, last.edition + 1, form)


async def retire(actor: Actor, clause_id: UUID) -> Clause:
    """Offer the clause to no contract any more. Contracts that took it keep it."""
    async with changing(actor) as change:
        await _held(change)
        last = await _newest(change, clause_id)
        if last.retired:
            raise Conflict(_("This clause is retired already."), subject_id=last.id)
        row = _edition(change, clause_id, last.edition + 1, last.title, last.body, retired=True)
        change.record(ClauseRetired(row.id, clause_id), row, root_id=clause_id)
    return row


async def _held(change: Change) -> Organisation:
    """Whoever writes in a library holds its owner's row: editions come one after the other."""
    change.require(WRITE)
    return await change.row(Organisation, change.actor.organisation_id)


async def _newest(change: Change, clause_id: UUID) -> Clause:
    sql = "clause_id = $1 and organisation_id = $2 order by edition desc limit 1"
    found = await change.rows(Clause, sql, clause_id, change.actor.organisation_id)
    if not found:
        raise NotFound()
    expect_version(change.actor, found[0], found[0].edition)
    return found[0]


def _add(change: Change, clause_id: UUID, edition: int, form: ClauseForm) -> Clause:
    wrong = {name: against(getattr(form, name)) for name in ("title", "body")}
    if errors := [FieldError(name, why) for name, why in wrong.items() if why]:
        raise Invalid(errors=errors)
    row = _edition(change, clause_id, edition, form.title, form.body)
    change.record(ClauseWritten(row.id, clause_id, edition), row, root_id=clause_id)
    return row


def _edition(change: Change, clause_id: UUID, edition: int, title: str, body: str, *, retired: bool = False) -> Clause:
    return change.add(
        Clause(
            id=new_id(),
            organisation_id=change.actor.organisation_id,
            clause_id=clause_id,
            edition=edition,
            title=title,
            body=body,
            retired=retired,
            created_by=change.actor.person_id,
            created_at=change.now,
        )
    )
