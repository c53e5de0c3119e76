"""What can be done with a despatch advice: one table of buttons, and a plain form's route for each."""

from portal.access.guards import require
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.shipments.states import ADVICE
from portal.shipments.tables import DespatchAdvice
from portal.web.acts import Act
from portal.web.parts import Action

ACTS = {
    "despatch": Act(
        _("Despatch now"), "/despatch", "primary", "truck-delivery", versioned=True,
        confirm=_("The buyer sees it at once, and it cannot be changed any more."),
    ),
    "end": Act(
        _("The rest did not come"), "/end", icon="ban", versioned=True,
        why=_("What happened? The supplier reads this."),
        confirm=_("What is missing counts as never despatched: it can be sent again, or closed short."),
    ),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "cancel": Act(
        _("Drop the draft"), "/cancel", "danger", "trash",
        confirm=_("Nobody but you has seen it. This cannot be undone."),
    ),
}  # fmt: skip


def possible(actor: Actor, advice: DespatchAdvice) -> list[Action]:
    """The buttons for what this actor may do with the advice as it is now."""
    verbs = set(ADVICE.possible(advice, lambda permission, thing: require(actor, permission, thing)))
    at = f"/despatch-advices/{advice.id}"
    return [act.at(at, advice.version) for verb, act in ACTS.items() if verb in verbs]
