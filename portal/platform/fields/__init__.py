"""The field types that forms are made of.

What is malformed or impossible is refused here, with a sentence that says what to enter; see `kind` for how they work.
"""

from portal.platform.fields.codes import CountryCode, CurrencyCode, Language, TaxCategory, TimeZone, UnitCode
from portal.platform.fields.days import Day, Moment, MonthCode
from portal.platform.fields.kind import FieldType, dec_hook, is_field
from portal.platform.fields.numbers import (
    Amount,
    Count,
    ExchangeRateFigure,
    Percent,
    Quantity,
    Rounding,
    TaxRate,
    UnitPrice,
    Whole,
)
from portal.platform.fields.registers import Gln, Gtin, VatNumber, registration_problem, vat_problem
from portal.platform.fields.texts import Code, Email, Line, Phone, Secret, Text, Why

__all__ = [
    "Amount",
    "Code",
    "Count",
    "CountryCode",
    "CurrencyCode",
    "Day",
    "Email",
    "ExchangeRateFigure",
    "FieldType",
    "Gln",
    "Gtin",
    "Language",
    "Line",
    "Moment",
    "MonthCode",
    "Percent",
    "Phone",
    "Quantity",
    "Rounding",
    "Secret",
    "TaxCategory",
    "TaxRate",
    "Text",
    "TimeZone",
    "UnitCode",
    "UnitPrice",
    "VatNumber",
    "Whole",
    "Why",
    "dec_hook",
    "is_field",
    "registration_problem",
    "vat_problem",
]
