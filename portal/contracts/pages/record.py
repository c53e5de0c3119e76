"""Having a contract signed, in a browser: here, or on paper, which somebody records; and talking about it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.contracts import commands
from portal.contracts.forms import CommentForm, PresentForm, SignedForm
from portal.contracts.pages.show import shown
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.web.flash import go
from portal.web.input import as_seen, read_form, refused


@post("/contracts/{contract_id:uuid}/record", guards=[may("contracts:record")], include_in_schema=False)
async def record(request: Request[Any, Any, Any], actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(SignedForm, only=SignedForm.__struct_fields__)
        contract = await commands.record(as_seen(actor, typed), contract_id, form)
    except Invalid as refusal:
        return refused(await shown(actor, contract_id, typed.again(refusal)), refusal)
    return go(
        f"/contracts/{contract_id}",
        _("The signed paper of {number} is recorded. The supplier confirms it.", number=contract.number),
    )


@post("/contracts/{contract_id:uuid}/present", guards=[may("contracts:edit")], include_in_schema=False)
async def present(request: Request[Any, Any, Any], actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(PresentForm, only=PresentForm.__struct_fields__)
        contract = await commands.present(as_seen(actor, typed), contract_id, form)
    except Invalid as refusal:
        return refused(await shown(actor, contract_id, typed.again(refusal)), refusal)
    return go(
        f"/contracts/{contract_id}", _("{number} is laid before both sides to be signed.", number=contract.number)
    )


@post("/contracts/{contract_id:uuid}/comments", guards=[may("contracts:comment")], include_in_schema=False)
async def comment(request: Request[Any, Any, Any], actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        await commands.comment_on(actor, contract_id, typed.convert(CommentForm, only=("comment",)))
    except Invalid as refusal:
        return refused(await shown(actor, contract_id, said=typed.again(refusal)), refusal)
    return go(f"/contracts/{contract_id}#comments", _("The other side is told."))


HANDLERS = [record, present, comment]
