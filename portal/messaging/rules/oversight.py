"""Which event of access that is looked at again tells whom what."""

from portal.messaging.rules.shapes import Involved, May, Notice
from portal.platform.i18n import _

_EMERGENCY, _REVIEW = _("Open the emergency access"), _("Open the review")

ON_OVERSIGHT: dict[str, Notice] = {
    "invitation.not-accepted": Notice(
        "owner",
        May("members:add"),
        _("An invitation could not be accepted"),
        _("It cannot be accepted by the address that was invited. Withdraw it: another one is needed."),
        _("Open the invitations"),
        waits="open",
    ),
    "see-as.begun": Notice(
        "owner",
        Involved(("person_id",)),
        _("An administrator looks at the portal as you"),
        _(
            "They see what you see for half an hour at most, and can change nothing. Both of your names stand in the "
            "log. If you did not expect it, ask them, or tell an auditor of your company."
        ),
        _("See who and why"),
        ("reason",),
    ),
    "break-glass.asked": Notice(
        "owner",
        May("emergency-access:grant"),
        _("{number}: emergency access waits for a second person"),
        _("Somebody of your company asks for more roles for a short time. They are theirs only if you grant them."),
        _EMERGENCY,
        ("reason",),
        waits="asked",
    ),
    "break-glass.granted": Notice(
        "owner",
        May("emergency-access:read"),
        _("Alert: emergency access {number} was granted"),
        _("Somebody of your company holds more roles for a short time. What they do meanwhile is marked in the log."),
        _EMERGENCY,
        ("reason",),
        everybody=True,
    ),
    "break-glass.declined": Notice(
        "owner",
        Involved(("created_by",)),
        _("{number}: your emergency access was declined"),
        _("You hold the roles that you had."),
        _EMERGENCY,
        ("reason",),
    ),
    "break-glass.ended": Notice(
        "owner",
        May("emergency-access:review"),
        _("{number}: review an emergency access that is over"),
        _("A third person looks at what was done and says whether it was justified. It stands until then."),
        _EMERGENCY,
    ),
    "break-glass.reviewed": Notice(
        "owner",
        Involved(("created_by", "decided_by")),
        _("{number}: your emergency access was reviewed"),
        _("A third person looked at what was done."),
        _EMERGENCY,
        ("reason",),
    ),
    "access-review.opened": Notice(
        "owner",
        May("access-reviews:decide"),
        _("{number}: look through who may do what"),
        _("Keep each role that you answer for, or take it back. What nobody decides on is taken back on the last day."),
        _REVIEW,
        waits="open",
    ),
    "access-review.reminded": Notice(
        "owner",
        May("access-reviews:decide"),
        _("{number}: roles still wait for your decision"),
        _("What nobody decides on is taken back on the last day."),
        _REVIEW,
        waits="open",
    ),
    "access-review.closed": Notice(
        "owner",
        May("policy:read"),
        _("{number}: the review of access is closed"),
        _("The signed report says what became of every role."),
        _REVIEW,
    ),
}
