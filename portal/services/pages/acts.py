"""What can be done with a service entry: one table of buttons, and a plain form's route for each."""

from portal.access.guards import require
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.services.states import ENTRY, S
from portal.services.tables import ServiceEntry
from portal.web.acts import Act
from portal.web.parts import Action

ACTS = {
    "submit": Act(_("Submit"), "/submit", "primary", "send", versioned=True),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "accept": Act(_("Accept all"), "/accept", "primary", "checklist", versioned=True),
    "reject": Act(
        _("Reject all"), "/reject", "danger", "x", _("Why? The supplier reads this."), versioned=True,
    ),
    "cancel": Act(
        _("Take back"), "/cancel", "danger", "ban", confirm=_("These services count as not entered. This is final."),
    ),
    "reverse": Act(
        _("Reverse the acceptance"), "/reverse", "danger", "arrow-back-up", _("Why? Both sides read this."),
        confirm=_("These services count as not performed. This cannot be undone; the supplier may enter them again."),
    ),
}  # fmt: skip
DROP = Act(
    _("Drop the draft"), "/cancel", "danger", "trash",
    confirm=_("Nobody but you has seen it. This cannot be undone."),
)  # fmt: skip


def possible(actor: Actor, entry: ServiceEntry) -> list[Action]:
    """The buttons for what this actor may do with the entry as it is now."""
    verbs = set(ENTRY.possible(entry, lambda permission, thing: require(actor, permission, thing)))
    acts = ACTS | ({"cancel": DROP} if entry.state == S.DRAFT else {})
    return [act.at(f"/service-entries/{entry.id}", entry.version) for verb, act in acts.items() if verb in verbs]
