"""What can be done with an order: one table of buttons, and one plain form's route for each verb."""

from portal.access.guards import allowed, require
from portal.orders.states import ORDER, S
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.web.acts import Act
from portal.web.parts import Action, Choice

# In the order of importance; "agree" and "decline" stand beside the counter-offer they are about.
ACTS = {
    "approve": Act(_("Approve"), "/approve", "primary", "check", versioned=True),
    "issue": Act(_("Issue to the supplier"), "/issue", "primary", "send"),
    "submit": Act(_("Submit for approval"), "/submit", "primary", "send", versioned=True),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "accept": Act(
        _("Confirm all"),
        "/responses",
        "primary",
        "check",
        confirm=_("You commit to every line as it was ordered: quantity, price and date."),
        fields=(("code", "AP"),),
    ),
    "counter": Act(_("Answer line by line"), "/respond", icon="list-check", post=False),
    "revise": Act(_("Change the order"), "/change", icon="pencil", post=False),
    "amend": Act(_("Propose a change"), "/change", icon="pencil", post=False),
    "acknowledge": Act(_("Confirm receipt only"), "/responses", icon="mail-opened", fields=(("code", "AB"),)),
    "reject": Act(
        _("Reject the order"), "/responses", icon="x", why=_("Why can you not deliver?"), fields=(("code", "RE"),)
    ),
    "return": Act(_("Return to author"), "/return", icon="arrow-back-up", why=_("What should be changed?")),
    "withdraw": Act(
        _("Take back"),
        "/withdraw",
        icon="arrow-back-up",
        confirm=_("Nobody can approve it then until you submit it again."),
        versioned=True,
    ),
    "release": Act(_("Release from hold"), "/release", "primary", "player-play"),
    "hold": Act(_("Put on hold"), "/hold", icon="player-pause", why=_("Why? Both sides read this.")),
    "close": Act(_("Close the order"), "/close", icon="lock", confirm=_("What is still open will not come any more.")),
    "discard": Act(
        _("Discard the draft"),
        "/discard",
        "danger",
        "trash",
        confirm=_("Nothing of it is ordered, and its number is not used again. This cannot be undone."),
        versioned=True,
    ),
    "cancel": Act(
        _("Cancel the order"),
        "/cancel",
        "danger",
        "ban",
        _("Why is it cancelled?"),
        _("This cannot be undone."),
        choice=Choice(
            "cause",
            _("Whose doing is it?"),
            (("", _("What the days say")), ("buyer", _("Ours")), ("supplier", _("The supplier’s"))),
        ),
    ),
}


def possible(actor: Actor, order: PurchaseOrder) -> list[Action]:
    """The buttons for what this actor may do with the order as it is now."""
    verbs = {
        *ORDER.possible(order, lambda permission, thing: require(actor, permission, thing)),
        *_beside(actor, order),
    }
    verbs.discard("amend" if order.buyer_id == actor.organisation_id else "revise")
    if "discard" in verbs:
        verbs.discard("cancel")  # the author's own draft: nobody else is to be told why
    return [act.at(f"/orders/{order.id}", order.version) for verb, act in ACTS.items() if verb in verbs]


def _beside(actor: Actor, order: PurchaseOrder) -> set[str]:
    """Verbs that move no state: editing a draft, and the hold, which is a flag."""
    verbs = set()
    if order.state == S.DRAFT and allowed(actor, "orders:edit", order):
        verbs.add("edit")
    if order.state not in (S.CLOSED, S.CANCELLED) and allowed(actor, "orders:hold", order):
        verbs.add("release" if order.on_hold else "hold")
    return verbs
