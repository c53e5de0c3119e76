"""Campaigns in a browser: begun, followed, closed, and their reports."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from portal.access.guards import Acting, may
from portal.oversight import commands, queries
from portal.oversight.forms import CampaignForm, ReviewDaysForm
from portal.oversight.tables import Organisation
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.wiring import SettingKind
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.downloads import whole
from portal.web.flash import go
from portal.web.input import as_seen, read_form
from portal.web.looks import Look

AT = "/access-reviews"
LOOKS = {"open": Look(_("Open"), "warning", "hourglass"), "closed": Look(_("Closed"), "success", "circle-check")}


@get(AT, guards=[may("access-reviews:read")], include_in_schema=False)
async def list_reviews(
    actor: Acting, only: Annotated[Literal["mine"] | None, QueryParameter(name="open")] = None
) -> Response[Any]:
    """All that the reader may see, or those in which they have still to decide."""
    return await _list(actor, Form(), only=only is not None)


@post(AT, guards=[may("access-reviews:open")], include_in_schema=False)
async def open_review(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        made = await commands.open_review(actor, typed.convert(CampaignForm, only=("until",)))
    except (Invalid, Conflict) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _list(actor, Form(typed.values, errors), refusal.status)
    return go(f"{AT}/{made.id}", _("The review is open, and its reviewers are told."))


@post(f"{AT}/settings", guards=[may("access-reviews:configure")], include_in_schema=False)
async def propose_days(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(ReviewDaysForm, only=ReviewDaysForm.__struct_fields__)
        made = await commands.propose_days(actor, form)
    except (Invalid, Conflict) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _list(actor, Form(), refusal.status, asked=Form(typed.values, errors))
    return go(f"/settings/versions/{made.id}", _("Proposed. It holds once a second person approved it."))


@post(f"{AT}/{{review_id:uuid}}/close", guards=[may("access-reviews:close")], include_in_schema=False)
async def close(request: Request[Any, Any, Any], actor: Acting, review_id: FromPath[UUID]) -> Response[Any]:
    await commands.close(as_seen(actor, await read_form(request)), review_id)
    return go(f"{AT}/{review_id}", _("Closed. The report is signed."))


@get(f"{AT}/{{review_id:uuid}}/report.json", guards=[may("access-reviews:read")], include_in_schema=False)
async def report(actor: Acting, review_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.report_file(view, review_id), "application/json")


@get(f"{AT}/{{review_id:uuid}}/report.pdf", guards=[may("access-reviews:read")], include_in_schema=False)
async def paper(actor: Acting, review_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.report_pdf(view, review_id), "application/pdf")


async def _list(
    actor: Actor, form: Form, status: int = 200, *, only: bool = False, asked: Form | None = None
) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.to_decide(view) if only else (await queries.reviews(view, limit=100)).items
        days = await queries.days_of(view)
    running = any(each.state == "open" for each in found)
    told: dict[str, Any] = {"looks": LOOKS, "running": running, "only": only, "days": days, "asked": asked or Form()}
    return page("oversight/reviews.html", status=status, found=found, form=form, **told)


def _told(value: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    days = value["access_review_days"]
    return [(_("Days for reviewers each quarter"), _("by hand alone") if days is None else str(days))]


SETTINGS = {
    commands.DAYS_OF_REVIEW: SettingKind(
        _("Reviews of access"), Organisation, "id", ("access_review_days",), "access-reviews:configure", AT, _told,
        opens="access-reviews:read",
    )
}  # fmt: skip
HANDLERS: list[Any] = [list_reviews, open_review, propose_days, close, report, paper]
