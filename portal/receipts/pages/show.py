"""One goods receipt: what came, who booked it, and its reversal."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, panels, require
from portal.access.queries import names
from portal.access.verbs import page_verbs
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View, viewing
from portal.receipts import queries
from portal.receipts.forms import ReceiptLineOut
from portal.receipts.states import RECEIPT, S
from portal.receipts.tables import GoodsReceipt
from portal.receipts.verbs import VERBS
from portal.web import Form, page
from portal.web.formats import quantity
from portal.web.parts import Action, Node


@get("/receipts/{receipt_id:uuid}", guards=[may("goods-receipts:read")], include_in_schema=False)
async def show(actor: Acting, receipt_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, receipt_id)


async def shown(actor: Actor, receipt_id: UUID, form: Form | None = None) -> Response[Any]:
    """The page, also with an inspection that cannot be booked as typed, or for an act on it that is asked for again."""
    async with viewing(actor) as view:
        row = await queries.receipt_row(view, receipt_id)
        receipt = await queries.out_of(view, row)
        history = await _history(view, row)
        sections = await panels(view, "goods-receipt", row)
    own = row.buyer_id == actor.organisation_id
    inspects = own and row.state == S.BOOKED and allowed(actor, "goods-receipts:inspect", row)
    waiting = [line for line in receipt.lines if line.in_inspection] if inspects else []
    return page(
        "receipts/show.html",
        receipt=receipt,
        history=history,
        panels=sections,
        own=own,
        acts=_possible(actor, row),
        inspects=inspects,
        form=_inspectable(form or Form(_fresh(waiting)), waiting),
        waiting=waiting,
    )


def _fresh(waiting: Sequence[ReceiptLineOut]) -> dict[str, Any]:
    return {f"lines.{number}.receipt_line_id": str(line.id) for number, line in enumerate(waiting)}


def _inspectable(form: Form, waiting: Sequence[ReceiptLineOut]) -> Form:
    """The form with what each row is of: that is printed and never sent."""
    known = {str(line.id): line for line in waiting}
    shown: dict[str, Any] = {}
    for row in form.rows("lines"):
        if line := known.get(form.value(f"lines.{row}.receipt_line_id")):
            shown[f"lines.{row}.what"] = f"{line.order_number}, {line.line} · {line.description}"
            shown[f"lines.{row}.waits"] = quantity(line.in_inspection, line.unit)
    return Form({**form.values, **shown}, form.errors, form.rows_named)


def _possible(actor: Actor, receipt: GoodsReceipt) -> list[Action]:
    if not RECEIPT.possible(receipt, lambda permission, thing: require(actor, permission, thing)):
        return []
    at, why = f"/receipts/{receipt.id}/reverse", _("Why? Both sides read this.")
    final = _("The goods count as not received. This cannot be undone; book a new receipt instead.")
    return [Action(_("Reverse the receipt"), at, "danger", "arrow-back-up", confirm=final, reason=why)]


async def _history(view: View, receipt: GoodsReceipt) -> list[Node]:
    people = await names(view, [person for person in (receipt.created_by, receipt.reversed_by) if person])

    def who(person: UUID | None) -> str:
        return people[person][0] if person is not None and person in people else ""

    came = Node(_("Delivered"), receipt.delivered_at, icon="truck-delivery")
    nodes = [came, Node(_("Booked"), receipt.booked_at, who(receipt.created_by), icon="package-import")]
    if receipt.reversed_at is not None:
        detail = receipt.reversal_reason
        undone = Node(
            _("Reversed"), receipt.reversed_at, who(receipt.reversed_by), "failed", detail, icon="arrow-back-up"
        )
        nodes.append(undone)
    return nodes


HANDLERS = [show, *page_verbs("/receipts", "receipt_id", VERBS, shown)]
