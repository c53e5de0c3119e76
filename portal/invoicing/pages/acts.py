"""What can be done with an invoice: one table of buttons, and one plain form's route for each verb."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, require
from portal.invoicing import commands
from portal.invoicing.forms import Approval, Explained
from portal.invoicing.queries import OrderHead
from portal.invoicing.states import INVOICE, UNDECIDED, S
from portal.invoicing.tables import Invoice
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.web.flash import go
from portal.web.formats import day
from portal.web.input import Typed, read_form
from portal.web.parts import Action

AnyRequest = Request[Any, Any, Any]


class Act(NamedTuple):
    """A verb's button: `path` behind the invoice's address, `why` asks for a reason, `confirm` before the end."""

    label: Message
    path: str
    tone: str = "default"
    icon: str = ""
    why: Message | str = ""
    confirm: Message | str = ""
    post: bool = True


# In the order of importance. "accept" approves in spite of differences; "settle" has a form of its own.
ACTS = {
    "submit": Act(
        _("Send the invoice"),
        "/submit",
        "primary",
        "send",
        confirm=_("The buyer gets it as it stands. It cannot be changed afterwards."),
    ),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "discard": Act(
        _("Discard the draft"), "/discard", "danger", "trash", confirm=_("Its number is free again afterwards.")
    ),
    "approve": Act(_("Approve for payment"), "/approve", "primary", "check"),
    "accept": Act(
        _("Approve in spite of differences"),
        "/approve",
        "primary",
        "check",
        _("Why is it right to pay? Only your company reads this."),
    ),
    "dispute": Act(
        _("Dispute"), "/dispute", icon="message-report", why=_("What has to be cleared up? The supplier reads this.")
    ),
    "match": Act(_("Match again"), "/match", icon="refresh"),
    "reject": Act(
        _("Reject the invoice"),
        "/reject",
        "danger",
        "x",
        _("What is wrong? The supplier reads this."),
        _("This is final. The supplier can send a corrected invoice with the same number."),
    ),
}


def possible(actor: Actor, invoice: Invoice, orders: Sequence[OrderHead], differs: bool) -> list[Action]:
    """The buttons for what this actor may do with the invoice as it is now."""
    verbs = {verb for verb in verbs_of(actor, invoice, orders) if verb in ACTS}
    if differs and "approve" in verbs:
        verbs = verbs - {"approve"} | {"accept"}
    return [_action(act, invoice) for verb, act in ACTS.items() if verb in verbs]


def verbs_of(actor: Actor, invoice: Invoice, orders: Sequence[OrderHead]) -> set[str]:
    """What the actor may do on all the orders that the invoice bills."""
    verbs = set(INVOICE.possible(invoice, lambda permission, thing: require(actor, permission, thing)))
    if invoice.state == S.DRAFT and allowed(actor, "invoices:create", invoice):
        verbs |= {"edit", "discard"}
    if invoice.state in UNDECIDED and allowed(actor, "invoices:match", invoice):
        verbs.add("match")
    within = all(allowed(actor, "invoices:read", order) for order in orders)
    return verbs if within else set()


def _action(act: Act, invoice: Invoice) -> Action:
    version = {"version": invoice.version} if act.post else {}
    return Action(
        act.label, f"/invoices/{invoice.id}{act.path}", act.tone, act.icon, act.post, act.confirm, act.why, version
    )


class Verb(NamedTuple):
    """A command behind a plain form, the permission on its route, what the next page says, and its reason, if any."""

    run: Callable[..., Awaitable[Any]]
    permission: str
    done: Message
    why: type[Approval] | type[Explained] | None = None


VERBS = {
    "submit": Verb(commands.submit, "invoices:submit", _("Invoice {number} is with the buyer now.")),
    "match": Verb(commands.rematch, "invoices:match", _("Invoice {number} was matched again.")),
    "approve": Verb(
        commands.approve, "invoices:approve", _("Invoice {number} is approved and due on {due_date}."), Approval
    ),
    "dispute": Verb(
        commands.dispute, "invoices:dispute", _("Invoice {number} is disputed. The supplier reads why."), Explained
    ),
    "reject": Verb(
        commands.reject, "invoices:reject", _("Invoice {number} is rejected. The supplier reads why."), Explained
    ),
}


def _route(name: str, verb: Verb) -> Any:
    @post(
        f"/invoices/{{invoice_id:uuid}}/{name}",
        guards=[may(verb.permission)],
        include_in_schema=False,
        name=f"invoice {name}",
    )
    async def handler(request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
        form = await read_form(request)
        given = (form.convert(verb.why, only=("reason",)).reason or "",) if verb.why else ()
        invoice = await verb.run(as_seen(actor, form), invoice_id, *given)
        told = {"number": invoice.number, "due_date": day(invoice.due_date)}
        return go(f"/invoices/{invoice_id}", Message(verb.done.text, told))

    return handler


@post("/invoices/{invoice_id:uuid}/discard", guards=[may("invoices:create")], include_in_schema=False)
async def discard(request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    await commands.discard(as_seen(actor, await read_form(request)), invoice_id)
    return go("/invoices", _("The draft is gone."))


def as_seen(actor: Actor, form: Typed) -> Actor:
    """The actor acting on the version that the page showed: whoever approves has seen what they approve."""
    seen = form.values.get("version", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        return actor
    return msgspec.structs.replace(actor, request=msgspec.structs.replace(actor.request, if_match=int(seen)))


HANDLERS = [*(_route(name, verb) for name, verb in VERBS.items()), discard]
