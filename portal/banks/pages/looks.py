"""How accounts look, and the buttons for what may be done with one."""

from typing import Any

from portal.access.guards import allowed, require
from portal.banks.states import ACCOUNT, ACCOUNT_NAMES, APPROVAL, APPROVAL_NAMES, A
from portal.banks.tables import BankAccount, BankApproval
from portal.platform.actor import Actor
from portal.platform.fields.codes import countries
from portal.platform.i18n import _
from portal.web.acts import Act
from portal.web.formats import country
from portal.web.looks import Look
from portal.web.parts import Action

_HOW = {
    "proposed": ("warning", "hourglass"),
    "confirmed": ("success", "circle-check"),
    "declined": ("danger", "circle-x"),
    "withdrawn": ("neutral", "arrow-back-up"),
    "superseded": ("neutral", "history"),
    "ended": ("neutral", "lock"),
    "offered": ("info", "clipboard-check"),
    "approved": ("success", "circle-check"),
    "revoked": ("danger", "ban"),
}
OWN_LOOKS = {code: Look(name, *_HOW[code]) for code, name in ACCOUNT_NAMES.items()}
LOOKS = {code: Look(name, *_HOW[code]) for code, name in APPROVAL_NAMES.items()}
PAYABLE = Look(_("May be paid"), "success", "coins")
COOLING = Look(_("Cooling off"), "progress", "clock")
REPLACED = Look(_("Replaced"), "neutral", "history")

_EVERYBODY = _("Why? Everybody who is told of it reads this.")
OWN_ACTS = {
    "confirm": Act(_("Confirm the account"), "/confirm", "primary", "check", versioned=True),
    "decline": Act(_("Decline it"), "/decline", "danger", "x", _EVERYBODY),
    "withdraw": Act(_("Withdraw it"), "/withdraw", icon="arrow-back-up", why=_("Why is it taken back?")),
    "end": Act(
        _("End the account"), "/end", "danger", "ban", _EVERYBODY,
        confirm=_("No customer pays to it any more, from now on. This is final."),
    ),
}  # fmt: skip
ACTS = {
    "approve": Act(_("Approve for paying"), "/approve", "primary", "check", versioned=True),
    "decline": Act(_("Decline it"), "/decline", "danger", "x", _("Why? The supplier reads this.")),
    "revoke": Act(
        _("Stop paying to it"), "/revoke", "danger", "ban", _("Why? The supplier reads this."),
        confirm=_("Nothing is paid to it from now on."),
    ),
}  # fmt: skip


def own_acts(actor: Actor, account: BankAccount) -> list[Action]:
    can = ACCOUNT.possible(account, lambda permission, thing: require(actor, permission, thing))
    at = f"/bank-accounts/{account.id}"
    found = [act.at(at, account.version) for verb, act in OWN_ACTS.items() if verb in can]
    if account.state == A.CONFIRMED and allowed(actor, "bank-accounts:enter"):
        found.insert(
            0, Action(_("Replace it"), f"/bank-accounts/new?supersedes={account.id}", icon="replace", post=False)
        )
    return found


def verbs_of(actor: Actor, approval: BankApproval) -> list[str]:
    return APPROVAL.possible(approval, lambda permission, thing: require(actor, permission, thing))


def acts(actor: Actor, approval: BankApproval) -> list[Action]:
    can = verbs_of(actor, approval)
    return [act.at(f"/supplier-accounts/{approval.id}", approval.version) for verb, act in ACTS.items() if verb in can]


def standing(told: Any) -> Look:
    """Where an approval stands for whoever wants to pay, or to be paid."""
    if told.state != "approved":
        return LOOKS[told.state]
    if told.payable:
        return PAYABLE
    return COOLING if told.payable_until is None else REPLACED


def named_countries() -> list[tuple[str, str]]:
    """Countries by their names in the reader's language."""
    return sorted(((code, country(code)) for code in countries()), key=lambda pair: pair[1])
