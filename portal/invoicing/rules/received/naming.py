"""What the terms of EN 16931 are called, with their numbers: how a difference from a received file is told."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from portal.platform.i18n import Message, _


class Term(NamedTuple):
    """A business term: its number in the standard (BT a term, BG a group), and its name."""

    number: str
    name: Message


_ADDRESS: Final = {
    "street": _("Street"), "additional": _("Street, second line"), "city": _("City"),
    "postal_code": _("Postal code"), "region": _("Region"), "country": _("Country"),
}  # fmt: skip
_PARTY: Final = {
    "name": _("Name"), "trading_name": _("Trading name"), "identifiers": _("Identifier"),
    "endpoint": _("Electronic address"), "registration": _("Register number"), "vat_number": _("VAT number"),
    "tax_number": _("Tax number"), "legal_form": _("Legal form"), "contact.name": _("Contact"),
    "contact.phone": _("Telephone"), "contact.email": _("E-mail"),
    **{f"address.{name}": said for name, said in _ADDRESS.items()},
}  # fmt: skip
_SIDES: Final = {"seller": ("BG-4", _("Supplier")), "buyer": ("BG-7", _("Customer"))}
HEADER: Final[Mapping[str, Term]] = {
    "number": Term("BT-1", _("Invoice number")),
    "issue_date": Term("BT-2", _("Invoice date")),
    "type_code": Term("BT-3", _("Kind of document")),
    "currency": Term("BT-5", _("Currency")),
    "tax_currency": Term("BT-6", _("Currency of the tax")),
    "due_date": Term("BT-9", _("Due date")),
    "buyer_reference": Term("BT-10", _("Reference of the customer")),
    "contract": Term("BT-12", _("Contract")),
    "order": Term("BT-13", _("Order")),
    "sales_order": Term("BT-14", _("Order number of the supplier")),
    "receipt": Term("BT-15", _("Goods receipt")),
    "despatch_advice": Term("BT-16", _("Despatch advice")),
    "accounting": Term("BT-19", _("Account assignment")),
    "payment_terms": Term("BT-20", _("Payment terms")),
    "notes": Term("BG-1", _("Note")),
    "preceding": Term("BG-3", _("Earlier invoice")),
    "delivery.name": Term("BT-70", _("Delivered to")),
    "delivery.day": Term("BT-72", _("Delivered on")),
    **{f"delivery.address.{name}": Term("BG-15", said) for name, said in _ADDRESS.items()},
    "period.since": Term("BT-73", _("Period from")),
    "period.until": Term("BT-74", _("Period until")),
    "payment": Term("BG-16", _("Means of payment")),
    "adjustments": Term("BG-20", _("Allowance or charge")),
    "lines_net": Term("BT-106", _("Sum of the lines")),
    "allowances": Term("BT-107", _("Allowances")),
    "charges": Term("BT-108", _("Charges")),
    "net": Term("BT-109", _("Net")),
    "tax": Term("BT-110", _("Tax")),
    "tax_accounting": Term("BT-111", _("Tax in its own currency")),
    "gross": Term("BT-112", _("Total")),
    "prepaid": Term("BT-113", _("Paid before")),
    "rounding": Term("BT-114", _("Rounding")),
    "due": Term("BT-115", _("To be paid")),
    "taxes": Term("BG-23", _("Tax by rate")),
    **{
        f"{side}.{name}": Term(number, _("{party}: {field}", party=party, field=said))
        for side, (number, party) in _SIDES.items()
        for name, said in _PARTY.items()
    },
}
LINE: Final[Mapping[str, Term]] = {
    "note": Term("BT-127", _("Note")),
    "quantity": Term("BT-129", _("Quantity")),
    "unit": Term("BT-130", _("Unit")),
    "net": Term("BT-131", _("Net")),
    "period.since": Term("BT-134", _("Period from")),
    "period.until": Term("BT-135", _("Period until")),
    "adjustments": Term("BG-27", _("Allowance or charge")),
    "price": Term("BT-146", _("Unit price")),
    "base_quantity": Term("BT-149", _("Price for")),
    "base_unit": Term("BT-150", _("Unit of the price")),
    "category": Term("BT-151", _("Tax category")),
    "rate": Term("BT-152", _("Tax rate")),
    "name": Term("BT-153", _("Description")),
    "description": Term("BT-154", _("Further description")),
    "seller_item": Term("BT-155", _("Item number of the supplier")),
    "buyer_item": Term("BT-156", _("Item number")),
    "gtin": Term("BT-157", _("GTIN")),
}
# What is about the message, what is a list that a number is of, and what pairs the lines.
UNTOLD: Final = frozenset({"process", "specification", "lines", "id", "order_line", "endpoint_scheme",
    "registration_scheme", "gtin_scheme"})  # fmt: skip
