"""Signatures for programs: verifying without an account, and documents that both sides sign."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may, public
from portal.access.identify import client_address
from portal.access.verbs import api_verbs
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.signatures import commands, queries
from portal.signatures.arriving import body_as_pdf, said
from portal.signatures.forms import DayForm, NameForm, SigningOut, SigningRow, VerdictOut
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from portal.signatures.rules import LARGEST
from portal.signatures.turnstile import TURNSTILE
from portal.signatures.verbs import VERBS
from portal.web.answers import tagged
from portal.web.body import ANYTHING
from portal.web.downloads import named
from portal.web.upload import STREAMED, SendsBytes, plain_name

AnyRequest = Request[Any, Any, Any]
PDF: dict[str, Any] = {
    "opt": STREAMED | {"takes": ANYTHING},
    "operation_class": SendsBytes,
    "request_max_body_size": LARGEST + 1,
}
READ = [may("signatures:read")]


@post("/", guards=[public], operation_id="verifyDocument", status_code=200, **PDF)
async def verify(request: AnyRequest, code: FromQuery[str] = "") -> VerdictOut:
    """Send a PDF as the body, up to 20 MB, with any content type, and learn whether this portal issued it, whether it
    was changed since, who signed it, and whether a later revision exists. Needs no account; nothing is kept. `code` is
    what stands at the foot of a printed document that is to be the same one. 20 a minute from one address."""
    TURNSTILE.pass_through(client_address(request.scope, dict(request.scope["headers"])))
    return await verdict(await body_as_pdf(request), code)


async def _signing(actor: Actor, signing_id: UUID, status: int = 200) -> Response[SigningOut]:
    async with viewing(actor) as view:
        return tagged(await queries.signing(view, signing_id), status)


@get("/", guards=READ, operation_id="listSignings")
async def list_signings(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    words: Annotated[str | None, QueryParameter(name="query")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[SigningRow]:
    """Documents that are signed by your company and others, newest first. `state` takes several codes with commas."""
    chosen = queries.SigningFilter(state=states, query=words)
    async with viewing(actor) as view:
        found = await queries.signing_list(view, chosen, cursor=cursor, limit=clamp(limit), counted=False)
    return Page(found.rows, found.older)


@post("/", guards=[may("signatures:open")], operation_id="openSigning", **PDF)
async def open_one(
    request: AnyRequest,
    actor: Acting,
    title: FromQuery[str] = "",
    supplier_id: FromQuery[str] = "",
    own_places: FromQuery[str] = "1",
    their_places: FromQuery[str] = "1",
    first: FromQuery[str] = "any",
    own_people: FromQuery[str] = "",
    sign_until: FromQuery[str] = "",
    file_name: FromQuery[str] = "document.pdf",
) -> Response[SigningOut]:
    """Have a PDF signed, its bytes as the body, up to 20 MB: a page with a place for each signature is added behind it.
    `own_places` and `their_places` are how many sign for each side, 1 to 3; `first` is `buyer`, `supplier` or
    `any`. `own_people` are ids, with commas, of those for whom your first places are kept; nobody signs after the day
    `sign_until`."""
    told = {"title": title, "supplier_id": supplier_id, "first": first, "sign_until": sign_until}
    people = {f"own_people.{number}": person for number, person in enumerate(own_people.split(",")[:9])}
    form = said({**told, **people, "own_places": own_places, "their_places": their_places})
    made = await commands.open_signing(actor, form, plain_name(file_name), await body_as_pdf(request))
    return await _signing(actor, made.id, 201)


@get("/{signing_id:uuid}", guards=READ, operation_id="getSigning")
async def show(actor: Acting, signing_id: FromPath[UUID]) -> Response[SigningOut]:
    """One document with its places for signatures and who signed there."""
    return await _signing(actor, signing_id)


@get("/{signing_id:uuid}/file.pdf", guards=READ, operation_id="getSignedFile", summary="The present file as PDF")
async def file(actor: Acting, signing_id: FromPath[UUID]) -> Response[bytes]:
    """The document with the signatures so far."""
    async with viewing(actor) as view:
        row = await queries.signing_row(view, signing_id)
    return Response(await kept(row.sha256), media_type="application/pdf", headers=named(row.file_name))


@post("/{signing_id:uuid}/last-day", guards=[may("signatures:open")], operation_id="setLastDayToSign", status_code=200)
async def set_day(actor: Acting, signing_id: FromPath[UUID], data: JSONBody[DayForm]) -> Response[SigningOut]:
    """Set the last day on which the document may be signed, or a later one. Whoever is to sign is reminded three days
    before it."""
    await commands.set_day(actor, signing_id, data)
    return await _signing(actor, signing_id)


@post(
    "/{signing_id:uuid}/signatories/{signatory_id:uuid}/name",
    guards=[may("signatures:name")],
    operation_id="nameSignatory",
    status_code=200,
)
async def name(
    actor: Acting, signing_id: FromPath[UUID], signatory_id: FromPath[UUID], data: JSONBody[NameForm]
) -> Response[SigningOut]:
    """Say who of your company signs this place: nobody else may then. Null means anybody who may sign."""
    await commands.name(actor, signing_id, signatory_id, data.person_id)
    return await _signing(actor, signing_id)


@post(
    "/{signing_id:uuid}/signed-file",
    guards=[may("signatures:sign")],
    operation_id="bringSignedDocument",
    status_code=200,
    **PDF,
)
async def bring_signed(request: AnyRequest, actor: Acting, signing_id: FromPath[UUID]) -> Response[SigningOut]:
    """Sign with your own certificate: the present file as another program signed it (PAdES), as the body, up to 20 MB.
    It begins with the very bytes of the present file and holds one signature more, which covers all of it."""
    await commands.bring_signed(actor, signing_id, await body_as_pdf(request))
    return await _signing(actor, signing_id)


_SIGNINGS: list[Any] = [
    list_signings,
    open_one,
    show,
    file,
    set_day,
    name,
    bring_signed,
    *api_verbs("signing_id", VERBS, _signing),
]
routers = (
    Router("/verify", route_handlers=[verify], tags=["Documents"]),
    Router("/signings", route_handlers=_SIGNINGS, tags=["Signatures"]),
)
