"""What the buyer will ask about: how a draft differs from the order and from what came, told before it is sent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from portal.platform.decimals import plain
from portal.platform.i18n import Message, _
from portal.platform.units import short

CHARGE = _("The order names no such charge: the buyer has to agree to it.")


def questions(billed: Any, line: Any, left: Decimal, currency: str) -> Iterator[tuple[str, Message]]:
    """(field, sentence) for one billed line beside its order line; `left` is what can be billed of it now."""
    if billed.quantity > left:
        text = _(
            "{left} {unit} can be invoiced now. More is not agreed or accepted yet, or is invoiced already.",
            left=plain(left.normalize()),
            unit=short(line.unit),
        )
        yield "quantity", text
    if billed.unit_price != line.unit_price:
        yield "unit_price", _("The order says {price} {currency}.", price=plain(line.unit_price), currency=currency)
    if (billed.tax_category, billed.tax_rate) != (line.tax_category, line.tax_rate):
        yield (
            "tax_rate",
            _("The order says {category} {rate} %.", category=line.tax_category, rate=plain(line.tax_rate)),
        )
