"""Whether a document in hand is genuine: for everybody who holds it, without an account. Nothing is kept of it."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import public
from portal.access.identify import client_address
from portal.platform.i18n import _
from portal.platform.refusals import Invalid, TooLarge, TooMany
from portal.platform.wiring import SUBJECTS
from portal.signatures.arriving import LARGEST_FORM, form_with_pdf
from portal.signatures.judging import verdict
from portal.signatures.rules import code_of
from portal.signatures.turnstile import TURNSTILE
from portal.web import Form, page
from portal.web.looks import Look
from portal.web.upload import STREAMED

AnyRequest = Request[Any, Any, Any]
AT = "/verify"
OUTCOMES = {
    "unchanged": Look(_("Issued here, and not changed"), "success", "circle-check"),
    "signed": Look(_("Issued here; signatures were added elsewhere"), "warning", "signature"),
    "changed": Look(_("Issued here, then changed"), "danger", "alert-triangle"),
    "unknown": Look(_("Not issued by this portal"), "warning", "help-circle"),
    "unreadable": Look(_("This file cannot be read"), "warning", "file-alert"),
}
STEPS = {
    "unchanged": _("It is, byte for byte, the file that this portal issued."),
    "signed": _(
        "The document itself is as this portal issued it. The signatures below came later, and not from this portal."
    ),
    "changed": _("Somebody changed the file after this portal issued it. Ask who issued it for the document anew."),
    "unknown": _("The portal never issued this file, or it was saved anew by another program. Ask for the original."),
    "unreadable": _("It is damaged, locked by a password, or too large to be checked. Ask for the original."),
}


@get(AT, guards=[public], include_in_schema=False)
async def show(request: AnyRequest) -> Response[Any]:
    """How to check a document. Whose code it is that leads here is not told: the code alone says nothing."""
    return _page(code_of(request.query_params.get("code", "")))


@post(AT, guards=[public], include_in_schema=False, opt=STREAMED, request_max_body_size=LARGEST_FORM + 1)
async def check(request: AnyRequest) -> Response[Any]:
    code = ""
    try:
        TURNSTILE.pass_through(client_address(request.scope, dict(request.scope["headers"])))
        fields, name, pdf = await form_with_pdf(request)
        code = code_of(fields.get("code", ""))
        found = await verdict(pdf, code)
    except (Invalid, TooLarge, TooMany) as refusal:
        return _page(code, form=Form({}, refusal.errors), problem=str(refusal), status=refusal.status)
    return _page(code, found=found, name=name)


def _page(code: str, *, status: int = 200, **told: Any) -> Response[Any]:
    shown: dict[str, Any] = {"found": None, "name": "", "problem": "", "form": Form({})} | told
    document = shown["found"] and shown["found"].document
    shown["kind"] = SUBJECTS[document.kind].title if document else ""
    spaced = " ".join(code[at : at + 4] for at in range(0, len(code), 4))
    return page("signatures/verify.html", status=status, code=spaced, outcomes=OUTCOMES, steps=STEPS, **shown)


HANDLERS = [show, check]
