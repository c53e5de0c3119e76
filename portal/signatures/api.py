"""Verifying for programs: the same verdict as on the page, for everybody who holds the file."""

from typing import Any

from litestar import Request, Router, post
from litestar.params import FromQuery

from portal.access.guards import public
from portal.access.identify import client_address
from portal.signatures.arriving import body_as_pdf
from portal.signatures.forms import VerdictOut
from portal.signatures.judging import verdict
from portal.signatures.rules import LARGEST
from portal.signatures.turnstile import TURNSTILE
from portal.web.body import ANYTHING
from portal.web.upload import STREAMED, SendsBytes

AnyRequest = Request[Any, Any, Any]


@post(
    "/",
    guards=[public],
    operation_id="verifyDocument",
    opt=STREAMED | {"takes": ANYTHING},
    operation_class=SendsBytes,
    request_max_body_size=LARGEST + 1,
    status_code=200,
)
async def verify(request: AnyRequest, code: FromQuery[str] = "") -> VerdictOut:
    """Send a PDF as the body, up to 20 MB, with any content type, and learn whether this portal issued it, whether it
    was changed since, who signed it, and whether a later revision exists. Needs no account; nothing is kept. `code` is
    what stands at the foot of a printed document that is to be the same one. 20 a minute from one address."""
    TURNSTILE.pass_through(client_address(request.scope, dict(request.scope["headers"])))
    return await verdict(await body_as_pdf(request), code)


router = Router("/verify", route_handlers=[verify], tags=["Documents"])
