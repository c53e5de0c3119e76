"""Sending a statement of what is open, and answering it."""

from datetime import date
from uuid import UUID

import msgspec

from portal.analytics.events import (
    StatementAgreed,
    StatementObjected,
    StatementReplaced,
    StatementReplied,
    StatementSent,
    StatementWithdrawn,
)
from portal.analytics.forms import OpenItem, StatementForm
from portal.analytics.queries import every_item
from portal.analytics.queries.items import Asked, require_past, summed
from portal.analytics.states import STATEMENT
from portal.analytics.tables import Statement, TradingRelationship
from portal.organisations.queries import Terms, terms
from portal.platform.actor import Actor, Scope
from portal.platform.calendar import local_date
from portal.platform.fields import CurrencyCode, Day
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.work import Change, changing

MOST_ITEMS = 5_000


async def send(actor: Actor, form: StatementForm) -> Statement:
    """Freeze what is open with a supplier at the end of a day, in one currency, and show it to the supplier.

    A day has one statement that stands. Raises `Conflict` where there is one, or where nothing is open.
    """
    async with changing(actor) as change:
        change.require("statements:send")
        agreed = await terms(change, actor.organisation_id, form.supplier_id)
        if agreed is None:
            raise NotFound()
        return await _send(change, agreed, form)


async def _send(change: Change, agreed: Terms, form: StatementForm, replaces: Statement | None = None) -> Statement:
    as_of = _day(change, form)
    await _alone(change, agreed, form.currency, as_of, replaces)
    items = await _items(change, form, as_of)
    statement = change.add(_drafted(change, agreed, form.currency, as_of))
    statement.number = await change.number("ST")
    header = {"number": statement.number, "as_of": as_of, "currency": form.currency, "created_at": change.now}
    if replaces is not None:
        statement.replaces = replaces.id
        header["replaces"] = replaces.number
    statement.snapshot = {
        "header": header,
        "lines": msgspec.to_builtins(items),
        "sums": msgspec.to_builtins(summed(items, form.currency, as_of)),
        "buyer": msgspec.to_builtins(agreed.buyer),
        "supplier": msgspec.to_builtins(agreed.supplier),
    }
    change.record(StatementSent(statement.id), statement, root_id=statement.id)
    return statement


def _day(change: Change, form: StatementForm) -> date:
    """The day asked for, today without one. Whoever sees a part of the company only cannot speak for it."""
    if change.actor.scope != Scope():
        raise Denied(_("A statement speaks for the whole company: somebody who looks after all of it must send it."))
    today = local_date(change.now, change.actor.time_zone)
    require_past(form.as_of, today)
    return form.as_of or today


async def _alone(change: Change, agreed: Terms, currency: str, as_of: date, replaces: Statement | None) -> None:
    """Whoever else states the same waits until this one is sent, and finds it."""
    await change.row(TradingRelationship, agreed.relationship_id)
    same = "buyer_id = $1 and supplier_id = $2 and currency = $3 and as_of = $4"
    stands = "state in ('sent', 'objected', 'agreed')"
    standing = await change.rows(
        Statement, f"{same} and {stands}", agreed.buyer.id, agreed.supplier.id, currency, as_of
    )
    if others := [each for each in standing if replaces is None or each.id != replaces.id]:
        told = {"number": others[0].number, "day": as_of, "currency": currency}
        raise Conflict(
            _("{number} states {currency} as of {day} already. Correct it, or withdraw it first.", **told),
            subject_id=others[0].id,
        )


async def _items(change: Change, form: StatementForm, as_of: date) -> list[OpenItem]:
    """What it tells the supplier; what that is worth to the buyer is the buyer's own business."""
    asked = Asked(as_of, form.supplier_id, change.actor.organisation_id, form.currency)
    items = [item async for item in every_item(change, asked, MOST_ITEMS + 1)]
    if not items:
        told = {"day": as_of, "currency": form.currency}
        raise Conflict(_("Nothing in {currency} was open with this supplier at the end of {day}.", **told))
    if len(items) > MOST_ITEMS:
        raise Invalid.field("supplier_id", _("More than {most} items are open. Export them.", most=MOST_ITEMS))
    for item in items:
        item.own_amount, item.own_currency = None, ""
    return items


