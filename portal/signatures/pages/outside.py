"""A document that was signed outside the portal comes back."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.signatures import commands, queries
from portal.signatures.arriving import LARGEST_FORM, form_with_pdf
from portal.signatures.pages.signings import AT, shown
from portal.web import Form
from portal.web.flash import go
from portal.web.input import refused
from portal.web.upload import STREAMED


@post(
    f"{AT}/{{signing_id:uuid}}/signed-file",
    guards=[may("signatures:sign")],
    include_in_schema=False,
    opt=STREAMED,
    request_max_body_size=LARGEST_FORM + 1,
)
async def bring(request: Request[Any, Any, Any], actor: Acting, signing_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        await queries.signing_row(view, signing_id)  # what is not theirs takes no file of them
    try:
        _fields, _name, pdf = await form_with_pdf(request)
        signing = await commands.bring_signed(actor, signing_id, pdf)
    except Invalid as refusal:
        return refused(await shown(actor, signing_id, Form({}, refusal.errors)), refusal)
    return go(f"{AT}/{signing_id}", _("You signed {title} with your own certificate.", title=signing.title))


HANDLERS = [bring]
