"""Snapshots of invoices and credit notes as anybody may send them, drawn by Hypothesis and reckoned by the portal."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
from hypothesis import strategies as st

from portal.invoicing.rules import net_of, percent_of, totals_of
from portal.platform.decimals import plain, product
from portal.platform.einvoice.codes import vat_number
from portal.platform.money import decimals, round_amount

CURRENCIES = ("EUR", "USD", "JPY", "KWD", "CNY", "CLP", "HUF")
RATES = {"S": ("19", "7", "5.5", "8.1", "27"), "L": ("0", "3", "20"), "M": ("0", "0.5", "10")}
UNITS = ("C62", "H87", "KGM", "HUR", "MTR", "XPK", "E48", "LS")
_SIGNS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"])
TEXTS = st.text(_SIGNS, min_size=1, max_size=40).map(str.strip).filter(bool)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
# Each has an identifier besides its VAT number, which an invoice that is not subject to VAT must not tell (BR-O-2).
_SELLERS = (
    {"country": "DE", "vat_number": "DE129273398", "registration_number": "HRB 12345"},
    {"country": "GR", "vat_number": "EL094259216", "gln": "4012345000009"},
    {"country": "CN", "vat_number": "", "registration_number": "91110000600037341L"},
    {
        "country": "CH",
        "vat_number": "CHE-107.787.577 MWST",
        "registration_number": "CHE-107.787.577",
        "email": "billing@seller.example",
    },
)
# Of countries that ask for more, those that say it and those that do not.
_REACHED = {"phone": "+47 22 00 00 00", "email": "billing@seller.example"}
_ELSEWHERE = (
    {"country": "DE", "vat_number": "DE129273398", **_REACHED},
    {"country": "NL", "vat_number": "NL123456782B90", "registration_number": "12345678"},
    {"country": "NL", "vat_number": "NL123456782B90", "registration_number": "unknown"},
    {"country": "DK", "vat_number": "DK12345674", "registration_number": "DK 12345674"},
    {"country": "DK", "vat_number": "DK12345674"},
    {"country": "SE", "vat_number": "SE556677889901"},
    {"country": "SE", "vat_number": "SE5566778899"},
    {"country": "NO", "vat_number": "NO995525828MVA"},
    {"country": "NO", "vat_number": "NO995525828"},
    {"country": "IT", "vat_number": "IT00743110157"},
    {"country": "IS", "vat_number": "IS12345", "registration_number": "450401-3150", "email": "billing@seller.example"},
    {"country": "IS", "vat_number": "IS12345", "email": "billing@seller.example"},
)
_BUYERS = (
    {"country": "FR", "vat_number": "FR61954506077"},
    {"country": "NL", "vat_number": "NL123456782B90", "registration_number": "12345678"},
    {"country": "NL", "vat_number": "NL123456782B90", "registration_number": "unknown"},
    {"country": "IS", "vat_number": "IS12345", "registration_number": "4504013150", "email": "in@buyer.example"},
    {"country": "DE", "vat_number": "DE136695976", "gln": "4012345000009"},
)


def amounts(currency: str, most: int = 10_000) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, most, places=2).map(lambda value: round_amount(value, currency))


@st.composite
def parts(draw: Any, base: Decimal, currency: str, **said: str) -> list[dict[str, str]]:
    """Allowances or charges, by amounts and by percentages."""
    kept = []
    for _number in range(draw(st.integers(0, 2))):
        if draw(st.booleans()):
            kept.append(said | {"amount": plain(draw(amounts(currency, 500)))})
        else:
            percent = draw(st.decimals("0.5", 50, places=1))
            kept.append(
                said
                | {"amount": plain(percent_of(percent, base, currency)), "percent": plain(percent), "base": plain(base)}
            )
    return kept


@st.composite
def lines(draw: Any, number: int, currency: str, taxes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A line; some are priced in another unit than they were ordered in, some give back."""
    sign = draw(st.sampled_from((1, 1, 1, -1)))
    category, rate = draw(st.sampled_from(taxes))
    unit = draw(st.sampled_from(UNITS))
    other = draw(st.booleans())
    line = {
        "line": number,
        "item_number": draw(st.sampled_from(("", "IT-1"))),
        "description": draw(TEXTS),
        "quantity": sign * draw(st.decimals("0.001", 10_000, places=3)),
        "unit": unit,
        "unit_price": draw(st.decimals(0, 1_000, places=draw(st.integers(0, 8)))),
        "base_quantity": draw(st.sampled_from([Decimal(1), Decimal(100), Decimal("0.5")])),
        "price_unit": draw(st.sampled_from(UNITS)) if other else unit,
        "price_factor": Decimal("2.5") if other else Decimal(1),
        "discount": draw(st.sampled_from([Decimal(0), Decimal("2.5"), Decimal(10)])),
        "allowance": Decimal(0),
        "charge": Decimal(0),
        "tax_category": category,
        "tax_rate": rate,
        "order_number": draw(st.sampled_from(("PO-1", "PO-2"))),
        "order_line": number,
    }
    gross = net_of(SimpleNamespace(**line), currency)
    line["allowances"] = draw(parts(gross, currency, reason="Pallet"))
    line["charges"] = draw(parts(gross, currency, reason="Cutting"))
    line["allowance"] = sum((Decimal(part["amount"]) for part in line["allowances"]), Decimal(0))
    line["charge"] = sum((Decimal(part["amount"]) for part in line["charges"]), Decimal(0))
    return line | {"net": net_of(SimpleNamespace(**line), currency)}


