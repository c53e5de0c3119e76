"""What an invoice may say was paid before it (BT-113), and of what makes the rest round (BT-114)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from portal.invoicing.rules.billing import too_fine
from portal.platform.decimals import ONE, ZERO, plain
from portal.platform.i18n import Message, _
from portal.platform.totals import due_of

ADVANCE: Final = ("prepaid", "rounding")


def unfit(prepaid: Decimal, rounding: Decimal, gross: Decimal, currency: str) -> Iterator[tuple[str, Message]]:
    """Which of both an invoice that comes to `gross` cannot say, and why: nobody paid more before than it comes to, and
    nothing less than nothing is due. One that is left out is in nobody's way.

    A currency without decimals has no rounding: less than one unit of it is nothing.
    """
    for name, amount in (("prepaid", prepaid), ("rounding", rounding)):
        if finer := too_fine(amount, currency):
            yield name, finer
    if prepaid < ZERO:
        yield "prepaid", _("What was paid already is not less than nothing.")
    elif prepaid > max(gross, ZERO):
        told = {"gross": plain(gross), "currency": currency}
        yield "prepaid", _("The invoice comes to {gross} {currency}: no more was paid of it.", **told)
    if abs(rounding) >= ONE:
        yield "rounding", _("A rounding is less than one unit of the currency.")
    elif rounding and prepaid <= max(gross, ZERO) and due_of(gross, prepaid, rounding) < ZERO:
        yield "rounding", _("With this rounding less than nothing would be due.")
