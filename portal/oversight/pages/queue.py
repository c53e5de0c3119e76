"""What waits on home pages: emergencies to decide on and to review, roles to keep or take back."""

from portal.oversight import queries
from portal.oversight.forms import EmergencyOut, ReviewOut
from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Action, Waiting

_ACTS = {"asked": _("Decide"), "granted": _("Watch"), "ended": _("Review")}


async def _emergencies(view: View) -> tuple[int, list[Waiting]]:
    count, found = await queries.to_look_at(view)
    return count, [_emergency(each) for each in found]


def _emergency(told: EmergencyOut) -> Waiting:
    href = f"/emergency-access/{told.id}"
    return Waiting(
        title=told.number,
        href=href,
        party=told.person,
        due=told.ended_at or told.until or told.asked_at,
        note=told.reason,
        act=Action(_ACTS[told.state], href, "primary", "scale", post=False),
    )


async def _reviews(view: View) -> tuple[int, list[Waiting]]:
    found = await queries.to_decide(view)
    return len(found), [_review(each) for each in found]


def _review(told: ReviewOut) -> Waiting:
    href = f"/access-reviews/{told.id}"
    return Waiting(
        title=told.number,
        href=href,
        due=told.due_at,
        note=_("Roles to decide: {n}", n=told.mine),
        act=Action(_("Decide"), href, "primary", "clipboard-check", post=False),
    )


EMERGENCIES = Queue(
    _("Emergency access to look at"), "/emergency-access?open=look", _emergencies, "emergency-access:review",
    _("Nobody holds more roles than usual."), "danger", 5, _("Emergency access"), _("Who"), _("When"),
)  # fmt: skip
REVIEWS = Queue(
    _("Reviews of access to decide in"), "/access-reviews?open=mine", _reviews, "access-reviews:decide",
    _("No role waits for your decision."), "warning", 50, _("Access review"), when=_("Until"), quiet=True,
)  # fmt: skip
QUEUES = {
    "administrator": [EMERGENCIES],
    "approver": [EMERGENCIES],
    "order_desk": [EMERGENCIES],
    "anyone": [REVIEWS],
}
