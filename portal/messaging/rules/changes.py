"""Whom what happens to changes of orders is told."""

from portal.messaging.rules.shapes import Involved, May, Notice
from portal.platform.i18n import _

_ORDER, _CHANGE, _DESK = _("Open the order"), _("Open the change"), May("orders:respond")

ON_CHANGES: dict[str, Notice] = {
    "purchase-order.revised": Notice(
        "reader",
        _DESK,
        _("Order {number} was changed by {partner}"),
        _("There is a new revision of this order. What you answered before counts no more: please answer again."),
        _ORDER,
        ("revision", "response_due_at"),
    ),
    "order-change.proposed": Notice(
        "owner",
        May("orders:approve"),
        _("A change of order {number} waits for your approval"),
        _("It goes beyond what was approved. The supplier sees it when somebody approves it."),
        _CHANGE,
        ("reason",),
        waits="proposed",
    ),
    "order-change.offered": Notice(
        "reader",
        May("orders:agree"),
        _("{partner} proposes a change of order {number}"),
        _("Nothing changes until you accept."),
        _CHANGE,
        ("reason",),
        waits="proposed",
    ),
    "order-change.accepted": Notice(
        "owner",
        Involved(("created_by",)),
        _("Your change of order {number} was accepted"),
        _("{partner} agreed to it. It is part of the order now."),
        _CHANGE,
        ("revision",),
    ),
    "order-change.taken": Notice(
        "reader",
        May("orders:agree"),
        _("{partner} changed order {number} within your tolerances"),
        _("It lies within what your company agrees to in advance, and is part of the order now."),
        _CHANGE,
        ("revision",),
    ),
    "order-change.approved": Notice(
        "owner",
        Involved(("created_by",)),
        _("Your change of order {number} was approved"),
        _("It was sent to the supplier as a new revision, and waits for its answer."),
        _CHANGE,
    ),
    "order-change.declined": Notice(
        "owner",
        Involved(("created_by",)),
        _("Your change of order {number} was declined"),
        _("The order stays as it is."),
        _CHANGE,
        ("reason",),
    ),
    "order-change.overtaken": Notice(
        "owner",
        Involved(("created_by",)),
        _("Your change of order {number} was overtaken"),
        _("The order went on without it, so nobody decides on it any more. Look at the order as it is now."),
        _CHANGE,
    ),
}
