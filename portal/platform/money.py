"""Amounts of money: currencies, rounding, and the net amount of a line.

Currencies and their minor units are ISO 4217's list of present currencies (codes without a minor unit, such as gold or
test codes, are not money here). CLDR, which Babel carries, states fewer decimals where cash has lost its coins (AFN,
HUF, …); documents follow ISO. Amounts have two decimals, or the currency's fewer (EN 16931, BR-DEC-*), so also where
ISO names three or four. Every amount stays below 10^15 in size, which numeric columns and readers of XML can hold.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from portal.platform.decimals import ONE, ZERO, difference, half_up, product, quotient, share, total
from portal.platform.i18n import Message, _

LIMIT: Final = Decimal(10) ** 15

MINOR_UNITS: Final[dict[str, int]] = {
    code: decimals
    for decimals, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
        "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG "
        "HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
        "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD "
        "SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD "
        "XCG YER ZAR ZMW ZWG",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}
CURRENCIES: Final = tuple(sorted(MINOR_UNITS))
# Funds and units of account that ISO lists among the currencies: known where they come, offered to nobody.
FUNDS: Final = frozenset(("BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW", "XAD"))


class AmountTooLarge(ValueError):
    """An amount of 10^15 or more: no document can carry it. `message` says so to a person."""

    def __init__(self) -> None:
        self.message: Message = _("This makes an amount of 1,000,000,000,000,000 or more, which no document can carry.")
        super().__init__(self.message)


def decimals(currency: str) -> int:
    """Decimals of an amount: the currency's minor units, never more than two. An unknown code is a KeyError."""
    return min(2, MINOR_UNITS[currency])


def bounded(amount: Decimal) -> Decimal:
    if not -LIMIT < amount < LIMIT:
        raise AmountTooLarge
    return amount


def round_amount(value: Decimal, currency: str) -> Decimal:
    """Half up to the currency's decimals; raises AmountTooLarge from 10^15 on."""
    return bounded(half_up(bounded(value), decimals(currency)))


def line_net(
    price: Decimal,
    quantity: Decimal,
    currency: str,
    *,
    base_quantity: Decimal = ONE,
    factor: Decimal = ONE,
    discount: Decimal = ZERO,
    allowances: Iterable[Decimal] = (),
    charges: Iterable[Decimal] = (),
) -> Decimal:
    """The line's net amount, BT-131 of EN 16931.

    `price` (BT-146) buys `base_quantity` (BT-149) price units; `factor` is the frozen number of price units in one
    order unit (pieces ordered, kilograms priced). `discount` is a percentage of the gross line. Each part is rounded on
    its own: price ÷ base × quantity, the discount, each allowance, each charge.
    """
    gross = round_amount(quotient(product(price, quantity, factor), base_quantity), currency)
    less = [round_amount(share(discount, gross), currency)] + [round_amount(part, currency) for part in allowances]
    more = [round_amount(part, currency) for part in charges]
    return bounded(difference(total([gross, *more]), total(less)))
