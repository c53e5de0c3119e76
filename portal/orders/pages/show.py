"""One order: everything its reader may know about it, on one page."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, panels, require
from portal.access.verbs import page_verbs
from portal.audit.queries import history
from portal.orders import commands, queries
from portal.orders.commands.approve import beyond_approval
from portal.orders.forms import OrderOut, ResponseOut
from portal.orders.pages.acts import possible
from portal.orders.pages.changed import shown as change_shown
from portal.orders.pages.line_acts import line_acts
from portal.orders.pages.offer import Offer, compare
from portal.orders.pages.way import steps
from portal.orders.rules import carried, totals_of
from portal.orders.states import RESPONSE, S
from portal.orders.tables import PurchaseOrder
from portal.orders.verbs import VERBS
from portal.organisations.queries import aged_rate, terms
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Denied
from portal.platform.work import View, viewing
from portal.platform.work.rows import values_of
from portal.settings.queries import told
from portal.web import page
from portal.web.acts import with_next
from portal.web.parts import TaxRow

# What the supplier's standing may still stop.
_UNSENT = (S.DRAFT, S.IN_APPROVAL, S.APPROVED)
CODES = {
    "AB": _("Acknowledged"),
    "AP": _("Accepted as ordered"),
    "CA": _("Accepted with changes"),
    "RE": _("Rejected"),
}


@get("/orders/{order_id:uuid}", guards=[may("orders:read")], include_in_schema=False)
async def show(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """The page; the first time somebody of the supplier's order desk opens it is noted."""
    return await shown(actor, order_id)


async def shown(actor: Actor, order_id: UUID) -> Response[Any]:
    """The same page, also for an act on it that is asked for again."""
    async with viewing(actor) as view:
        row = await queries.order_row(view, order_id)
        told = await _told(view, row)
    if row.viewed_at is None and _is_answered_by(actor, row):
        await commands.mark_viewed(actor, order_id)
    return page("orders/show.html", **told)


def _is_answered_by(actor: Actor, row: PurchaseOrder) -> bool:
    """Whether it is the supplier's order desk itself that looks, and not somebody who looks as one of them."""
    return actor.seen_by is None and row.shown_to == actor.organisation_id and allowed(actor, "orders:respond", row)


async def _told(view: View, row: PurchaseOrder) -> dict[str, Any]:
    actor, order = view.actor, await queries.out_of(view, row)
    sums = totals_of(order.lines, order.currency) if order.totals.gross is not None else None
    happened = await history(view, row.id)
    own = actor.organisation_id == row.buyer_id
    decides = allowed(actor, "orders:decide", row) and not row.on_hold
    sections = await panels(view, "purchase-order", row)
    waits_for = await queries.approvers(view, row) if own and row.state == S.IN_APPROVAL else None
    return {
        "order": order,
        "tolerances": told({"tolerances": order.tolerances or {}}),
        "row": row,
        "own": own,
        "parties": await queries.parties(view, row.id),
        "split": _split(order, await queries.deliveries(view, row.id)),
        "history": happened,
        "steps": steps(row, happened, inside=own, goods=any(line.kind == "goods" for line in order.lines)),
        "acts": with_next(possible(actor, row), sections),
        "line_acts": line_acts(actor, row, order.lines),
        "agreed": await terms(view, row.buyer_id, row.supplier_id) if own and row.state in _UNSENT else None,
        "aged": await aged_rate(view, row.buyer_id, row.currency) if own and row.state in _UNSENT else None,
        "beyond": _beyond(actor, row),
        "copied": await queries.number_of(view, row.copy_of) if own and row.copy_of else "",
        "waits_for": waits_for,
        "unmeasured": await queries.unmeasured(view, row) if waits_for == [] else "",
        "declined": _declined(order),
        "turned_down": _turned_down(order),
        "offers": await offers(view, order),
        "changes": await _open_changes(view, row, order),
        "decides": decides,
        "unapproved": await _unapproved(view, row, order) if decides else "",
        "panels": sections,
        "sums": sums,
        "rates": [TaxRow(row.category, row.rate, row.base, row.tax) for row in sums.breakdown] if sums else [],
        "codes": CODES,
        "response_states": RESPONSE.names,
    }


async def offers(view: View, order: OrderOut) -> list[Offer]:
    """All answers of the supplier, the newest first, each beside the revision it is about."""
    then = await queries.revision_lines(view, order.id) if any(r.lines for r in order.responses) else {}
    return [compare(order, response, then.get(response.revision, {})) for response in reversed(order.responses)]


async def _open_changes(view: View, row: PurchaseOrder, order: OrderOut) -> list[Any]:
    """What either side proposes and nobody decided on yet, and what is new in a revision that waits for its answer."""
    if row.shown_to is None:
        return []
    found = await queries.changes_seen(view, order.id)
    return [change_shown(view.actor, row, order, each) for each in found if each.state in queries.OPEN_STATES]


def _split(order: OrderOut, deliveries: dict[UUID, Any]) -> dict[UUID, Any]:
    """What a line's own quantity hides, its deliveries do not tell."""
    hidden = {line.id for line in order.lines if line.quantity is None}
    return {line_id: parts for line_id, parts in deliveries.items() if line_id not in hidden}


def _declined(order: OrderOut) -> ResponseOut | None:
    """The supplier's last changes, if the buyer declined them and waits for another answer."""
    given = [response for response in order.responses if response.code != "AB"]
    asked_again = order.state == S.ISSUED and given and given[-1].state == "declined"
    return given[-1] if asked_again else None


def _turned_down(order: OrderOut) -> dict[int, str]:
    """Why the supplier does not deliver lines that it rejected, by line; of the answer that both sides agreed on."""
    if order.state == S.REJECTED:
        return {line.line: order.reason for line in order.lines}
    taken = [response for response in order.responses if response.code == "CA" and response.state == "accepted"]
    return {line.line: line.reason for line in (taken[-1].lines if taken else ()) if line.code == "7"}


def _beyond(actor: Actor, row: PurchaseOrder) -> Message | str:
    """Why somebody who approves orders does not approve this one: their own, or above their limit."""
    if row.state != S.IN_APPROVAL or not allowed(actor, "orders:approve"):
        return ""
    try:
        require(actor, "orders:approve", row)
    except Denied as refusal:
        return refusal.message
    return ""


async def _unapproved(view: View, row: PurchaseOrder, order: OrderOut) -> Message | str:
    """Why somebody who decides on counter-offers cannot accept this one: it costs more than was approved, and they may
    not approve so much."""
    waits, actor = next((each for each in order.responses if each.state == "pending"), None), view.actor
    gross = waits.gross if waits else None
    if waits is None or gross is None:
        return ""
    if carried(row, gross) and not await queries.offered_beyond(view, waits.id):
        return ""
    try:
        require(actor, "orders:approve", PurchaseOrder.of(values_of(row) | {"gross": gross}))
    except Denied as refusal:
        return beyond_approval(actor, row, row.approved_gross, gross, refusal)
    return ""


HANDLERS = [show, *page_verbs("/orders", "order_id", VERBS, shown)]
