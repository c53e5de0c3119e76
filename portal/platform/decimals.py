"""Exact arithmetic on decimals, independent of the thread's ambient context.

A price of 12 + 8 digits times a quantity of 12 + 6 digits times a factor has more digits than the 28 of the default
context, which would round them silently. Here sums and products are exact up to 200 digits; the only places that round
say so and round half up (EN 16931: half away from zero on the amount).
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, FloatOperation, InvalidOperation, Overflow
from fractions import Fraction

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

WIDE = Context(prec=200, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow, FloatOperation])


def product(*factors: Decimal) -> Decimal:
    result = ONE
    for factor in factors:
        result = WIDE.multiply(result, factor)
    return result


def total(parts: Iterable[Decimal]) -> Decimal:
    result = ZERO
    for part in parts:
        result = WIDE.add(result, part)
    return result


def difference(minuend: Decimal, subtrahend: Decimal) -> Decimal:
    return WIDE.subtract(minuend, subtrahend)


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """To 200 digits. Rounding the answer once more to cents cannot err: with a divisor of under 40 digits an inexact
    quotient stays at least 10^-43 away from any half cent. What comes out even is written out: 200, not 2E+2."""
    result = WIDE.divide(dividend, divisor)
    return result if scale(result) else WIDE.quantize(result, ONE)


def share(percent: Decimal, base: Decimal) -> Decimal:
    """`percent` % of `base`, exactly."""
    return WIDE.multiply(WIDE.multiply(percent, base), Decimal("0.01"))


def half_up(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero; a zero never keeps a minus sign."""
    rounded = WIDE.quantize(value, Decimal(1).scaleb(-decimals))
    return rounded if rounded else rounded.copy_abs()


def from_fraction(value: Fraction, decimals: int) -> Decimal:
    """The fraction as a decimal: exact if it ends within `decimals`, else rounded half up there."""
    exact = quotient(Decimal(value.numerator), Decimal(value.denominator))
    return exact if Fraction(exact) == value and scale(exact) <= decimals else half_up(exact, decimals)


def scale(value: Decimal) -> int:
    """Decimals that count: 2 for 12.50 written as 12.50, 0 for 1E+3."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(value: Decimal) -> str:
    """Without exponent, without the minus of a negative zero: the only way a decimal leaves as text."""
    if not value.is_finite():
        raise ValueError("not a finite number")
    return format(value if value else value.copy_abs(), "f")


def trimmed(value: Decimal) -> Decimal:
    """The same number without the zeros that end its decimals."""
    text = plain(value)
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
