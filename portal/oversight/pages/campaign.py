"""One campaign in a browser: each role with what speaks against it, kept or taken back right there."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.oversight import commands, queries
from portal.oversight.forms import RoleDecision
from portal.oversight.pages.reviews import AT, LOOKS
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form
from portal.web.looks import Look

AnyRequest = Request[Any, Any, Any]
OUTCOMES = {
    "open": Look(_("To decide"), "warning", "hourglass"),
    "kept": Look(_("Kept"), "success", "circle-check"),
    "revoked": Look(_("Taken back"), "danger", "ban"),
    "lapsed": Look(_("Taken back, nobody decided"), "danger", "clock"),
    "spared": Look(_("Stays, last administrator"), "warning", "alert-triangle"),
    "gone": Look(_("Gone already"), "neutral", "user-off"),
}


@get(f"{AT}/{{review_id:uuid}}", guards=[may("access-reviews:read")], include_in_schema=False)
async def show(actor: Acting, review_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        told = await queries.review(view, review_id)
        whole = queries.reads_all(view)
    stuck = sum(each.state == "open" and not each.reviewers for each in told.items) if whole else 0
    done = told.decided + stuck == told.roles
    closes = told.state == "open" and done and allowed(actor, "access-reviews:close")
    more: dict[str, Any] = {"looks": LOOKS, "outcomes": OUTCOMES, "closes": closes, "whole": whole, "stuck": stuck}
    more["plain"] = sum(each.mine and not each.warnings for each in told.items)
    return page("oversight/review.html", told=told, **more)


@post(f"{AT}/{{review_id:uuid}}/keep-all", guards=[may("access-reviews:decide")], include_in_schema=False)
async def keep_all(actor: Acting, review_id: FromPath[UUID]) -> Response[Any]:
    kept = await commands.keep_all(actor, review_id)
    return go(f"{AT}/{review_id}", _("Kept: {n}. What something speaks against is decided one by one.", n=kept))


@get(f"{AT}/roles/{{reviewed_id:uuid}}", guards=[may("access-reviews:read")], include_in_schema=False)
async def ask(actor: Acting, reviewed_id: FromPath[UUID]) -> Response[Any]:
    return await _asked(actor, reviewed_id, Form())


@post(f"{AT}/roles/{{reviewed_id:uuid}}", guards=[may("access-reviews:decide")], include_in_schema=False)
async def decide(request: AnyRequest, actor: Acting, reviewed_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(RoleDecision, only=RoleDecision.__struct_fields__)
        line = await commands.decide(as_seen(actor, typed), reviewed_id, form)
    except (Invalid, Conflict, Denied) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _asked(actor, reviewed_id, Form(typed.values, errors), refusal.status)
    said = _("Kept.") if form.decision == "keep" else _("Taken back. They sign in again.")
    return go(f"{AT}/{line.review_id}", said)


async def _asked(actor: Actor, reviewed_id: UUID, form: Form, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        told = await queries.reviewed(view, reviewed_id)
        review_id = await queries.review_of(view, reviewed_id)
    decides = told.state == "open" and told.mine
    return page(
        "oversight/role.html",
        status=status,
        told=told,
        review_id=review_id,
        form=form,
        decides=decides,
        outcomes=OUTCOMES,
    )


HANDLERS: list[Any] = [show, keep_all, ask, decide]
