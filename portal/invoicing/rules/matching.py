"""The match: each billed line beside its order line and what came of it, all differences at once.

Quantity: what is billed, less what was credited of it since, together with what was billed before, may pass what the
line's basis entitles to by no more than the tolerance; less is a partial invoice. A two-way match holds it against what
was ordered, a three-way match against what was received (rejected goods that are to come again do not count twice), a
four-way match against what was accepted. A charge of the order has no delivery: it is always two-way.

What another system counted before an order was migrated to the portal nobody booked here: billed beyond what was booked
here, it is a finding of its own, whatever the basis, until somebody who did not bring it takes it.

Price: within its tolerance on either side, as credit notes for a price have corrected it. Tax: category and rate as
ordered. A charge on a line or on the whole invoice was never agreed: the order's own charges are lines. Of a line that
was credited altogether nothing is billed, so neither its price nor its tax nor a charge on it differs. Terms: an
invoice is not due earlier than the payment terms allow. Advance: no payment before its invoice is known here, so what
the supplier says was paid already is a finding until somebody found the payment. Total: where the buyer limits it, the
sum of price differences that are each within tolerance may not pass it. Tolerances are exact; the order of lines never
matters.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from portal.invoicing.rules.billing import UNRECEIVED
from portal.platform.decimals import ZERO, difference, half_up, plain, total
from portal.platform.money import line_net
from portal.platform.tolerance import Tolerance, agrees, allows

# The role that decides on a difference: purchasing on what it agreed, accounts payable on what is reckoned from it.
OWNERS = {
    "quantity": "payable",
    "migrated": "payable",
    "price": "buyer",
    "tax": "payable",
    "charge": "buyer",
    "total": "payable",
    "terms": "payable",
    "prepaid": "payable",
}


PRICE_DECIMALS = 8


class Limits(Struct, frozen=True):
    """The buyer's tolerances for this supplier; `total` None sets no limit beyond those of the lines."""

    quantity: Tolerance
    price: Tolerance
    total: Tolerance | None = None


# Findings that are nobody's mistake: they do not count against a supplier.
NO_FAULT = frozenset({"migrated", "prepaid"})


class Due(Struct, frozen=True):
    """When an invoice wants to be paid, and the earliest day that the payment terms allow."""

    claimed: date
    allowed: date


class Difference(Struct, frozen=True):
    """One finding: on invoice line `line`, or on the whole. Figures are plain decimals, taxes `S 19`, days ISO 8601."""

    kind: str
    line: int | None
    expected: str
    actual: str
    tolerance: Tolerance | None = None

    @property
    def owner(self) -> str:
        """The role that has to decide on it."""
        return OWNERS[self.kind]


def differences(
    lines: Sequence[Any],
    charges: Iterable[Mapping[str, Any]],
    limits: Limits,
    currency: str,
    due: Due | None = None,
    of_line: Callable[[Any], Limits] | None = None,
    prepaid: Decimal = ZERO,
) -> tuple[Difference, ...]:
    """Everything that differs; empty means matched. Lines carry the invoice's, the order's and the ledger's figures.

    `of_line` gives the limits of a line whose order or item says its own.
    """
    found = [
        wrong
        for line in sorted(lines, key=lambda line: line.line)
        for rule in _LINE_RULES
        if (wrong := rule(line, of_line(line) if of_line else limits))
    ]
    still = [line for line in lines if not _is_undone(line)]
    found += [Difference("charge", None, "0", plain(sum_of)) for sum_of in _unplanned(charges if still else ())]
    if due is not None and due.claimed < due.allowed:
        found.append(Difference("terms", None, due.allowed.isoformat(), due.claimed.isoformat()))
    if prepaid and still:
        found.append(Difference("prepaid", None, "0", plain(prepaid)))
    over = _total(still, limits, currency)
    return (*found, over) if over else tuple(found)


