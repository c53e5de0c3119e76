"""“When will I be paid?” as a timeline: what was done, what is being waited for, and the day."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from markupsafe import Markup

from portal.invoicing.forms import ExceptionOut, PaymentOut, RemittanceOut
from portal.invoicing.rules.payment import KINDS
from portal.invoicing.states import S
from portal.invoicing.tables import Invoice
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message, _
from portal.web.formats import day, money
from portal.web.parts import Node

People = Mapping[UUID, tuple[str, str]]


def nodes(
    invoice: Invoice,
    found: Sequence[ExceptionOut],
    payment: PaymentOut,
    who: People,
    parts: Sequence[RemittanceOut] = (),
) -> list[Node]:
    """Sent, matched, approved, paid: each done, at work, still to come or refused."""
    if invoice.state == S.DRAFT:
        return [Node(_("Sent"), state="current", detail=payment.blocker or ""), *_ahead(1)]
    sent = Node(_("Sent"), invoice.submitted_at, _name(who, invoice.submitted_by), icon="send")
    matched = _matched(invoice, found)
    if invoice.state == S.REJECTED:
        refused = Node(
            _("Rejected"), invoice.decided_at, _name(who, invoice.decided_by), "failed", payment.blocker or ""
        )
        return [sent, matched, refused]
    approved = _approved(invoice, payment, who, matched.state == "done")
    standing = [each for each in parts if each.reversed_on is None]
    last = _settling(invoice, standing)
    return [
        sent,
        matched,
        approved,
        *map(_part, standing if last is None else [each for each in standing if each is not last]),
        _paid(invoice, payment, who, standing),
    ]


def settled_by(invoice: Invoice, parts: Sequence[RemittanceOut]) -> str:
    """What settled it: a `payment`, its `credits`, or `nothing`, where nothing was left to be paid."""
    if invoice.due == ZERO:
        return "nothing"
    return "credits" if _settling(invoice, [each for each in parts if each.reversed_on is None]) is None else "payment"


def _settling(invoice: Invoice, parts: Sequence[RemittanceOut]) -> RemittanceOut | None:
    """The payment that settled it; None while it is open, or where credit notes did."""
    by = (invoice.settled_on, invoice.settlement_reference)
    return next((each for each in reversed(parts) if (each.paid_on, each.reference) == by), None)


def _part(part: RemittanceOut) -> Node:
    detail = _("Reference {reference}", reference=part.reference)
    if part.amount is None:
        return Node(_("A part was paid on {day}", day=day(part.paid_on)), part.created_at, detail=detail, icon="coins")
    amount = money(part.amount, part.currency)
    told = amount.striptags() if isinstance(amount, Markup) else amount
    title = _("{amount} was paid on {day}", amount=told, day=day(part.paid_on))
    return Node(title, part.created_at, detail=detail, icon="coins")


def _matched(invoice: Invoice, found: Sequence[ExceptionOut]) -> Node:
    waiting = [each for each in found if each.resolution == "open"]
    if waiting:
        title = _("Differs from order or delivery")
        return Node(title, state="current", detail=_kinds(waiting), icon="alert-triangle")
    if any(each.resolution == "accepted" for each in found):
        return Node(_("Differences were accepted"), detail="")
    refused = [each for each in found if each.resolution == "rejected"]
    if refused:
        return Node(_("Differences found"), state="failed", detail=_kinds(refused), icon="alert-triangle")
    return Node(_("Matches order and delivery"), invoice.submitted_at if not found else None)


def _kinds(found: Sequence[ExceptionOut]) -> str:
    return ", ".join(str(KINDS[kind]) for kind in dict.fromkeys(each.kind for each in found))


def _approved(invoice: Invoice, payment: PaymentOut, who: People, matched: bool) -> Node:
    if invoice.state in (S.APPROVED, S.SETTLED):
        return Node(_("Approved for payment"), invoice.decided_at, _name(who, invoice.decided_by))
    if invoice.state == S.DISPUTED:
        return Node(_("Disputed"), state="failed", detail=payment.blocker or "", icon="message-report")
    return (
        Node(_("Approval"), state="current", detail=payment.blocker or "")
        if matched
        else Node(_("Approval"), state="upcoming")
    )


_SETTLED = {
    "payment": _("Paid on {day}"),
    "credits": _("Settled by its credit notes on {day}"),
    "nothing": _("Nothing was left to be paid on {day}"),
}


def _paid(invoice: Invoice, payment: PaymentOut, who: People, parts: Sequence[RemittanceOut]) -> Node:
    if invoice.state == S.SETTLED:
        detail = _("Reference {reference}", reference=invoice.settlement_reference)
        title = Message(_SETTLED[settled_by(invoice, parts)].text, {"day": day(invoice.settled_on)})
        return Node(title, invoice.settled_at, _name(who, invoice.settled_by), detail=detail, icon="coins")
    if invoice.state == S.APPROVED:
        return Node(
            _("Payment due on {day}", day=day(invoice.payable_on)), state="current", detail=payment.blocker or ""
        )
    if invoice.due == ZERO:
        return Node(_("Settled once approved: nothing of it is left to be paid"), state="upcoming")
    return Node(_("Payment, due on {day} once approved", day=day(invoice.payable_on)), state="upcoming")


def _ahead(first: int) -> list[Node]:
    steps = [_("Sent"), _("Matched with order and delivery"), _("Approval"), _("Paid")]
    return [Node(title, state="upcoming") for title in steps[first:]]


def _name(who: People, person: UUID | None) -> str:
    return " · ".join(who.get(person, ())) if person else ""
