"""When an invoice is due: so many days after the base date that both sides agreed on, or after the end of its month.

The base is the invoice's date, the day the buyer got the invoice, the day the billed goods had come or were accepted,
or the day of the first statement of account that tells of it. What has not happened yet has no day; the due date
follows as soon as it has.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from portal.invoicing.rules.billing import UNRECEIVED
from portal.organisations.forms import PaymentTerms
from portal.platform.decimals import ZERO, difference, share, total
from portal.platform.i18n import Message, _
from portal.platform.money import round_amount


class Happened(NamedTuple):
    """The days from which payment terms may count; None of what has not happened."""

    invoice: date
    invoice_receipt: date | None = None
    goods_receipt: date | None = None
    acceptance: date | None = None
    statement: date | None = None


# The bases that wait for goods and services.
OF_GOODS = frozenset({"goods_receipt", "acceptance"})


class DueDay(NamedTuple):
    """The last day to pay and the day it counts from; both None while that has not come."""

    day: date | None
    base: date | None


REASONS: Mapping[tuple[str, bool], Message] = {
    ("invoice", False): _("{days} days after the invoice date"),
    ("invoice_receipt", False): _("{days} days after the invoice was received"),
    ("goods_receipt", False): _("{days} days after the goods were received"),
    ("acceptance", False): _("{days} days after everything was accepted"),
    ("statement", False): _("{days} days after the statement of account"),
    ("invoice", True): _("{days} days after the end of the month of the invoice date"),
    ("invoice_receipt", True): _("{days} days after the end of the month in which the invoice was received"),
    ("goods_receipt", True): _("{days} days after the end of the month in which the goods were received"),
    ("acceptance", True): _("{days} days after the end of the month in which everything was accepted"),
    ("statement", True): _("{days} days after the end of the month of the statement of account"),
}


def terms_of(document: Any) -> PaymentTerms:
    """The terms that an order or invoice keeps; older ones know only days from the invoice date."""
    if document.terms:
        return msgspec.convert(document.terms, PaymentTerms, strict=False)
    return PaymentTerms(name=document.payment_terms, days=document.payment_days)


def due_day(agreed: PaymentTerms, happened: Happened) -> DueDay:
    """When the terms make an invoice due, never before its own date."""
    base: date | None = getattr(happened, agreed.base)
    if base is None:
        return DueDay(None, None)
    return DueDay(max(_after(agreed, base, agreed.days), happened.invoice), base)


def earliest(agreed: PaymentTerms, happened: Happened) -> date:
    """The first day that an invoice may name: by the base, or as if it happened on the invoice's date."""
    known = due_day(agreed, happened).day
    return known or _after(agreed, happened.invoice, agreed.days)


def paid_on(claimed: date, by_terms: date | None) -> date:
    """The last day to pay while nobody took an earlier one: the supplier's due date, but never before the terms'."""
    return max(claimed, by_terms or claimed)


def reason(agreed: PaymentTerms) -> Message:
    """From when on the days count, as people say it."""
    return Message(REASONS[agreed.base, agreed.month_end].text, {"days": agreed.days})


class Discount(NamedTuple):
    """What a payment by `until` may keep back (BT-20); None of what nobody knows yet."""

    percent: Decimal
    days: int
    until: date | None
    amount: Decimal


def discounts(agreed: PaymentTerms, base: date | None, gross: Decimal, currency: str) -> list[Discount]:
    """The steps of the cash discount, the earliest first; `amount` is what is paid then."""
    steps = sorted(agreed.steps, key=lambda step: step.days)
    return [
        Discount(
            step.percent,
            step.days,
            None if base is None else _after(agreed, base, step.days),
            difference(gross, round_amount(share(step.percent, gross), currency)),
        )
        for step in steps
    ]


def came_on(
    base: str, lines: Sequence[Any], days: Mapping[Any, Sequence[tuple[date, Decimal]]], got: date
) -> date | None:
    """The day on which all that is billed had come, or was accepted, and services were; None while some is awaited.

    `days` are what came or was accepted, by order line. What was billed before is taken to have come first, and before
    all that what the ledger has without any, as goods of migrated orders. Charges never come; what was refused for good
    is not accepted any more. What waits for nothing that the portal knows of counts from `got`, the day the buyer got
    the invoice, whenever that is asked.
    """
    last: date | None = None
    for line in lines:
        if line.kind in UNRECEIVED:
            continue
        refused = difference(line.rejected, line.returned_for_replacement)
        kept = difference(line.received, line.returned_for_replacement)
        most = line.ordered if base == "goods_receipt" else difference(line.ordered, refused)
        wanted = min(line.invoiced_before + line.quantity, most)
        done = kept if base == "goods_receipt" else line.accepted
        day = _reached(wanted, done, sorted(days.get(line.order_line_id, ())), got)
        if day is None:
            return None
        last = day if last is None else max(last, day)
    return last or got


def _reached(wanted: Decimal, done: Decimal, came: Sequence[tuple[date, Decimal]], got: date) -> date | None:
    so_far = difference(done, total(quantity for _day, quantity in came))
    if wanted <= max(so_far, ZERO):
        return got
    for day, quantity in came:
        so_far = total((so_far, quantity))
        if so_far >= wanted:
            return day
    return None


def _after(agreed: PaymentTerms, base: date, days: int) -> date:
    begin = month_end(base) if agreed.month_end else base
    return begin + timedelta(days=days)


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
