"""Sending a statement of what is open, and answering it."""

from uuid import UUID

import msgspec

from portal.analytics.events import StatementAgreed, StatementObjected, StatementSent
from portal.analytics.forms import StatementForm
from portal.analytics.queries import every_item
from portal.analytics.queries.items import Asked, summed
from portal.analytics.states import STATEMENT
from portal.analytics.tables import Statement
from portal.organisations.queries import terms
from portal.platform.actor import Actor, Scope
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Denied, Invalid, NotFound
from portal.platform.work import changing

MOST_ITEMS = 5_000


async def send(actor: Actor, form: StatementForm) -> Statement:
    """Freeze what is open with a supplier at the end of a day, in one currency, and show it to the supplier."""
    async with changing(actor) as change:
        change.require("statements:send")
        if actor.scope != Scope():
            raise Denied(
                _("A statement speaks for the whole company: somebody who looks after all of it must send it.")
            )
        agreed = await terms(change, actor.organisation_id, form.supplier_id)
        if agreed is None:
            raise NotFound()
        today = local_date(change.now, actor.time_zone)
        as_of = form.as_of or today
        if as_of > today:
            raise Invalid.field("as_of", _("That day is still to come: what will be open then, nobody knows."))
        asked = Asked(as_of, supplier_id=form.supplier_id, buyer_id=actor.organisation_id, currency=form.currency)
        items = [item async for item in every_item(change, asked, MOST_ITEMS + 1)]
        if len(items) > MOST_ITEMS:
            raise Invalid.field("supplier_id", _("More than {most} items are open. Export them.", most=MOST_ITEMS))
        statement = change.add(
            Statement(
                id=new_id(),
                buyer_id=actor.organisation_id,
                supplier_id=form.supplier_id,
                shown_to=form.supplier_id,
                buyer_name=agreed.buyer.name,
                supplier_name=agreed.supplier.name,
                as_of=as_of,
                currency=form.currency,
                created_by=actor.person_id,
                created_at=change.now,
            )
        )
        statement.number = await change.number("ST")
        statement.snapshot = {
            "header": {"number": statement.number, "as_of": as_of, "currency": form.currency, "created_at": change.now},
            "lines": msgspec.to_builtins(items),
            "sums": msgspec.to_builtins(summed(items, form.currency, as_of)),
            "buyer": msgspec.to_builtins(agreed.buyer),
            "supplier": msgspec.to_builtins(agreed.supplier),
        }
        change.record(StatementSent(statement.id), statement)
    return statement


async def agree(actor: Actor, statement_id: UUID) -> Statement:
    """The supplier's books say the same."""
    async with changing(actor, Statement, statement_id) as (change, statement):
        STATEMENT.take("agree", statement, change)
        statement.answered_by, statement.answered_at, statement.reason = actor.person_id, change.now, ""
        change.write(statement)
        change.record(StatementAgreed(statement.id), statement)
    return statement


async def object_to(actor: Actor, statement_id: UUID, reason: str = "") -> Statement:
    """The supplier's books say something else; the buyer reads what."""
    async with changing(actor, Statement, statement_id) as (change, statement):
        STATEMENT.take("object", statement, change)
        statement.answered_by, statement.answered_at, statement.reason = actor.person_id, change.now, reason
        change.write(statement)
        change.record(StatementObjected(statement.id, reason), statement)
    return statement
