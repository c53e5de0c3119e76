"""What is told when something happens to a bank account: everybody who looks after money, also whoever did it.

Whoever took over an account of ours to change where we are paid must not stay unnoticed.
"""

from portal.messaging.rules.shapes import May, Notice
from portal.platform.i18n import Message, _

_OWNERS, _PAYERS = May("bank-accounts:enter"), May("bank-accounts:reveal")
_CHECKERS = May("bank-accounts:decline")
_OPEN = _("Open the bank account")
_NOT_YOU = _("If this is not right, tell your administrator at once.")


def _own(subject: Message, lead: Message, *told: str) -> Notice:
    return Notice("owner", _OWNERS, subject, lead, _OPEN, told, everybody=True)


def _both(to: May, buyer: tuple[Message, Message], supplier: tuple[Message, Message], *told: str) -> Notice:
    """The buyer's people, and everybody of the supplier who looks after its accounts."""
    reader = Notice("reader", _OWNERS, *supplier, _OPEN, told, everybody=True)
    return Notice("owner", to, *buyer, _OPEN, told, everybody=True, other=reader)


ON_ACCOUNTS: dict[str, Notice] = {
    "bank-account.entered": _own(
        _("A bank account was entered: {number}"),
        _("Somebody of your company entered an account. A second person confirms it, or declines it."),
    ),
    "bank-account.confirmed": _own(
        _("Your bank account {number} was confirmed"),
        _("Your customers are asked to check it. If this is not right, end the account at once."),
    ),
    "bank-account.declined": _own(
        _("Your bank account {number} was declined"),
        _("A colleague did not confirm it. Nothing changes."),
        "reason",
    ),
    "bank-account.withdrawn": _own(
        _("Your bank account {number} was withdrawn"), _("It was taken back before it counted."), "reason"
    ),
    "bank-account.ended": _own(
        _("Your bank account {number} was ended"), _("No customer pays to it any more."), "reason"
    ),
    "bank-approval.offered": Notice(
        "owner",
        _PAYERS,
        _("{partner} has another bank account: {number}"),
        _("Check it before anything is paid to it: call a number that you knew before."),
        _OPEN,
        everybody=True,
    ),
    "bank-approval.proposed": _both(
        _CHECKERS,
        (
            _("Bank account {number} of {partner} waits for a second person"),
            _("Somebody of your company called back and proposes it for paying."),
        ),
        (_("{partner} is checking your bank account {number}"), _NOT_YOU),
    ),
    "bank-approval.approved": _both(
        _PAYERS,
        (
            _("Bank account {number} of {partner} is approved"),
            _("It may be paid once the cool-off is over."),
        ),
        (_("{partner} approved your bank account {number}"), _NOT_YOU),
        "payable_from",
    ),
    "bank-approval.declined": _both(
        _PAYERS,
        (_("Bank account {number} of {partner} was declined"), _("Nothing is paid to it.")),
        (_("{partner} declined your bank account {number}"), _("{partner} does not pay to it.")),
        "reason",
    ),
    "bank-approval.revoked": _both(
        _PAYERS,
        (
            _("Nothing is paid to bank account {number} of {partner} any more"),
            _("Somebody of your company stopped it."),
        ),
        (_("{partner} stopped paying to your bank account {number}"), _("Ask {partner} why, if you do not know.")),
        "reason",
    ),
    "bank-approval.ended": Notice(
        "owner",
        _PAYERS,
        _("Bank account {number} of {partner} has ended"),
        _("The supplier is not paid there any more."),
        _OPEN,
        ("reason",),
        everybody=True,
    ),
}


def _alert(subject: Message, lead: Message) -> Notice:
    return Notice("owner", May("alerts:read"), subject, lead, _("Open the alert"), waits="open", everybody=True)


ON_ALERTS: dict[str, Notice] = {
    "alert.mass-export": _alert(
        _("Alert: many files taken out"), _("Somebody of your company took out more files within an hour than usual.")
    ),
    "alert.sign-in-spike": _alert(
        _("Alert: many failed sign-ins to one account"), _("Somebody may be guessing the password of a colleague.")
    ),
    "alert.address-spike": _alert(
        _("Alert: many accounts tried from one address"), _("Somebody tries passwords of several people in a row.")
    ),
    "alert.policy-change": _alert(
        _("Alert: the rules of access changed"), _("Look at what changed, and whether that was meant.")
    ),
    "alert.bank-change": _alert(
        _("Alert: a bank account changed"), _("Make sure that this was meant, before anything is paid.")
    ),
    "alert.shared-account": _alert(
        _("Alert: a bank account is shared"),
        _("A supplier has the same bank account as another supplier, or as somebody of your company."),
    ),
}
