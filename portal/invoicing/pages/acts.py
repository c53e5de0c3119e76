"""What can be done with an invoice: one table of buttons, and one plain form's route for each verb."""

from collections.abc import Container, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, require
from portal.invoicing import commands
from portal.invoicing.forms import RemittanceOut
from portal.invoicing.queries import OrderHead, Versions
from portal.invoicing.states import INVOICE, UNDECIDED, S
from portal.invoicing.tables import Invoice, MatchException
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.web.acts import Act
from portal.web.flash import go
from portal.web.input import as_seen, read_form
from portal.web.parts import Action
from portal.web.render import url

AnyRequest = Request[Any, Any, Any]


# In the order of importance. "accept" approves in spite of differences; "settle" has a form of its own.
ACTS = {
    "submit": Act(
        _("Send the invoice"), "/submit", "primary", "send", versioned=True,
        confirm=_("The buyer gets it as it stands. It cannot be changed afterwards."),
    ),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "discard": Act(
        _("Discard the draft"), "/discard", "danger", "trash", versioned=True,
        confirm=_("Its number is free again afterwards."),
    ),
    "approve": Act(_("Approve for payment"), "/approve", "primary", "check", versioned=True),
    "accept": Act(
        _("Approve despite the differences"), "/approve", "primary", "check", versioned=True,
        why=_("Why is it right to pay? Only your company reads this."),
    ),
    "dispute": Act(
        _("Dispute"), "/dispute", icon="message-report", versioned=True,
        why=_("What has to be cleared up? The supplier reads this."),
    ),
    "match": Act(_("Match again"), "/match", icon="refresh", versioned=True),
    "reject": Act(
        _("Reject the invoice"), "/reject", "danger", "x", versioned=True,
        why=_("What is wrong? The supplier reads this."),
        confirm=_("This is final. The supplier can send a corrected invoice with the same number."),
    ),
}  # fmt: skip

ANSWERS = {
    "corrected_invoice": (_("Ask for a corrected invoice"), _("What has to be corrected? The supplier reads this.")),
    "credit_note": (_("Ask for a credit note"), _("What has to be credited? The supplier reads this.")),
    "wait": (_("Wait for the receipt"), _("What is still to come? The supplier reads this.")),
    "reject_line": (_("Reject the line"), _("Why is the line not paid? The supplier reads this.")),
}


def possible(
    actor: Actor,
    invoice: Invoice,
    orders: Sequence[OrderHead],
    waiting: Sequence[MatchException],
    barred: Container[UUID | None],
) -> list[Action]:
    """The buttons for what this actor may do with the invoice as it is now; `waiting` are its open differences, on
    which who is `barred` does not decide."""
    verbs = {verb for verb in verbs_of(actor, invoice, orders) if verb in ACTS}
    if waiting and "approve" in verbs:
        owns = actor.person_id not in barred and all(allowed(actor, "invoices:resolve", each) for each in waiting)
        verbs = verbs - {"approve"} | ({"accept"} if owns else set())
    return [act.at(f"/invoices/{invoice.id}", invoice.version) for verb, act in ACTS.items() if verb in verbs]


def verbs_of(actor: Actor, invoice: Invoice, orders: Sequence[OrderHead]) -> set[str]:
    """What the actor may do on all the orders that the invoice bills."""
    verbs = set(INVOICE.possible(invoice, lambda permission, thing: require(actor, permission, thing)))
    if invoice.state == S.DRAFT and allowed(actor, "invoices:create", invoice):
        verbs |= {"edit", "discard"}
    if invoice.state in UNDECIDED and allowed(actor, "invoices:match", invoice):
        verbs.add("match")
    within = all(allowed(actor, "invoices:read", order) for order in orders)
    return verbs if within else set()


def acceptable(
    actor: Actor, invoice: Invoice, waiting: Sequence[MatchException], barred: Container[UUID | None]
) -> dict[UUID, list[Action]]:
    """The buttons for each open difference that the actor may decide on, by its id; none to who is `barred`."""
    if actor.person_id in barred:
        return {}
    mine = [each for each in waiting if allowed(actor, "invoices:resolve", each)]
    return {each.id: [_acceptance(invoice, each), *_answers(invoice, each)] for each in mine}


def _acceptance(invoice: Invoice, each: MatchException) -> Action:
    why = _("Why is it right? Only your company reads this.")
    at = f"/invoices/{invoice.id}/exceptions/{each.id}/accept"
    return Action(_("Accept"), at, reason=why, fields={"version": invoice.version})


def _answers(invoice: Invoice, each: MatchException) -> list[Action]:
    """What else may be said to a difference: only quantities wait for goods, only lines are rejected by themselves."""
    at, seen = f"/invoices/{invoice.id}/exceptions/{each.id}/answer", {"version": invoice.version}
    fits = {"wait": each.kind == "quantity", "reject_line": each.line is not None}
    return [
        Action(label, f"{at}/{code}", reason=why, fields=seen)
        for code, (label, why) in ANSWERS.items()
        if fits.get(code, True)
    ]


def reversible(
    actor: Actor, invoice: Invoice, orders: Sequence[OrderHead], paid: Sequence[RemittanceOut]
) -> dict[UUID, Action]:
    """The button that undoes each payment that stands, by its id."""
    if "reverse" not in verbs_of(actor, invoice, orders):
        return {}
    why = _("Why is it no payment of this invoice? The supplier reads this.")
    label, seen = _("Undo the payment"), {"version": invoice.version}
    return {
        each.id: Action(label, f"/invoices/{invoice.id}/payments/{each.id}/reverse", "ghost", reason=why, fields=seen)
        for each in paid
        if each.reversed_on is None
    }


def correction(actor: Actor, invoice: Invoice, same: Versions) -> list[Action]:
    """A rejected invoice leads its supplier to a corrected one: made of the same record, under the same number."""
    own = actor.organisation_id == invoice.supplier_id and allowed(actor, "invoices:create", invoice)
    if invoice.state != S.REJECTED or same.corrected_by is not None or not own:
        return []
    of_advice = invoice.despatch_advice_id is not None
    source = f"/despatch-advices/{invoice.despatch_advice_id}" if of_advice else f"/orders/{invoice.order_id}"
    href = url(f"{source}/invoice", corrects=invoice.id)
    return [Action(_("Send a corrected invoice"), href, "primary", "file-plus", post=False)]


@post("/invoices/{invoice_id:uuid}/discard", guards=[may("invoices:create")], include_in_schema=False)
async def discard(request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    await commands.discard(as_seen(actor, await read_form(request)), invoice_id)
    return go("/invoices", _("The draft is gone."))


HANDLERS = [discard]
