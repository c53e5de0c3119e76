"""What can be done with a contract: one table of buttons, and a plain form's route for each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from portal.access.guards import allowed, require
from portal.contracts.forms import DeliverableOut
from portal.contracts.states import CONTRACT, DELIVERABLE, OPEN, S
from portal.contracts.tables import Contract
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.web.acts import Act
from portal.web.parts import Action

_BOTH = _("Why? Both sides read this.")
ACTS = {
    "offer": Act(
        _("Show it to the supplier"), "/offer", "primary", "send", versioned=True,
        confirm=_("From now on the supplier reads it, and every change of it."),
    ),
    "agree": Act(_("Agree to these terms"), "/agree", "primary", "check", versioned=True),
    "object": Act(
        _("Ask for other terms"), "/object", icon="message", why=_("What is to change? The customer reads this."),
    ),
    "approve": Act(_("Approve"), "/approve", "primary", "check", versioned=True),
    "sign": Act(_("Have it signed on paper"), "/sign", icon="file-text", versioned=True),
    "acknowledge": Act(
        _("Confirm the signed paper"), "/acknowledge", "primary", "signature", versioned=True,
        confirm=_("You confirm that the attached paper is what both sides signed. The contract is in force then."),
    ),
    "edit": Act(_("Edit"), "/edit", icon="pencil", post=False),
    "reopen": Act(_("Back to negotiation"), "/reopen", icon="arrow-back-up", why=_BOTH),
    "amend": Act(_("Amend"), "/amendments", icon="file-diff", versioned=True),
    "give_notice": Act(
        _("Give notice"), "/give-notice", icon="calendar-off", why=_BOTH,
        confirm=_("The contract is not renewed: it ends on its last day. This is final."),
    ),
    "terminate": Act(
        _("Terminate"), "/terminate", "danger", "circle-x", _BOTH,
        confirm=_("The contract ends now, before its last day. This is final."),
    ),
    "cancel": Act(_("Give it up"), "/cancel", "danger", "ban", _BOTH, confirm=_("The contract is cancelled for good.")),
}  # fmt: skip


def possible(actor: Actor, contract: Contract) -> list[Action]:
    """The buttons for what this actor may do with the contract as it is now."""
    verbs = set(CONTRACT.possible(contract, lambda permission, thing: require(actor, permission, thing)))
    if contract.agreed_at is not None:
        verbs.discard("agree")
    if contract.state in OPEN and allowed(actor, "contracts:edit", contract):
        verbs.add("edit")
    return [act.at(f"/contracts/{contract.id}", contract.version) for verb, act in ACTS.items() if verb in verbs]


ON_OWED = {
    "deliver": Act(
        _("Report it"), "/deliver", icon="package", versioned=True,
        why=_("What was delivered, and how? The customer reads this."),
    ),
    "accept": Act(_("Accept"), "/accept", icon="check", versioned=True),
    "refuse": Act(_("Refuse"), "/refuse", icon="x", versioned=True, why=_("What is missing? The supplier reads this.")),
}  # fmt: skip


class Owed(NamedTuple):
    """A deliverable with the buttons for what its reader may do with it."""

    deliverable: DeliverableOut
    acts: list[Action]


def owed(actor: Actor, contract: Contract, deliverables: Sequence[DeliverableOut]) -> list[Owed]:
    """Each deliverable; nothing is reported before the contract is in force, nor after."""
    acts = contract.state == S.ACTIVE and contract.amends_id is None
    return [Owed(each, _on_owed(actor, contract, each) if acts else []) for each in deliverables]


def _on_owed(actor: Actor, contract: Contract, deliverable: DeliverableOut) -> list[Action]:
    def ask(permission: str, _deliverable: Any) -> None:
        require(actor, permission, contract)

    verbs = DELIVERABLE.possible(deliverable, ask)
    return [ON_OWED[verb].at(f"/deliverables/{deliverable.id}", deliverable.version) for verb in verbs]
