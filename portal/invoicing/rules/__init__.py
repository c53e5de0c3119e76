"""Pure rules of invoices: what may be billed, what it comes to, which numbers are the same, what matches."""

from portal.invoicing.rules.billing import due_on, net_of, paid_on, proposed, proposed_of_advice, totals_of
from portal.invoicing.rules.duplicates import Clash, clash, number_key
from portal.invoicing.rules.matching import Difference, Due, Limits, basis_of, differences, entitled
from portal.invoicing.rules.payment import Outlook, outlook
from portal.invoicing.rules.questions import CHARGE, questions

__all__ = [
    "CHARGE",
    "Clash",
    "Difference",
    "Due",
    "Limits",
    "Outlook",
    "basis_of",
    "clash",
    "differences",
    "due_on",
    "entitled",
    "net_of",
    "number_key",
    "outlook",
    "paid_on",
    "proposed",
    "proposed_of_advice",
    "questions",
    "totals_of",
]
