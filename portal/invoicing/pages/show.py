"""One invoice: the document, its match side by side, and when it will be paid."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, panels
from portal.access.queries import names
from portal.access.verbs import asked_again, page_verbs
from portal.banks.queries import payable_accounts, was_offered
from portal.invoicing import commands, queries
from portal.invoicing.forms import Acceptance, ExceptionAnswer, InvoiceOut, PaymentReversal, Settlement
from portal.invoicing.pages.acts import acceptable, correction, possible, reversible, verbs_of
from portal.invoicing.pages.asking import asked_of
from portal.invoicing.pages.flip import sheet_of_draft
from portal.invoicing.pages.outlook import nodes, settled_by
from portal.invoicing.queries import OrderHead
from portal.invoicing.rules.payment import KINDS, OWNER_NAMES
from portal.invoicing.states import CODE_NAMES, S
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.invoicing.verbs import VERBS
from portal.orders.forms import MATCH_BASES
from portal.organisations.queries import aged_rate
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form
from portal.web.looks import Look
from portal.web.parts import TaxRow

AnyRequest = Request[Any, Any, Any]
RESOLUTIONS = {
    "open": Look(_("To be cleared"), "warning", "alert-triangle"),
    "accepted": Look(_("Accepted"), "success", "circle-check"),
    "cleared": Look(_("Gone"), "neutral", "circle-check"),
    "rejected": Look(_("Rejected with the invoice"), "neutral", "circle-x"),
}
ANSWERED = {
    "corrected_invoice": _("A corrected invoice is asked for"),
    "credit_note": _("A credit note is asked for"),
    "wait": _("The buyer waits for the receipt"),
    "reject_line": _("The line is rejected"),
}


@get("/invoices/{invoice_id:uuid}", guards=[may("invoices:read")], include_in_schema=False)
async def show(actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, invoice_id)


async def shown(actor: Actor, invoice_id: UUID) -> Response[Any]:
    """The page, also for an act on it that is asked for again."""
    return await _page(actor, invoice_id, Form())


@post("/invoices/{invoice_id:uuid}/settle", guards=[may("invoices:settle")], include_in_schema=False)
async def settle(request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(Settlement, only=Settlement.__struct_fields__)
        invoice = await commands.settle(as_seen(actor, typed), invoice_id, form)
    except Invalid as refusal:
        return await _page(actor, invoice_id, typed.again(refusal), status=422)
    said = _("The payment of invoice {number} is recorded.", number=invoice.number)
    if invoice.state != S.SETTLED:
        said = _("The part payment of invoice {number} is recorded. The rest stays to be paid.", number=invoice.number)
    return go(f"/invoices/{invoice_id}", said)


@post(
    "/invoices/{invoice_id:uuid}/exceptions/{exception_id:uuid}/accept",
    guards=[may("invoices:resolve")],
    include_in_schema=False,
)
async def accept(
    request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID], exception_id: FromPath[UUID]
) -> Response[Any]:
    """Accept one difference; without a reason it is asked for again in its place."""
    typed = await read_form(request)
    try:
        why = typed.convert(Acceptance, only=("reason",))
    except Invalid as refusal:
        return await asked_again(request, "/invoices", shown, actor, invoice_id, typed, refusal)
    await commands.accept_exception(as_seen(actor, typed), invoice_id, exception_id, why)
    return go(f"/invoices/{invoice_id}", _("The difference is accepted."))


@post(
    "/invoices/{invoice_id:uuid}/exceptions/{exception_id:uuid}/answer/{answer:str}",
    guards=[may("invoices:resolve")],
    include_in_schema=False,
)
async def answer(
    request: AnyRequest,
    actor: Acting,
    invoice_id: FromPath[UUID],
    exception_id: FromPath[UUID],
    answer: FromPath[str],
) -> Response[Any]:
    """Say what is to happen with a difference; without a reason it is asked for again in its place."""
    typed = await read_form(request)
    try:
        wanted = typed.convert(ExceptionAnswer, only=("reason",), answer=answer)
        await commands.answer_exception(as_seen(actor, typed), invoice_id, exception_id, wanted)
    except Invalid as refusal:
        return await asked_again(request, "/invoices", shown, actor, invoice_id, typed, refusal)
    return go(f"/invoices/{invoice_id}", _("The supplier reads what you answered to the difference."))


@post(
    "/invoices/{invoice_id:uuid}/payments/{payment_id:uuid}/reverse",
    guards=[may("invoices:settle")],
    include_in_schema=False,
)
async def reverse(
    request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID], payment_id: FromPath[UUID]
) -> Response[Any]:
    """Undo a payment; without a reason it is asked for again in its place."""
    typed = await read_form(request)
    try:
        why = typed.convert(PaymentReversal, only=("reason",))
        await commands.reverse_payment(as_seen(actor, typed), invoice_id, payment_id, why)
    except Invalid as refusal:
        return await asked_again(request, "/invoices", shown, actor, invoice_id, typed, refusal)
    return go(f"/invoices/{invoice_id}", _("The payment is undone. The supplier reads why."))


async def _page(actor: Actor, invoice_id: UUID, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        today = await queries.today(view)
        told = await _told(view, invoice_id, today)
    return page("invoicing/show.html", status=status, form=form, today=today, **told)


async def _told(view: View, invoice_id: UUID, today: date) -> dict[str, Any]:
    actor = view.actor
    row, orders = await queries.seen(view, invoice_id)
    same = await queries.versions(view, row)
    invoice = await queries.out_of(view, row, orders)
    match = await queries.matching(view, row)
    who = await names(view, [person for person in (row.submitted_by, row.decided_by, row.settled_by) if person])
    waiting = await queries.open_exceptions(view, row.id)
    own = actor.organisation_id == row.supplier_id
    barred = set() if own or not waiting else await queries.barred(view, orders)
    return {
        "invoice": invoice,
        "row": row,
        "match": match,
        "own": own,
        "questions": await _questions(view, row, orders) if own and row.state == S.DRAFT else [],
        "aged": await aged_rate(view, row.supplier_id, row.currency) if own and row.state == S.DRAFT else None,
        "units": {line.line: line.unit for line in invoice.lines},
        "rates": _rates(invoice),
        "allowed": row.allowances_net if invoice.totals.net is not None else None,
        "charged": row.charges_net if invoice.totals.net is not None else None,
        "acts": [*possible(actor, row, orders, waiting, barred), *correction(actor, row, same)],
        "acceptable": acceptable(actor, row, waiting, barred),
        "barred": actor.person_id in barred,
        "deciders": {} if own or not waiting else await queries.deciders(view, waiting, barred),
        "same": same,
        "settled_by": settled_by(row, invoice.payments),
        "advice_number": await queries.advice_number(view, row.despatch_advice_id),
        "reversible": reversible(actor, row, orders, invoice.payments),
        **await _to_settle(view, row, invoice, today, settles="settle" in verbs_of(actor, row, orders)),
        "payment": nodes(row, match.exceptions, invoice.payment, who, invoice.payments),
        "panels": await panels(view, "invoice", row),
        "bases": MATCH_BASES,
        "kinds": KINDS,
        "owners": OWNER_NAMES,
        "codes": CODE_NAMES,
        "resolutions": RESOLUTIONS,
        "answers": ANSWERED,
    }


async def _to_settle(view: View, row: Invoice, invoice: InvoiceOut, today: date, *, settles: bool) -> dict[str, Any]:
    """What whoever records a payment chooses from."""
    return {
        "settles": settles,
        "payable_less": [each for each in invoice.discounts if each.until and each.until >= today],
        "nettable": await queries.nettable(view, row) if settles else [],
        "accounts": await _accounts(view, row) if settles else None,
    }


async def _accounts(view: View, invoice: Invoice) -> list[tuple[str, str]] | None:
    """Where the supplier may be paid now, as choices; None where it never told an account."""
    pair = (invoice.buyer_id, invoice.supplier_id)
    if not await was_offered(view, *pair):
        return None
    found = await payable_accounts(view, *pair, invoice.currency)
    return [(str(each.id), f"{each.number} · {each.currency} · {each.holder}") for each in found]


def _rates(invoice: InvoiceOut) -> list[TaxRow]:
    """The tax by rate, to who may see it."""
    return [
        TaxRow(each.tax_category, each.tax_rate, each.base, each.tax)
        for each in invoice.taxes
        if each.base is not None and each.tax is not None
    ]


async def _questions(view: View, draft: Invoice, orders: list[OrderHead]) -> list[Message | str]:
    """What the buyer will ask about a draft, while it can still be changed."""
    billed = await view.fetch("select * from invoice_line where invoice_id = $1 order by line", draft.id)
    rows = [InvoiceLine.of(dict(record)) for record in billed]
    return asked_of(draft, rows, await sheet_of_draft(view, draft, orders))


HANDLERS = [show, settle, reverse, accept, answer, *page_verbs("/invoices", "invoice_id", VERBS, shown)]