def _drafted(change: Change, agreed: Terms, currency: str, as_of: date) -> Statement:
    return Statement(
        id=new_id(),
        buyer_id=agreed.buyer.id,
        supplier_id=agreed.supplier.id,
        shown_to=agreed.supplier.id,
        buyer_name=agreed.buyer.name,
        supplier_name=agreed.supplier.name,
        as_of=as_of,
        currency=currency,
        created_by=change.actor.person_id,
        created_at=change.now,
    )


async def agree(actor: Actor, statement_id: UUID) -> Statement:
    """The supplier's books say the same."""
    async with changing(actor, Statement, statement_id) as (change, statement):
        STATEMENT.take("agree", statement, change)
        statement.answered_by, statement.answered_at, statement.reason = actor.person_id, change.now, ""
        change.write(statement)
        change.record(StatementAgreed(statement.id), statement, root_id=statement.id)
    return statement


async def object_to(actor: Actor, statement_id: UUID, reason: str = "") -> Statement:
    """The supplier's books say something else; the buyer reads what."""
    async with changing(actor, Statement, statement_id) as (change, statement):
        STATEMENT.take("object", statement, change)
        statement.answered_by, statement.answered_at, statement.reason = actor.person_id, change.now, reason
        change.write(statement)
        change.record(StatementObjected(statement.id, reason), statement, root_id=statement.id)
    return statement


async def reply(actor: Actor, statement_id: UUID, reason: str = "") -> Statement:
    """Explain what the supplier objects to, and ask for its answer again; both read objection and reply."""
    async with changing(actor, Statement, statement_id) as (change, statement):
        _take("reply", statement, change)
        statement.reply, statement.replied_by, statement.replied_at = reason, actor.person_id, change.now
        statement.answered_by = statement.answered_at = None
        change.write(statement)
        change.record(StatementReplied(statement.id, reason), statement, root_id=statement.id)
    return statement


async def withdraw(actor: Actor, statement_id: UUID, reason: str = "") -> Statement:
    """Take a statement back that nobody agreed to: what it says does not hold."""
    async with changing(actor, Statement, statement_id) as (change, statement):
        _take("withdraw", statement, change)
        statement.reply, statement.replied_by, statement.replied_at = reason, actor.person_id, change.now
        change.write(statement)
        change.record(StatementWithdrawn(statement.id, reason), statement, root_id=statement.id)
    return statement


async def correct(actor: Actor, statement_id: UUID, reason: str = "") -> Statement:
    """Put another in its place: of the same day and currency, with the figures as they are known now. Gives the new
    one, which the supplier answers."""
    async with changing(actor, Statement, statement_id) as (change, statement):
        _take("correct", statement, change)
        agreed = await terms(change, statement.buyer_id, statement.supplier_id)
        assert agreed is not None, "a statement always has its trading relationship"
        form = StatementForm(
            supplier_id=statement.supplier_id,
            currency=CurrencyCode(statement.currency),
            as_of=Day.fromisoformat(statement.as_of.isoformat()),
        )
        new = await _send(change, agreed, form, statement)
        statement.replaced_by = new.id
        statement.reply, statement.replied_by, statement.replied_at = reason, actor.person_id, change.now
        change.write(statement)
        change.record(StatementReplaced(statement.id, new.id), statement, root_id=statement.id)
    return new


def _take(verb: str, statement: Statement, change: Change) -> None:
    """What its author alone does; whoever got it answers by other verbs."""
    if statement.buyer_id != change.actor.organisation_id:
        raise Denied()
    STATEMENT.take(verb, statement, change)
