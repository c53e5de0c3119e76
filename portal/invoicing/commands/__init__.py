"""What one can do with an invoice: each verb is one function and one transaction."""

from portal.invoicing.commands.arrive import File
from portal.invoicing.commands.credit import CREDITABLE, create_credit, discard_credit, edit_credit, submit_credit
from portal.invoicing.commands.decide import approve, dispute, reject
from portal.invoicing.commands.decide_credit import approve_credit, reject_credit, settle_credit
from portal.invoicing.commands.draft import NumberTaken, create, discard, edit, propose
from portal.invoicing.commands.due import follow_goods, follow_statement
from portal.invoicing.commands.einvoice import NoEInvoice
from portal.invoicing.commands.files import seal_plain_files
from portal.invoicing.commands.lines import Billing, named, reckon
from portal.invoicing.commands.match import rematch
from portal.invoicing.commands.receive import receive
from portal.invoicing.commands.receive_credit import receive_credit
from portal.invoicing.commands.reckon import BeyondInvoice
from portal.invoicing.commands.resolve import OpenExceptions, accept_exception, answer_exception
from portal.invoicing.commands.settings import set_match_basis
from portal.invoicing.commands.settle import settle
from portal.invoicing.commands.submit import submit
from portal.invoicing.commands.undo import reverse_payment

__all__ = [
    "CREDITABLE",
    "BeyondInvoice",
    "Billing",
    "File",
    "NoEInvoice",
    "NumberTaken",
    "OpenExceptions",
    "accept_exception",
    "answer_exception",
    "approve",
    "approve_credit",
    "create",
    "create_credit",
    "discard",
    "discard_credit",
    "dispute",
    "edit",
    "edit_credit",
    "follow_goods",
    "follow_statement",
    "named",
    "propose",
    "receive",
    "receive_credit",
    "reckon",
    "reject",
    "reject_credit",
    "rematch",
    "reverse_payment",
    "seal_plain_files",
    "set_match_basis",
    "settle",
    "settle_credit",
    "submit",
    "submit_credit",
]
