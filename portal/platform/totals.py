"""The totals of an order or invoice, as EN 16931 reckons them (rules BR-CO-10 to BR-CO-17, BR-S-8 and its siblings).

    BT-106 = Σ line net                    BT-109 = 106 − 107 + 108        BT-112 = 109 + 110
    per (category, rate): BT-116 = Σ lines − allowances + charges,  BT-117 = 116 × rate ÷ 100, rounded half up
    BT-110 = Σ BT-117                      BT-115 = 112 − 113 + 114        BT-111 = 110 in the accounting currency

Every part comes rounded to the document's decimals, so sums are exact and their order does not matter. With
`per_line`, as Chinese invoices reckon, the tax of each line (and of each allowance and charge) is rounded by itself
and then summed: the two methods differ by cents, and the document says which it used.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from typing import Final, Literal

from msgspec import Struct

from portal.platform.decimals import ZERO, difference, half_up, product, share, total
from portal.platform.i18n import Message, _
from portal.platform.money import bounded, decimals, round_amount

TaxMethod = Literal["per_rate", "per_line"]

CATEGORIES: Final[dict[str, Message]] = {
    "S": _("Standard rate"),
    "Z": _("Zero rated"),
    "E": _("Exempt from tax"),
    "AE": _("Reverse charge"),
    "K": _("Intra-community supply"),
    "G": _("Export outside the tax area"),
    "O": _("Outside the scope of tax"),
    "L": _("IGIC of the Canary Islands"),
    "M": _("IPSI of Ceuta and Melilla"),
}

SHORT: Final[dict[str, Message]] = {
    "S": _("Standard"),
    "Z": _("Zero rate"),
    "E": _("Exempt"),
    "AE": _("Reverse charge"),
    "K": _("Intra-EU"),
    "G": _("Export"),
    "O": _("Out of scope"),
    "L": _("IGIC"),
    "M": _("IPSI"),
}
# Taxes of their own with several rates, one of which is nothing (BR-AF-5, BR-AG-5).
REGIONAL: Final = frozenset({"L", "M"})


def choices() -> list[tuple[str, Message]]:
    """(code, name) of the categories, for selects: a code alone says nothing to most people, a long name is cut."""
    return list(SHORT.items())


class Part(Struct, frozen=True):
    """A line's net amount (BT-131), or an allowance or charge on the whole document (BT-92, BT-99)."""

    amount: Decimal
    category: str
    rate: Decimal


class Accounting(Struct, frozen=True):
    """The seller's tax accounting currency (BT-6) and the frozen rate: units of it for one unit of the document's."""

    currency: str
    rate: Decimal


class TaxTotal(Struct, frozen=True):
    """One row of the tax breakdown, BG-23: taxable amount BT-116 and tax BT-117."""

    category: str
    rate: Decimal
    base: Decimal
    tax: Decimal


class Totals(Struct, frozen=True):
    """The document's sums; each name's term of EN 16931 stands in this module's first lines."""

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    breakdown: tuple[TaxTotal, ...]
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    rounding: Decimal
    due: Decimal
    tax_in_accounting: Decimal | None


def rate_problem(category: str, rate: Decimal) -> Message | None:
    """What is wrong with a rate in its category: S is above zero (BR-S-5), L and M are zero or above (BR-AF-5,
    BR-AG-5), any other is zero (BR-Z-5 and siblings)."""
    if category not in CATEGORIES:
        return _("Choose one of the tax categories {choices}.", choices=", ".join(CATEGORIES))
    if category == "S" and rate <= ZERO:
        return _("The standard tax rate must be above 0. For no tax choose another tax category, such as Z or E.")
    if category != "S" and category not in REGIONAL and rate != ZERO:
        return _("In tax category {category} the tax rate must be 0.", category=category)
    return None


def totals(
    lines: Iterable[Part],
    currency: str,
    *,
    allowances: Iterable[Part] = (),
    charges: Iterable[Part] = (),
    method: TaxMethod = "per_rate",
    prepaid: Decimal = ZERO,
    rounding: Decimal = ZERO,
    accounting: Accounting | None = None,
) -> Totals:
    """Sums of a document whose amounts are already rounded; raises ValueError for one that is not.

    `prepaid` is BT-113, `rounding` BT-114 (cash rounding). Raises AmountTooLarge when a sum passes the bound.
    """
    lines, allowances, charges = tuple(lines), tuple(allowances), tuple(charges)
    _require_rounded((part.amount for part in chain(lines, allowances, charges)), currency)
    _require_rounded((prepaid, rounding), currency)
    sums = [round_amount(total(part.amount for part in parts), currency) for parts in (lines, allowances, charges)]
    net = bounded(total((difference(sums[0], sums[1]), sums[2])))
    breakdown = _breakdown(chain(lines, charges, map(_negated, allowances)), currency, method)
    tax = round_amount(total(row.tax for row in breakdown), currency)
    gross = bounded(total((net, tax)))
    return Totals(
        *sums,
        net=net,
        breakdown=breakdown,
        tax=tax,
        gross=gross,
        prepaid=round_amount(prepaid, currency),
        rounding=round_amount(rounding, currency),
        due=bounded(due_of(gross, prepaid, rounding)),
        tax_in_accounting=accounting and round_amount(product(tax, accounting.rate), accounting.currency),
    )


def due_of(gross: Decimal, prepaid: Decimal, rounding: Decimal) -> Decimal:
    """BT-115, the amount due for payment (BR-CO-16)."""
    return total((difference(gross, prepaid), rounding))


def _breakdown(parts: Iterable[Part], currency: str, method: TaxMethod) -> tuple[TaxTotal, ...]:
    groups: dict[tuple[str, Decimal], list[Part]] = {}
    for part in parts:
        groups.setdefault((part.category, part.rate), []).append(part)
    rows = (_tax_total(category, rate, group, currency, method) for (category, rate), group in groups.items())
    return tuple(sorted(rows, key=lambda row: (row.rate, row.category)))


def _tax_total(category: str, rate: Decimal, group: list[Part], currency: str, method: TaxMethod) -> TaxTotal:
    base = round_amount(total(part.amount for part in group), currency)
    taxed = [base] if method == "per_rate" else [part.amount for part in group]
    tax = total(round_amount(share(rate, amount), currency) for amount in taxed)
    return TaxTotal(category, rate, base, round_amount(tax, currency))


def _negated(part: Part) -> Part:
    return Part(difference(ZERO, part.amount), part.category, part.rate)


def _require_rounded(amounts: Iterable[Decimal], currency: str) -> None:
    """A part with more decimals than the document would make sums that no reader can repeat."""
    places = decimals(currency)
    for amount in amounts:
        if half_up(bounded(amount), places) != amount:
            raise ValueError(f"{amount} has more than {places} decimals")
