"""Where in the business a permission belongs: the access policy is folded by it."""

from collections.abc import Iterable

from portal.platform.i18n import Message, _

# What people call an area → the things that permissions of it are about.
AREAS: tuple[tuple[Message, frozenset[str]], ...] = (
    (
        _("Companies, items and prices"),
        frozenset({"company", "suppliers", "items", "prices", "payment-terms", "exchange-rates", "imports"}),
    ),
    (_("Contracts and signatures"), frozenset({"contracts", "clauses", "signatures", "letterheads"})),
    (_("Orders"), frozenset({"orders", "order-templates", "internal-notes"})),
    (_("Deliveries and services"), frozenset({"despatch-advices", "goods-receipts", "service-entries"})),
    (
        _("Invoices and payments"),
        frozenset({"invoices", "credit-notes", "debit-notes", "open-items", "statements", "bank-accounts"}),
    ),
    (_("Scores"), frozenset({"scorecards", "own-scorecards", "excuses"})),
    (_("Files"), frozenset({"evidence", "batches"})),
    (
        _("People and sign-in"),
        frozenset({"members", "security", "see-as", "emergency-access", "terms", "self", "system"}),
    ),
    (_("Settings and alerts"), frozenset({"settings", "alerts"})),
    (_("Audit"), frozenset({"audit", "engagements", "workpapers", "retention", "policy", "access-reviews"})),
)


def by_area(permissions: Iterable[str]) -> list[tuple[Message, list[str]]]:
    """The permissions by area, in the order of both; an area without any is left out."""
    given = list(permissions)
    sorted_in = [(area, [each for each in given if each.partition(":")[0] in things]) for area, things in AREAS]
    return [(area, found) for area, found in sorted_in if found]
