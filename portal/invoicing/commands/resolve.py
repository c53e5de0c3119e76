"""Deciding on differences: each is accepted by somebody who holds the role that owns it, who says why."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.duties import separate
from portal.access.guards import allowed
from portal.invoicing.commands.match import Findings, take
from portal.invoicing.events import ExceptionAnswered, ExceptionsAccepted
from portal.invoicing.forms import Acceptance, ExceptionAnswer
from portal.invoicing.queries import OrderHead, orders_of
from portal.invoicing.rules.payment import KINDS, OWNER_NAMES, Named
from portal.invoicing.states import UNDECIDED
from portal.invoicing.tables import Invoice, MatchException
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.work import Change, changing

RESOLVE = "invoices:resolve"


class OpenExceptions(Conflict):
    """The invoice differs from what was agreed and nobody who may said why that is fine; `errors` names each."""

    title = _("This invoice differs from order or delivery")

    def __init__(self, found: Sequence[MatchException], invoice_id: UUID, message: Message) -> None:
        super().__init__(message, subject_id=invoice_id)
        self.errors = tuple(_named(each) for each in found)


async def accept_exception(actor: Actor, invoice_id: UUID, exception_id: UUID, form: Acceptance) -> Invoice:
    """Accept one difference of an invoice that waits for its decision; once all are, it can be approved."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        row, _orders = await _to_decide(change, invoice, exception_id)
        await require_not_own_import(change, invoice, [row])
        take(change, invoice, row, form.reason.strip())
        others = "select count(*) from match_exception where invoice_id = $1 and resolution = 'open' and id <> $2"
        if not await change.value(others, invoice.id, row.id):
            invoice.match_state = "resolved"
        change.write_all([row, invoice])
        _record(change, invoice, [row])
    return invoice


async def answer_exception(actor: Actor, invoice_id: UUID, exception_id: UUID, form: ExceptionAnswer) -> Invoice:
    """Say what is to happen with a difference that is not accepted. It stays open, and the invoice unapproved, until it
    is gone or somebody accepts it; a later answer takes the place of this one."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        row, orders = await _to_decide(change, invoice, exception_id)
        if form.answer == "wait" and row.kind != "quantity":
            raise Invalid.field("answer", _("Only a quantity waits for the receipt."))
        if form.answer == "reject_line" and row.line is None:
            raise Invalid.field("answer", _("This difference is of the whole invoice: reject that or ask for another."))
        row.answer, row.answer_reason = form.answer, form.reason.strip()
        row.answered_by, row.answered_at = actor.person_id, change.now
        change.write_all([row, invoice])
        for order in orders:
            if row.order_id in (None, order.id):
                event = ExceptionAnswered(invoice.id, order.id, row.answer, row.line, row.answer_reason)
                change.record(event, invoice, root_id=order.id)
    return invoice


async def _to_decide(change: Change, invoice: Invoice, exception_id: UUID) -> tuple[MatchException, list[OrderHead]]:
    """An open difference that the actor may decide on: never one of an order that they entered themselves."""
    row = await change.row(MatchException, exception_id)
    if row.invoice_id != invoice.id:
        raise NotFound()
    change.require(RESOLVE, row)
    orders = await orders_of(change, invoice.id)
    for order in orders:
        change.require("invoices:read", order)
    if invoice.state not in UNDECIDED or row.resolution != "open":
        raise Conflict(_("This difference was decided on already."), subject_id=invoice.id)
    for order in orders:
        await separate(change, RESOLVE, order.id)
    return row, orders


async def accept_open(change: Change, invoice: Invoice, findings: Findings, reason: str) -> None:
    """Take all that is open, as approving with a reason does; refuses what the actor does not own, or owns silently."""
    foreign = [row for row in findings.open if not allowed(change.actor, RESOLVE, row)]
    if foreign:
        owners = Named([OWNER_NAMES[role] for role in dict.fromkeys(row.owner_role for row in foreign)])
        message = _("These differences have to be accepted by others first: {owners}.", owners=owners)
        raise OpenExceptions(foreign, invoice.id, message)
    found = findings.open
    if found and not reason:
        message = _("Approve it with a reason, dispute it or reject it. Differences: {count}.", count=len(found))
        raise OpenExceptions(found, invoice.id, message)
    await require_not_own_import(change, invoice, found)
    for order_id in dict.fromkeys(each.order_id or invoice.order_id for each in found):
        await separate(change, RESOLVE, order_id)
    findings.accept(reason)
    _record(change, invoice, found)


async def require_not_own_import(change: Change, invoice: Invoice, found: Sequence[MatchException]) -> None:
    """Whoever brought quantities out of another system does not accept invoices for them."""
    orders = {row.order_id for row in found if row.kind == "migrated"}
    if orders and await change.value("select portal.took_over($1, $2)", list(orders), change.actor.person_id):
        message = _("You brought these quantities from another system: somebody else accepts what is billed of them.")
        raise Conflict(message, subject_id=invoice.id)


def _record(change: Change, invoice: Invoice, found: Sequence[MatchException]) -> None:
    """For each order concerned. The reason is a private column of the finding: the supplier never reads it."""
    for order_id in dict.fromkeys(each.order_id or invoice.order_id for each in found):
        change.record(ExceptionsAccepted(invoice.id, order_id, len(found)), found[0], root_id=order_id)


def _named(each: MatchException) -> FieldError:
    message = _(
        "{kind}: {actual} instead of {expected}.", kind=KINDS[each.kind], actual=each.actual, expected=each.expected
    )
    return FieldError("" if each.line is None else f"lines.{each.line - 1}", message)
