"""The list of alerts and one of them."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, require
from portal.access.verbs import page_verbs
from portal.alerts import queries
from portal.alerts.forms import AlertOut
from portal.alerts.rules import ABOUT, KINDS
from portal.alerts.states import ALERT, NAMES
from portal.alerts.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.wiring import SUBJECTS, Queue
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.acts import Act
from portal.web.looks import Look
from portal.web.parts import Waiting
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
AT = "/alerts"
LOOKS = {
    "open": Look(_("Open"), "danger", "alert-triangle"),
    "resolved": Look(_("Resolved"), "success", "circle-check"),
}
ACTS = {
    "take": Act(_("Look after it"), "/take", "default", "user-check", versioned=True),
    "resolve": Act(_("Resolve it"), "/resolve", "primary", "check", _("What was it, and what was done?")),
}


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address."""

    state: Line | None = None
    cursor: Line | None = None


@get(AT, guards=[may("alerts:read")], include_in_schema=False)
async def show_list(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    async with viewing(actor) as view:
        found = await queries.alerts(view, asked.state, asked.cursor)
    tabs = [("", _("All")), *NAMES.items()]
    return page("alerts/list.html", abouts=ABOUT, found=found, asked=asked, tabs=tabs, kinds=KINDS, looks=LOOKS)


@get(f"{AT}/{{alert_id:uuid}}", guards=[may("alerts:read")], include_in_schema=False)
async def show(actor: Acting, alert_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, alert_id)


async def shown(actor: Actor, alert_id: UUID) -> Response[Any]:
    async with viewing(actor) as view:
        row = await queries.alert_row(view, alert_id)
        alert = await queries.alert(view, alert_id)
    can = ALERT.possible(row, lambda permission, thing: require(actor, permission, thing))
    acts = [
        act.at(f"{AT}/{alert_id}", row.version)
        for verb, act in ACTS.items()
        if verb in can and not (verb == "take" and row.looked_after_by == actor.person_id)
    ]
    subject = SUBJECTS.get(alert.record_kind)
    opens = subject is not None and (not subject.permission or allowed(actor, subject.permission))
    href = subject.href.format(id=alert.record_id) if subject and opens and alert.record_id else ""
    told = {"title": KINDS[alert.kind], "href": href, "kind": subject.title if subject else "", "acts": acts}
    return page("alerts/show.html", abouts=ABOUT, alert=alert, looks=LOOKS, **told)


async def _open(view: View) -> tuple[int, list[Waiting]]:
    count, found = await queries.open_alerts(view)
    return count, [_waiting(each) for each in found]


def _waiting(alert: AlertOut) -> Waiting:
    party = alert.person_name or str(ABOUT.get(alert.about, alert.about))
    return Waiting(title=KINDS[alert.kind], href=f"{AT}/{alert.id}", party=party, due=alert.raised_at)


OPEN = Queue(
    _("Open alerts"), f"{AT}?state=open", _open, "alerts:read", _("Nothing to look at."), "danger", 5, _("Alert"),
    _("About"), _("Raised"),
)  # fmt: skip
HANDLERS = [show_list, show, *page_verbs(AT, "alert_id", VERBS, shown)]
