"""What can be done with an order: one table of buttons, and one plain form's route for each verb."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, require
from portal.orders import commands
from portal.orders.forms import Reason
from portal.orders.states import ORDER, S
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid
from portal.web.flash import go
from portal.web.input import Typed, read_form
from portal.web.parts import Action

AnyRequest = Request[Any, Any, Any]


class Act(NamedTuple):
    """A verb's button: `path` behind the order's address, `why` the question for a reason, `confirm` before the end."""

    label: Message
    path: str
    tone: str = "default"
    icon: str = ""
    why: Message | str = ""
    confirm: Message | str = ""
    post: bool = True
    fields: tuple[tuple[str, str], ...] = ()
    versioned: bool = False


# In the order of importance; "agree" and "decline" stand beside the counter-offer they are about.
ACTS = {
    "approve": Act(_("Approve"), "/approve", "primary", "check", versioned=True),
    "issue": Act(_("Issue to the supplier"), "/issue", "primary", "send"),
    "submit": Act(_("Submit for approval"), "/submit", "primary", "send", versioned=True),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "accept": Act(_("Confirm all"), "/responses", "primary", "check", fields=(("code", "AP"),)),
    "counter": Act(_("Answer line by line"), "/respond", icon="list-check", post=False),
    "acknowledge": Act(_("Confirm receipt only"), "/responses", icon="mail-opened", fields=(("code", "AB"),)),
    "reject": Act(
        _("Reject the order"), "/responses", icon="x", why=_("Why can you not deliver?"), fields=(("code", "RE"),)
    ),
    "return": Act(_("Return to author"), "/return", icon="arrow-back-up", why=_("What should be changed?")),
    "release": Act(_("Release from hold"), "/release", "primary", "player-play"),
    "hold": Act(_("Put on hold"), "/hold", icon="player-pause", why=_("Why? Both sides read this.")),
    "close": Act(_("Close the order"), "/close", icon="lock", confirm=_("What is still open will not come any more.")),
    "cancel": Act(
        _("Cancel the order"), "/cancel", "danger", "ban", _("Why is it cancelled?"), _("This cannot be undone.")
    ),
}


def possible(actor: Actor, order: PurchaseOrder) -> list[Action]:
    """The buttons for what this actor may do with the order as it is now."""
    verbs = {
        *ORDER.possible(order, lambda permission, thing: require(actor, permission, thing)),
        *_beside(actor, order),
    }
    return [action(act, order) for verb, act in ACTS.items() if verb in verbs]


def action(act: Act, order: PurchaseOrder) -> Action:
    version = {"version": order.version} if act.versioned else {}
    return Action(
        act.label, f"/orders/{order.id}{act.path}", act.tone, act.icon, act.post, act.confirm, act.why,
        dict(act.fields) | version,
    )  # fmt: skip


def _beside(actor: Actor, order: PurchaseOrder) -> set[str]:
    """Verbs that move no state: editing a draft, and the hold, which is a flag."""
    verbs = set()
    if order.state == S.DRAFT and allowed(actor, "orders:edit", order):
        verbs.add("edit")
    if order.state not in (S.CLOSED, S.CANCELLED) and allowed(actor, "orders:hold", order):
        verbs.add("release" if order.on_hold else "hold")
    return verbs


class Verb(NamedTuple):
    """A command behind a plain form, the permission on its route, and what the next page says."""

    run: Callable[..., Awaitable[PurchaseOrder]]
    permission: str
    done: Message
    reasoned: bool = False


VERBS = {
    "submit": Verb(commands.submit, "orders:submit", _("{number} was submitted for approval.")),
    "approve": Verb(commands.approve, "orders:approve", _("{number} is approved. The buyer can issue it now.")),
    "return": Verb(commands.return_to_author, "orders:return", _("{number} was returned to its author."), True),
    "issue": Verb(commands.issue, "orders:issue", _("{number} was issued. The supplier sees it from now on.")),
    "hold": Verb(commands.hold, "orders:hold", _("{number} is on hold."), True),
    "release": Verb(commands.release, "orders:hold", _("{number} is released.")),
    "close": Verb(commands.close, "orders:close", _("{number} is closed.")),
    "cancel": Verb(commands.cancel, "orders:cancel", _("{number} is cancelled."), True),
}


def _route(name: str, verb: Verb) -> Any:
    @post(
        f"/orders/{{order_id:uuid}}/{name}",
        guards=[may(verb.permission)],
        include_in_schema=False,
        name=f"order {name}",
    )
    async def handler(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
        form = await read_form(request)
        given = (reason_of(form),) if verb.reasoned else ()
        order = await verb.run(as_seen(actor, form), order_id, *given)
        return go(f"/orders/{order_id}", Message(verb.done.text, {"number": order.number}))

    return handler


def reason_of(form: Typed) -> str:
    """Whom an act concerns must be able to read why; a page always asks."""
    reason = (form.convert(Reason, only=("reason",)).reason or "").strip()
    if not reason:
        raise Invalid.field("reason", _("Say why: the others read it beside the order."))
    return reason


def as_seen(actor: Actor, form: Typed) -> Actor:
    """The actor acting on the version that the page showed: whoever approves has seen what they approve."""
    seen = form.values.get("version", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        return actor
    return msgspec.structs.replace(actor, request=msgspec.structs.replace(actor.request, if_match=int(seen)))


HANDLERS = [_route(name, verb) for name, verb in VERBS.items()]
