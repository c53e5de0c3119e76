"""What one can do with an invoice: each verb is one function and one transaction."""

from portal.invoicing.commands.decide import approve, dispute, reject, settle
from portal.invoicing.commands.draft import NumberTaken, create, discard, edit, propose
from portal.invoicing.commands.lines import Billing, named, reckon
from portal.invoicing.commands.match import rematch
from portal.invoicing.commands.resolve import OpenExceptions, accept_exception
from portal.invoicing.commands.settings import set_match_basis
from portal.invoicing.commands.submit import submit

__all__ = [
    "Billing",
    "NumberTaken",
    "OpenExceptions",
    "accept_exception",
    "approve",
    "create",
    "discard",
    "dispute",
    "edit",
    "named",
    "propose",
    "reckon",
    "reject",
    "rematch",
    "set_match_basis",
    "settle",
    "submit",
]
