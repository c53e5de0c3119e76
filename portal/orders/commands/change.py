"""Proposing a change of an issued order. What does not need anybody else's word is done at once."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.duties import separate
from portal.orders.commands.agree import Schedule, agree_on, schedule_of
from portal.orders.commands.issue import terms_to_issue
from portal.orders.commands.lines import lines_of
from portal.orders.commands.proposal import differing, keep_lines, proposal, version_of
from portal.orders.commands.reissue import needs_approval, reissue, rewrite
from portal.orders.commands.respond import offered
from portal.orders.events import ChangeOffered, ChangeProposed, ChangeTaken
from portal.orders.forms import ChangeForm
from portal.orders.rules import Agreed, carried, inside, offered_unapproved
from portal.orders.states import CHANGE, ORDER, REVISABLE, S, not_on_hold
from portal.orders.tables import OrderChange, PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing


class Proposed(NamedTuple):
    """A change just proposed, and the order as it is now: changed already if nobody else had to be asked."""

    asked: OrderChange
    order: PurchaseOrder


async def propose(actor: Actor, order_id: UUID, form: ChangeForm) -> Proposed:
    """Propose a change of an issued order.

    The buyer's is issued at once as the next revision where it stays within what was approved, and waits for an
    approver beyond. The supplier's is agreed at once within the buyer's tolerances, and waits for the buyer beyond.
    """
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        change.require("orders:change", order)
        own = order.buyer_id == actor.organisation_id
        if against := _against(order, own):
            raise Conflict(against, subject_id=order.id)
        await _require_none_open(change, order)
        return await (_by_buyer if own else _by_supplier)(change, order, form)


async def _by_buyer(change: Change, order: PurchaseOrder, form: ChangeForm) -> Proposed:
    await separate(change, "orders:change", order.id)
    lines, schedule = await lines_of(change, order.id), await schedule_of(change, order)
    agreement, asked = await terms_to_issue(change, order), proposal(change, order, form)
    rewritten = await rewrite(change, order, lines, schedule, form, agreement)
    asked.differences, asked.gross = differing(rewritten.before, rewritten.after), order.gross
    change.add(asked)
    if needs_approval(order, rewritten):
        change.record(ChangeProposed(asked.id, order.id, asked.reason), asked, root_id=order.id)
    else:
        CHANGE.take("issue", asked, change)
        await reissue(change, order, asked, rewritten, schedule, agreement)
    keep_lines(change, asked, form.lines or [], max(line.line for line in lines) + 1)
    return Proposed(asked, order)


async def _by_supplier(change: Change, order: PurchaseOrder, form: ChangeForm) -> Proposed:
    await separate(change, "orders:respond", order.id)
    if errors := list(_not_the_suppliers(form)):
        raise Invalid(errors=errors)
    lines, schedule = await lines_of(change, order.id), await schedule_of(change, order)
    today = local_date(change.now, change.actor.time_zone)
    offers, gross = offered(lines, form.lines or [], schedule, order.currency, today)
    agreement = await terms(change, order.buyer_id, order.supplier_id)
    assert agreement is not None, "an order always has its trading relationship"
    asked = change.add(proposal(change, order, form))
    asked.differences, asked.gross = _as_offered(order, lines, offers, schedule), gross
    keep_lines(change, asked, form.lines or [], 1)
    approved = carried(order, gross) and not offered_unapproved(lines, offers)
    within = approved and all(map(inside, lines, offers, repeat(agreement.tolerance)))
    if not within or not await _decided_by_buyer(change, order):
        change.record(ChangeOffered(asked.id, order.id, asked.reason), asked, root_id=order.id)
        return Proposed(asked, order)
    CHANGE.take("take", asked, change)
    ORDER.take("amend", order, change)
    promised = await agree_on(change, order, lines, offers, schedule, agreement)
    asked.becomes = order.revision
    change.write(order)
    change.record(ChangeTaken(asked.id, order.id, order.revision), asked, root_id=order.id)
    change.record(promised, order)
    return Proposed(asked, order)


def _as_offered(
    order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], offers: Sequence[Agreed], schedule: Schedule
) -> list[dict[str, Any]]:
    """What differs, from copies of the lines: none of them is written before the buyer agrees."""
    before = version_of(order, lines, schedule)
    after = [dict(line) for line in before["lines"]]
    for line, offer in zip(after, offers, strict=True):
        parts = msgspec.to_builtins([{"quantity": much, "promised_date": day} for much, day in offer.deliveries])
        line["quantity"], line["deliveries"] = str(offer.confirmed), parts if len(parts) > 1 else []
        if offer.promised_date is not None:
            line["promised_date"] = offer.promised_date.isoformat()
        if offer.unit_price is not None:
            line["unit_price"] = str(offer.unit_price)
        line["substitute_item"] = offer.substitute_item or line["substitute_item"]
    return differing(before, before | {"lines": after})


async def _decided_by_buyer(change: Change, order: PurchaseOrder) -> bool:
    """Whether the buyer issued or accepted the present revision: what it never looked at adds up to no second step."""
    sql = """
select not exists (select from order_change where order_id = $1 and becomes = $2 and author_id = supplier_id
    and decided_by is null)
  and not exists (select from order_response where order_id = $1 and revision = $2 - 1 and code = 'CA'
    and state = 'accepted' and decided_by is null)
"""
    return await change.value(sql, order.id, order.revision)


def _not_the_suppliers(form: ChangeForm) -> Iterator[FieldError]:
    for name in ("note", "ship_to"):
        if getattr(form, name) is not None:
            yield FieldError(name, _("This is the buyer’s to change. Say in your reason what you need."))
    if not form.lines:
        yield FieldError("lines", _("Name at least one line."))
    for place, wish in enumerate(form.lines or []):
        if wish.code == "1" or wish.added is not None:
            yield FieldError(f"lines.{place}.code", _("The buyer adds lines. Say in your reason what you need."))
        elif wish.line is None:
            yield FieldError(f"lines.{place}.line", _("Say which line."))
        if wish.requested_date is not None:
            yield FieldError(f"lines.{place}.requested_date", _("The buyer says what it wants, you what you promise."))


async def _require_none_open(change: Change, order: PurchaseOrder) -> None:
    """One of each side waits at a time."""
    sql = "select 1 from order_change where order_id = $1 and author_id = $2 and state = 'proposed'"
    if await change.value(sql, order.id, change.actor.organisation_id):
        raise Conflict(_("Your side proposed a change already. Withdraw it first."), subject_id=order.id)


def _against(order: PurchaseOrder, own: bool) -> Message | None:
    if not own and order.state in (S.ISSUED, S.CONDITIONALLY_ACCEPTED):
        return _("This order is not agreed on yet. Say in your answer what is to be different.")
    if order.state not in (REVISABLE if own else (S.ACCEPTED,)):
        return _("Only an order that was issued and is not over can be changed.")
    return not_on_hold(order)
