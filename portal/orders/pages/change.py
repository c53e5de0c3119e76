"""Changes of issued orders in a browser: proposing one, deciding on it, and comparing revisions."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import asked_again
from portal.orders import commands, queries
from portal.orders.pages.change_form import filled, rows_of
from portal.orders.pages.changed import shown as change_shown
from portal.orders.pages.changed import told
from portal.orders.pages.show import shown
from portal.orders.verbs import WHY
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form, reason_of

AnyRequest = Request[Any, Any, Any]
_DONE: dict[tuple[str, str], Message] = {
    ("buyer", "approved"): _("{number} was issued again as revision {revision}. The supplier answers it anew."),
    ("buyer", "proposed"): _("Your change of {number} waits for approval. The supplier does not see it yet."),
    ("supplier", "proposed"): _("Your change of {number} is with the buyer. Nothing changes until it is accepted."),
    ("supplier", "accepted"): _("{number} is changed: this lies within what the buyer agreed to in advance."),
}


@get("/orders/{order_id:uuid}/change", guards=[may("orders:change")], include_in_schema=False)
async def change_page(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        row = await queries.order_row(view, order_id, "orders:change")
        order = await queries.out_of(view, row)
    return _page(actor, order, Form(rows_of(order, row.buyer_id == actor.organisation_id)))


@post("/orders/{order_id:uuid}/change", guards=[may("orders:change")], include_in_schema=False)
async def propose_change(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    async with viewing(actor) as view:
        row = await queries.order_row(view, order_id, "orders:change")
        order = await queries.out_of(view, row)
    own = row.buyer_id == actor.organisation_id
    try:
        form, placed = filled(typed.values, order, own)
        try:
            done = await commands.propose(as_seen(actor, typed), order_id, form)
        except Invalid as refusal:
            raise Invalid(errors=placed(refusal.errors)) from refusal
    except Invalid as refusal:
        return _page(actor, order, Form(typed.values, refusal.errors), status=422)
    said = _DONE["buyer" if own else "supplier", done.asked.state]
    return go(f"/orders/{order_id}", Message(said.text, {"number": order.number, "revision": done.asked.becomes}))


@get("/order-changes/{change_id:uuid}", guards=[may("orders:read")], include_in_schema=False)
async def show_change(actor: Acting, change_id: FromPath[UUID]) -> Response[Any]:
    """One proposed change: what mails and the history lead to."""
    async with viewing(actor) as view:
        order_id = await queries.order_of_change(view, change_id)
        row = await queries.order_row(view, order_id)
        order = await queries.out_of(view, row)
        change = await queries.change_of(view, order_id, change_id)
    return page("orders/change_shown.html", order=order, asked=change_shown(actor, row, order, change))


@get("/orders/{order_id:uuid}/revisions", guards=[may("orders:read")], include_in_schema=False)
async def revisions_page(
    actor: Acting,
    order_id: FromPath[UUID],
    older: Annotated[int | None, QueryParameter(name="from")] = None,
    newer: Annotated[int | None, QueryParameter(name="to")] = None,
) -> Response[Any]:
    """All revisions, and what differs between two of them: the last two unless others are chosen."""
    async with viewing(actor) as view:
        order = await queries.order_out(view, order_id)
        revisions = await queries.revisions_of(view, order_id)
        last = revisions[-1].revision if revisions else 1
        to = newer or last
        since = older or max(to - 1, 1)
        found = await queries.between(view, order_id, since, to) if revisions else []
        changes = await queries.changes_of(view, order_id)
    return page(
        "orders/revisions.html",
        order=order,
        revisions=revisions,
        since=since,
        to=to,
        told=told(found, order),
        changes={change.becomes: change for change in changes if change.becomes},
    )


@post("/orders/{order_id:uuid}/changes/{change_id:uuid}/decline", guards=[may("orders:agree")], include_in_schema=False)
async def decline_change(
    request: AnyRequest, actor: Acting, order_id: FromPath[UUID], change_id: FromPath[UUID]
) -> Response[Any]:
    typed = await read_form(request)
    try:
        why = reason_of(typed, WHY)
    except Invalid as refusal:
        return await asked_again(request, "/orders", shown, actor, order_id, typed, refusal)
    order = await commands.decline_change(actor, order_id, change_id, why)
    return go(f"/orders/{order_id}", _("The change of {number} is declined.", number=order.number))


def _decision(name: str, permission: str, run: Callable[[Actor, UUID, UUID], Awaitable[Any]], said: Message) -> Any:
    async def decided(
        request: AnyRequest, actor: Acting, order_id: FromPath[UUID], change_id: FromPath[UUID]
    ) -> Response[Any]:
        order = await run(as_seen(actor, await read_form(request)), order_id, change_id)
        return go(f"/orders/{order_id}", Message(said.text, {"number": order.number}))

    path = f"/orders/{{order_id:uuid}}/changes/{{change_id:uuid}}/{name}"
    return post(path, guards=[may(permission)], include_in_schema=False)(decided)


def _page(actor: Actor, order: Any, form: Form, *, status: int = 200) -> Response[Any]:
    own = order.buyer.id == actor.organisation_id
    lines = {line.line: line for line in order.lines}
    return page("orders/change.html", status=status, form=form, order=order, lines=lines, own=own)


HANDLERS = [
    *(change_page, propose_change, show_change, revisions_page, decline_change),
    _decision(
        "approve", "orders:approve", commands.approve_change,
        _("The change of {number} is approved, and issued as its next revision."),
    ),
    _decision(
        "accept", "orders:agree", commands.accept_change, _("The change is part of {number} now.")
    ),
    _decision(
        "withdraw", "orders:change", commands.withdraw_change, _("The change of {number} is withdrawn.")
    ),
]  # fmt: skip
