"""Deciding on a proposed change: the buyer's approver on the buyer's own, the buyer on the supplier's."""

from uuid import UUID

from portal.access.duties import separate
from portal.orders.commands.agree import agree_on, schedule_of
from portal.orders.commands.approve import approve_agreement, approve_version
from portal.orders.commands.issue import terms_to_issue
from portal.orders.commands.lines import lines_of
from portal.orders.commands.proposal import asked_of, form_of, lines_asked, show_lines
from portal.orders.commands.reissue import reissue, rewrite
from portal.orders.commands.respond import confirm
from portal.orders.events import ChangeAccepted, ChangeApproved, ChangeDeclined, ChangeWithdrawn
from portal.orders.forms import ResponseForm
from portal.orders.rules import agreed, by_line
from portal.orders.states import CHANGE, ORDER
from portal.orders.tables import OrderChange, PurchaseOrder
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Denied
from portal.platform.work import Change, changing


async def approve_change(actor: Actor, order_id: UUID, change_id: UUID) -> PurchaseOrder:
    """Approve the buyer's own change, as one approves an order of what it comes to: it is issued at once.

    Who proposed it, or entered the order, does not approve it.
    """
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        asked = await asked_of(change, order, change_id)
        if asked.author_id != order.buyer_id:
            raise Conflict(_("The supplier proposed this: accept or decline it."), subject_id=order.id)
        CHANGE.take("approve", asked, change)
        lines, schedule = await lines_of(change, order.id), await schedule_of(change, order)
        agreement, wishes = await terms_to_issue(change, order), await lines_asked(change, asked)
        rewritten = await rewrite(change, order, lines, schedule, form_of(asked, wishes), agreement)
        order.submitted_by, order.submitted_at = asked.created_by, asked.created_at
        await reissue(change, order, asked, rewritten, schedule, agreement, "reissue")
        await approve_version(change, order, rewritten.lines, agreement)
        asked.approved_by, asked.approved_at = actor.person_id, change.now
        change.write(asked)
        show_lines(change, wishes, order.supplier_id)
        change.record(ChangeApproved(asked.id, order.id, order.gross, order.currency), asked, root_id=order.id)
    return order


async def accept_change(actor: Actor, order_id: UUID, change_id: UUID) -> PurchaseOrder:
    """Agree to the other side's change.

    The supplier's becomes the order's next revision; if that costs more than was approved, agreeing is approving. The
    buyer's is its present revision already: accepting it is accepting the order as it stands.
    """
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        asked = await asked_of(change, order, change_id)
        if asked.author_id == actor.organisation_id:
            raise Conflict(_("Your own side proposed this: the other side decides."), subject_id=order.id)
        await (_accept_suppliers if order.buyer_id == actor.organisation_id else _confirm_buyers)(change, order, asked)
    return order


async def decline_change(actor: Actor, order_id: UUID, change_id: UUID, reason: str = "") -> PurchaseOrder:
    """Decline the supplier's change, or as an approver one of the buyer's own: the order stays as it is."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        asked = await asked_of(change, order, change_id)
        _require_buyer(actor, order)
        CHANGE.take("decline", asked, change)
        if asked.author_id == order.supplier_id:
            await separate(change, "orders:decide", order.id)
        _decide(change, asked, reason)
        change.record(ChangeDeclined(asked.id, order.id, reason), asked, root_id=order.id)
    return order


async def withdraw_change(actor: Actor, order_id: UUID, change_id: UUID) -> PurchaseOrder:
    """Take one's own side's proposal back before anybody decided on it."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        asked = await asked_of(change, order, change_id)
        if asked.author_id != actor.organisation_id:
            raise Denied(_("Only the side that proposed this can withdraw it."))
        CHANGE.take("withdraw", asked, change)
        _decide(change, asked, "")
        change.record(ChangeWithdrawn(asked.id, order.id), asked, root_id=order.id)
    return order


async def _accept_suppliers(change: Change, order: PurchaseOrder, asked: OrderChange) -> None:
    CHANGE.take("accept", asked, change)
    ORDER.take("adopt", order, change)
    await separate(change, "orders:decide", order.id)
    lines, schedule = await lines_of(change, order.id), await schedule_of(change, order)
    agreement = await terms(change, order.buyer_id, order.supplier_id)
    assert agreement is not None, "an order always has its trading relationship"
    answers = by_line(await lines_asked(change, asked))
    offers = [agreed(line, answers.get(line.line, ()), schedule.get(line.id, ())) for line in lines]
    promised = await agree_on(change, order, lines, offers, schedule, agreement)
    await approve_agreement(change, order, lines, agreement)
    asked.becomes = order.revision
    _decide(change, asked, "")
    change.write(order)
    change.record(ChangeAccepted(asked.id, order.id, order.revision), asked, root_id=order.id)
    change.record(promised, order)


async def _confirm_buyers(change: Change, order: PurchaseOrder, asked: OrderChange) -> None:
    if asked.state != "approved":
        raise Conflict(_("This change is not waiting for your answer."), subject_id=order.id)
    await separate(change, "orders:respond", order.id)
    await confirm(change, order, ResponseForm(code="AP"))


def _require_buyer(actor: Actor, order: PurchaseOrder) -> None:
    if order.buyer_id != actor.organisation_id:
        raise Conflict(_("Answer the order itself, and say what you can deliver."), subject_id=order.id)


def _decide(change: Change, asked: OrderChange, reason: str) -> None:
    asked.decided_by, asked.decided_at, asked.decision_reason = change.actor.person_id, change.now, reason
    change.write(asked)
