"""The acts on bank accounts that need nothing but the record, and at most a reason."""

from portal.access.verbs import Verb
from portal.banks import commands
from portal.platform.i18n import _

NO_MORE = _("Say why: everybody who is told of it reads this.")

OWN = [
    Verb(
        "confirm", commands.confirm, "bank-accounts:confirm", "confirmBankAccount",
        _("{number} is confirmed. Your customers check it next."),
    ),
    Verb(
        "decline", commands.decline, "bank-accounts:confirm", "declineBankAccount",
        _("{number} is declined."), True, NO_MORE,
    ),
    Verb(
        "withdraw", commands.withdraw, "bank-accounts:enter", "withdrawBankAccount",
        _("{number} is withdrawn."), True,
    ),
    Verb(
        "end", commands.end, "bank-accounts:end", "endBankAccount",
        _("{number} is ended. Nobody pays to it any more."), True, NO_MORE,
    ),
]  # fmt: skip
CHECKED = [
    Verb(
        "approve", commands.approve, "bank-accounts:approve", "approveSupplierAccount",
        _("{number} is approved. It may be paid once the cool-off is over."),
    ),
    Verb(
        "decline", commands.refuse, "bank-accounts:decline", "declineSupplierAccount",
        _("{number} is declined. Nothing is paid to it."), True, NO_MORE,
    ),
    Verb(
        "revoke", commands.revoke, "bank-accounts:revoke", "revokeSupplierAccount",
        _("{number} is revoked. Nothing is paid to it from now on."), True, NO_MORE,
    ),
]  # fmt: skip
