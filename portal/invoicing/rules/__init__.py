"""Pure rules of invoices: what may be billed and credited, what it comes to, when it is due, what matches."""

from portal.invoicing.rules.advance import ADVANCE, unfit
from portal.invoicing.rules.billing import net_of, percent_of, proposed, proposed_of_advice, too_fine, totals_of
from portal.invoicing.rules.duplicates import Clash, clash, number_key
from portal.invoicing.rules.matching import NO_FAULT, Difference, Due, Limits, basis_of, differences, entitled
from portal.invoicing.rules.payment import Outlook, outlook
from portal.invoicing.rules.questions import CHARGE, questions
from portal.invoicing.rules.settling import discount_taken, needed, owed
from portal.invoicing.rules.terms import (
    OF_GOODS,
    Happened,
    came_on,
    discounts,
    due_day,
    earliest,
    paid_on,
    reason,
    terms_of,
)

__all__ = [
    "ADVANCE",
    "CHARGE",
    "NO_FAULT",
    "OF_GOODS",
    "Clash",
    "Difference",
    "Due",
    "Happened",
    "Limits",
    "Outlook",
    "basis_of",
    "came_on",
    "clash",
    "differences",
    "discount_taken",
    "discounts",
    "due_day",
    "earliest",
    "entitled",
    "needed",
    "net_of",
    "number_key",
    "outlook",
    "owed",
    "paid_on",
    "percent_of",
    "proposed",
    "proposed_of_advice",
    "questions",
    "reason",
    "terms_of",
    "too_fine",
    "totals_of",
    "unfit",
]