def basis_of(line: Any) -> str:
    """By what the quantity of a line is matched."""
    return "two_way" if line.kind in UNRECEIVED else line.match_basis


def entitled(line: Any) -> Decimal:
    """How much of an order line its supplier may bill by now, whatever was billed before; not what went back."""
    return difference(_ENTITLED[basis_of(line)](line), line.returned)


_ENTITLED: Mapping[str, Callable[[Any], Decimal]] = {
    "two_way": lambda line: line.ordered,
    "three_way": lambda line: difference(line.received, line.returned_for_replacement),
    "four_way": lambda line: line.accepted,
}


def _quantity(line: Any, limits: Limits) -> Difference | None:
    due, billed = entitled(line), difference(line.quantity, line.credited)
    if allows(limits.quantity, due, total((line.invoiced_before, billed))):
        return None
    left = max(difference(due, line.invoiced_before), ZERO)
    return Difference("quantity", line.line, plain(left), plain(billed), limits.quantity)


def _migrated(line: Any, _limits: Limits) -> Difference | None:
    """`booked_here` is None unless the order was migrated. Of a charge nothing is counted."""
    if line.booked_here is None or line.kind in UNRECEIVED:
        return None
    billed = difference(line.quantity, line.credited)
    if total((line.invoiced_before, billed)) <= line.booked_here:
        return None
    left = max(difference(line.booked_here, line.invoiced_before), ZERO)
    return Difference("migrated", line.line, plain(left), plain(billed))


def _price(line: Any, limits: Limits) -> Difference | None:
    price = _price_of(line)
    if _is_undone(line) or agrees(limits.price, line.ordered_price, price):
        return None
    return Difference("price", line.line, plain(line.ordered_price), plain(price), limits.price)


def _price_of(line: Any) -> Decimal:
    """The billed unit price, less what was given back of it."""
    if not line.corrected:
        return line.unit_price
    return half_up(difference(line.unit_price, line.corrected), PRICE_DECIMALS).normalize()


def _is_undone(line: Any) -> bool:
    """Whether all of the line was credited."""
    return line.credited >= line.quantity


def _tax(line: Any, _limits: Limits) -> Difference | None:
    if _is_undone(line) or (line.ordered_tax_category, line.ordered_tax_rate) == (line.tax_category, line.tax_rate):
        return None
    ordered = f"{line.ordered_tax_category} {plain(line.ordered_tax_rate)}"
    return Difference("tax", line.line, ordered, f"{line.tax_category} {plain(line.tax_rate)}")


def _charge(line: Any, _limits: Limits) -> Difference | None:
    """A charge on a line (BG-28) was never agreed; an allowance is a gift."""
    return (
        Difference("charge", line.line, "0", plain(line.charge))
        if line.charge > ZERO and not _is_undone(line)
        else None
    )


_LINE_RULES: tuple[Callable[[Any, Limits], Difference | None], ...] = (_quantity, _migrated, _price, _tax, _charge)


def _unplanned(charges: Iterable[Mapping[str, Any]]) -> list[Decimal]:
    amount = total(Decimal(charge["amount"]) for charge in charges)
    return [amount] if amount > ZERO else []


def _total(lines: Sequence[Any], limits: Limits, currency: str) -> Difference | None:
    if limits.total is None:
        return None
    agreed = total(_agreed_net(line, currency) for line in lines)
    actual = total(difference(difference(line.net, line.charge), _given_back(line, currency)) for line in lines)
    if agrees(limits.total, agreed, actual):
        return None
    return Difference("total", None, plain(agreed), plain(actual), limits.total)


def _given_back(line: Any, currency: str) -> Decimal:
    """What credit notes for a price took off the line's net amount."""
    if not line.corrected:
        return ZERO
    return line_net(
        line.corrected,
        line.quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
    )


def _agreed_net(line: Any, currency: str) -> Decimal:
    """What the billed quantity costs at the order's price."""
    return line_net(
        line.ordered_price,
        line.quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
    )
