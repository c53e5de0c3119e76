"""When something is an alert."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from portal.platform.i18n import Message, _

KINDS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "mass-export": _("Many files taken out"),
        "sign-in-spike": _("Many failed sign-ins to one account"),
        "address-spike": _("Many accounts tried from one address"),
        "policy-change": _("The rules of access changed"),
        "bank-change": _("A bank account changed"),
        "shared-account": _("A bank account is shared"),
    }
)
# What alerts are about that go by a code.
ABOUT: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "sign-in": _("When a second factor is asked for, how long sessions last"),
        "identity-provider.asked": _("Another company sign-in was asked for"),
        "identity-provider True": _("The company’s own sign-in holds as it was set"),
        "identity-provider False": _("The company’s own sign-in was turned off"),
        "administrator": _("Somebody became an administrator"),
    }
)
WINDOW: Final = timedelta(hours=1)
MOST_EXPORTS: Final = 30  # files of one person within the window
MOST_BYTES: Final = 50_000_000  # of all of these files together
ATTEMPTS: Final = timedelta(minutes=15)
MOST_FAILURES: Final = 10  # of one account
MOST_ACCOUNTS: Final = 5  # from one address
LOADS: Final = timedelta(days=7)  # so long a new policy is told to organisations that were not told yet


def is_mass(exports: int, size: int) -> bool:
    """Whether somebody takes out more than work asks for: too many files, or too much in them."""
    return exports > MOST_EXPORTS or size > MOST_BYTES
