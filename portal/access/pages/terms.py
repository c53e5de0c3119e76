"""Terms of use and privacy notices: the next edition of them, and who accepted which."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access import commands, queries
from portal.access.forms import LegalForm
from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form

AT = "/security/terms"
KINDS = {"terms": _("Terms of use"), "privacy": _("Privacy notice")}


@get(AT, guards=[may("terms:publish")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, None)


@post(AT, guards=[may("terms:publish")], include_in_schema=False)
async def publish(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    form = await read_form(request)
    try:
        text = await commands.publish_text(actor, form.convert(LegalForm, only=LegalForm.__struct_fields__))
    except Invalid as refusal:
        return await _page(actor, form.again(refusal), status=422)
    return go(AT, _("Edition {edition} is published. People are asked at their next sign-in.", edition=text.edition))


async def _page(actor: Actor, form: Form | None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        texts, accepted = await queries.legal_texts(view), await queries.who_accepted(view)
    return page(
        "access/legal_texts.html", status=status, form=form or Form(), texts=texts, accepted=accepted, kinds=KINDS
    )


HANDLERS = [show, publish]
