"""Reports over the log by what an auditor asks first: what was done against a rule, and how the portal was set."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from portal.audit.forms import EntryOut
from portal.audit.words import SENTENCES
from portal.platform.i18n import Message, _
from portal.platform.paging import one_of


class Group(NamedTuple):
    """Events that belong together; a code that ends with a dot means all that begin so."""

    title: Message
    codes: tuple[str, ...]

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(event for event in SENTENCES if event.startswith(self.codes))


OVERRIDES: Final[Mapping[str, Group]] = {
    "standing": Group(_("Exceptions from a standing"), ("standing-exception.",)),
    "differences": Group(_("Differences of invoices that were accepted"), ("invoice.exceptions-accepted",)),
    "holds": Group(
        _("Holds that were released"),
        (
            "purchase-order.released", "legal-hold.released", "supplier.orders-released", "supplier.invoices-released",
            "supplier.payments-released",
        ),
    ),
    "reversals": Group(
        _("Receipts and services that were undone"), ("goods-receipt.reversed", "service-entry.reversed")
    ),
    "afterwards": Group(
        _("Changes after the fact"),
        (
            "scorecard.restated", "score-excuse.granted", "invoice.due-moved", "import.completed", "person.erased",
            "log.put-back",
        ),
    ),
    "emergency": Group(_("Emergency access and looking as somebody else"), ("break-glass.", "see-as.")),
    "factors": Group(
        _("Second factors and links to the company’s sign-in that were removed"),
        ("person.second-factor-removed", "identity-provider.unlinked"),
    ),
    "alerts": Group(_("Alerts"), ("alert.",)),
}  # fmt: skip
CONFIGURATION: Final[Mapping[str, Group]] = {
    "settings": Group(
        _("Settings of the company"),
        (
            "setting.", "organisation.security-set", "identity-provider.", "scorecard.settings-changed",
            "invoice.match-basis-changed",
        ),
    ),
    "rates": Group(_("Exchange rates"), ("exchange-rate.",)),
    "terms": Group(_("Payment terms"), ("payment-term.", "supplier.payment-terms-agreed")),
    "texts": Group(_("Terms of use and privacy notices"), ("legal-text.published",)),
    "rights": Group(
        _("Members, keys and engagements"),
        ("membership.", "invitation.", "api-key.", "engagement."),
    ),
    "reviews": Group(_("Reviews of access"), ("access-review.",)),
    "accounts": Group(_("Bank accounts"), ("bank-account.", "bank-approval.", "staff-account.")),
    "imports": Group(_("Kept mappings of imports"), ("import-mapping.",)),
}  # fmt: skip
_REASON: Final = "reason"
REPORTS: Final = {"overrides": OVERRIDES, "configuration": CONFIGURATION}


def why_of(entry: EntryOut) -> str:
    """The reason that was given: it stands in the event, or where only its owner reads it, in a column of a row."""
    if said := entry.data.get("reason"):
        return str(said)
    given = [
        value for change in entry.changes for name, value in (change.after or {}).items() if name.endswith(_REASON)
    ]
    return "; ".join(dict.fromkeys(str(value) for value in given if value))


def events_of(groups: Mapping[str, Group], wanted: str | None) -> tuple[str, ...]:
    """The events of one group, or of all; `Malformed` for one that there is none of."""
    chosen = one_of("group", wanted, groups)
    return chosen.events if chosen else tuple(event for group in groups.values() for event in group.events)
