"""What the log calls the codes in its fields: answers to orders, and kinds of records, lines and differences."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.platform.i18n import Message, _

ANSWERS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "AB": _("Acknowledged"),
        "AP": _("Accepted as ordered"),
        "CA": _("Accepted with changes"),
        "RE": _("Rejected"),
        "5": _("Accepted"),
        "3": _("Changed"),
        "7": _("Rejected"),
    }
)
MATCHED_BY: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "two_way": _("ordered (two-way)"),
        "three_way": _("received (three-way)"),
        "four_way": _("accepted (four-way)"),
    }
)
KINDS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "standard": _("Standard"),
        "framework": _("Call-off"),
        "urgent": _("Urgent"),
        "goods": _("Goods"),
        "service": _("Service"),
        "limit": _("Service up to a limit"),
        "charge": _("Charge"),
        "quantity": _("Quantity"),
        "price": _("Price"),
        "tax": _("Tax rate"),
        "total": _("Total"),
        "prepaid": _("Paid already"),
        "purchase-order": _("Purchase order"),
        "despatch-advice": _("Despatch advice"),
        "credit-note": _("Credit note"),
        "debit-note": _("Debit note"),
        "invoice": _("Invoice"),
        "statement": _("Statement"),
        "import_run": _("Import"),
    }
)