@st.composite
def snapshots(draw: Any, *, everywhere: bool = False) -> dict[str, Any]:
    """What the portal freezes of an invoice or a credit note, over all categories, rates, currencies and parts; of
    sellers `everywhere`, also such as lack what their country asks for."""
    currency = draw(st.sampled_from(CURRENCIES))
    if draw(st.integers(0, 6)) == 0:
        taxes = [("O", "0")]  # what is out of scope stands alone (BR-O-11)
    else:
        kinds = draw(st.lists(st.sampled_from(("S", "S", "Z", "E", "AE", "K", "G", "L", "M")), min_size=1, max_size=4))
        taxes = [(kind, draw(st.sampled_from(RATES.get(kind, ("0",))))) for kind in kinds]
    rows = [draw(lines(number, currency, taxes)) for number in range(1, draw(st.integers(1, 5)) + 1)]
    category, rate = rows[0]["tax_category"], rows[0]["tax_rate"]
    taxed = {"tax_category": category, "tax_rate": rate, "description": draw(TEXTS)}
    base = sum((row["net"] for row in rows if (row["tax_category"], row["tax_rate"]) == (category, rate)), Decimal(0))
    whole = {name: draw(parts(base, currency, **taxed)) for name in ("allowances", "charges")}
    objects = [SimpleNamespace(**row | {"tax_rate": Decimal(row["tax_rate"])}) for row in rows]
    sums = msgspec.to_builtins(totals_of(objects, whole["allowances"], whole["charges"], currency))
    sums |= draw(advances(Decimal(sums["gross"]), currency))
    said = {
        "orders": [{"number": "PO-1"}, {"number": "PO-2"}],
        "lines": rows,
        **whole,
        "totals": sums,
        **draw(circumstances(any(kind in ("K", "G") for kind, _rate in taxes), everywhere)),
    }
    header = draw(headers(currency, sums["tax"]))
    return msgspec.to_builtins(
        said | ({"credit_note": header[0] | header[1]} if draw(st.booleans()) else {"invoice": header[0]})
    )


@st.composite
def advances(draw: Any, gross: Decimal, currency: str) -> dict[str, str]:
    """What was paid before, none, a part or all of it, and what makes the rest round."""
    prepaid = round_amount(gross * draw(st.sampled_from([Decimal(0), Decimal("0.3"), Decimal(1)])), currency)
    least = Decimal("0.99") if decimals(currency) else Decimal(0)
    return {"prepaid": plain(prepaid), "rounding": plain(draw(st.decimals(-least, least, places=2)))}


@st.composite
def circumstances(draw: Any, abroad: bool, everywhere: bool = False) -> dict[str, Any]:
    """Who trades, where and when the goods came, and what the buyer asks for. Who sells across a border without tax has
    a VAT number (BR-IC-2, BR-G-2)."""
    known = _SELLERS + _ELSEWHERE if everywhere else _SELLERS
    sellers = [seller for seller in known if vat_number(seller["vat_number"]) or not abroad]
    since = draw(DAYS)
    address = {"street": "Werkstraße 1", "city": "Ort", "postal_code": "12345"}
    places = [address, {"city": "Ort"}] if everywhere else [address]
    return {
        "supplier": {"name": draw(TEXTS), "address": draw(st.sampled_from(places)), **draw(st.sampled_from(sellers))},
        "buyer": {"name": draw(TEXTS), "address": draw(st.sampled_from(places)), **draw(st.sampled_from(_BUYERS))},
        "deliver_to": {"name": draw(TEXTS), "city": "Hamburg", "country": "DE"},
        "delivered": {"since": since, "until": since + timedelta(days=draw(st.integers(0, 9)))},
        "e_invoice": {
            "format": draw(st.sampled_from(("factur-x", "ubl", "xrechnung"))),
            "buyer_reference": draw(st.sampled_from(("", "04011000-12345-34"))),
        },
    }


@st.composite
def headers(draw: Any, currency: str, tax: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands at the top; and what a credit note says beside it."""
    issued = draw(DAYS)
    header = {
        "number": draw(TEXTS),
        "currency": currency,
        "issue_date": issued,
        "payment_terms": "",
        "exemption_reason": "§ 4 UStG",
    }
    if draw(st.booleans()):
        header |= {
            "tax_currency": "GBP",
            "tax_accounting": plain(round_amount(product(Decimal(tax), Decimal("0.87")), "GBP")),
        }
    return header | {"due_date": issued + timedelta(days=30)}, {
        "invoice_number": "R-1",
        "invoice_date": issued,
        "reason": draw(TEXTS),
        "due_date": None,
    }
