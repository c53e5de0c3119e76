"""The payment terms that a buyer offers, and agreeing on them on a supplier's page."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.organisations import commands, queries
from portal.organisations.forms import BASES, Agreement, PaymentTermForm
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form

AnyRequest = Request[Any, Any, Any]
AT = "/payment-terms"
MOST_STEPS = 2


@get(AT, guards=[may("payment-terms:read")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, Form())


@post(AT, guards=[may("payment-terms:offer")], include_in_schema=False)
async def offer(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        await commands.offer_terms(actor, _said(typed).convert(PaymentTermForm, month_end="false"))
    except (Invalid, Conflict) as refusal:
        return await _page(actor, Form(typed.values, refusal.errors), status=refusal.status)
    return go(AT, _("These terms can be agreed on with suppliers now."))


@post(AT + "/{term_id:uuid}/retire", guards=[may("payment-terms:offer")], include_in_schema=False)
async def retire(request: AnyRequest, actor: Acting, term_id: FromPath[UUID]) -> Response[Any]:
    await commands.retire_terms(as_seen(actor, await read_form(request)), term_id)
    return go(AT, _("These terms are offered no more. Who agreed on them keeps them."))


@post("/suppliers/{supplier_id:uuid}/payment-terms", guards=[may("payment-terms:agree")], include_in_schema=False)
async def agree(request: AnyRequest, actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    form = (await read_form(request)).convert(Agreement, only=("payment_term_id",))
    await commands.agree_terms(actor, supplier_id, form)
    return go(f"/suppliers/{supplier_id}", _("Orders that are written from now on take these terms over."))


def _said(typed: Typed) -> Typed:
    """Without the cash discounts that were left blank; a ticked box says true."""
    blank = {
        f"steps.{row}."
        for row in range(MOST_STEPS)
        if not any(typed.values.get(f"steps.{row}.{name}", "").strip() for name in ("days", "percent"))
    }
    told = [(name, value) for name, value in typed.pairs if not any(name.startswith(each) for each in blank)]
    return Typed([(name, "true" if name == "month_end" else value) for name, value in told])


async def _page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.payment_terms(view)
    offers = allowed(actor, "payment-terms:offer")
    return page(
        "suppliers/payment_terms.html", status=status, form=form, found=found, bases=BASES, offers=offers,
        steps=range(MOST_STEPS),
    )  # fmt: skip


HANDLERS = [show, offer, retire, agree]
