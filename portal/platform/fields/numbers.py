"""Numbers in forms. They are text in JSON (`"12.50"`): a JSON number would pass through binary floats somewhere.

Their bounds are those of the columns behind them; a number that reaches a command fits its column.
"""

import re
from typing import Annotated

from msgspec import Meta

from portal.platform.fields.kind import Number
from portal.platform.i18n import Message, _

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]{1,2})?")
# A whole number in JSON, as large as an integer column; narrower ones are declared beside the form that needs them.
Whole = Annotated[int, Meta(ge=0, le=2_147_483_647)]


class Quantity(Number):
    """An ordered, despatched or invoiced quantity: above 0, below 10^12, up to 6 decimals."""

    pattern = r"^(?!0(\.0+)?$)(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"
    example = "12.5"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a quantity above 0 and below 1,000,000,000,000 with at most 6 decimals, such as 12.5.")


class Count(Number):
    """A quantity that may turn out to be nothing: accepted, rejected, outstanding."""

    pattern = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"
    example = "12.5"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a quantity from 0 to below 1,000,000,000,000 with at most 6 decimals, such as 12.5.")


class UnitPrice(Number):
    """A price for the base quantity, never negative (BR-27): below 10^12, up to 8 decimals."""

    pattern = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,8})?$"
    example = "12.3456"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a price from 0 to below 1,000,000,000,000 with at most 8 decimals, such as 12.3456.")


class Amount(Number):
    """Money that somebody states (an allowance, a charge, a limit), never negative; whether its currency has decimals
    is for the document to ask."""

    pattern = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?$"
    example = "100.00"

    @classmethod
    def typed(cls, text: str) -> str:
        """Pages show thousands apart, so they take them back; with two decimals at most, no comma means a decimal."""
        return text.replace(",", "") if _GROUPED.fullmatch(text.strip()) else text

    @classmethod
    def expected(cls) -> Message:
        return _("Enter an amount from 0 to below 1,000,000,000,000,000 with at most 2 decimals, such as 100.00.")


class Rounding(Number):
    """What makes an amount due round (BT-114): less than one unit of any currency, up or down."""

    pattern = r"^(0(\.[0-9]{1,2})?|-0\.(0[1-9]|[1-9][0-9]?))$"
    example = "0.40"

    @classmethod
    def typed(cls, text: str) -> str:
        """A minus as typesetters write it is one."""
        return text.strip().replace("\u2212", "-")

    @classmethod
    def expected(cls) -> Message:
        return _("Enter an amount above -1 and below 1 with at most 2 decimals, such as 0.40 or -0.02.")


class Percent(Number):
    """From 0 to 100, up to 4 decimals."""

    pattern = r"^(100(\.0{1,4})?|(0|[1-9][0-9]?)(\.[0-9]{1,4})?)$"
    example = "2.5"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a percentage from 0 to 100 with at most 4 decimals, such as 2.5.")


class TaxRate(Percent):
    """BT-152; which rates a tax category admits is for `totals.rate_problem` to say."""

    example = "19"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a tax rate from 0 to 100 percent with at most 4 decimals, such as 19.")


class ExchangeRateFigure(Number):
    """A rate of exchange: above 0, below 10^9, up to 10 decimals."""

    pattern = r"^(?!0(\.0+)?$)(0|[1-9][0-9]{0,8})(\.[0-9]{1,10})?$"
    example = "0.1278"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a rate above 0 and below 1,000,000,000 with at most 10 decimals, such as 0.1278.")
