"""What kinds, parts and fields are called by people."""

from portal.operations.imports import kinds as imported
from portal.platform.i18n import Message, _

KINDS: dict[str, Message] = {
    "suppliers": _("Suppliers"),
    "items": _("Items"),
    "prices": _("Supplier prices"),
    "orders": _("Orders with their lines"),
    "receipts": _("Goods receipts"),
    "all": _("Everything that is in them"),
}
PARTS: dict[str, Message] = {
    "suppliers": _("Suppliers"),
    "items": _("Items"),
    "prices": _("Supplier prices"),
    "orders": _("Orders"),
    "lines": _("Order lines"),
    "receipts": _("Goods receipts"),
}
FIELDS: dict[str, Message] = {
    "accepted": _("Accepted"),
    "active": _("Is ordered"),
    "base_quantity": _("Price is for"),
    "category": _("Category"),
    "city": _("City"),
    "closed_at": _("Closed on"),
    "cost_centre": _("Cost centre"),
    "country": _("Country"),
    "currency": _("Currency"),
    "delivered_at": _("Delivered on"),
    "delivery_note": _("Delivery note"),
    "description": _("Description"),
    "discount": _("Discount, %"),
    "email": _("E-mail"),
    "first_promised_date": _("First promised for"),
    "gln": _("GLN"),
    "gtin": _("GTIN"),
    "incoterm": _("Incoterm"),
    "internal_note": _("Internal note"),
    "invoiced": _("Invoiced"),
    "issued_at": _("Issued on"),
    "item": _("Item number"),
    "key": _("Key of the line"),
    "language": _("Language"),
    "lead_time_days": _("Lead time, days"),
    "line": _("Line number"),
    "maximum_quantity": _("Up to quantity"),
    "minimum_quantity": _("From quantity"),
    "name": _("Name"),
    "note": _("Note"),
    "number": _("Number"),
    "order_number": _("Order number"),
    "ordered_at": _("Ordered on"),
    "payment_days": _("Payment, days"),
    "payment_terms": _("Payment terms"),
    "postal_code": _("Postal code"),
    "price_unit": _("Unit of the price"),
    "promised_date": _("Promised for"),
    "purchasing_group": _("Purchasing group"),
    "quantity": _("Quantity"),
    "received": _("Received"),
    "region": _("Region"),
    "registration_number": _("Registration number"),
    "rejected": _("Rejected"),
    "requested_date": _("Requested for"),
    "response_days": _("Days to answer"),
    "state": _("State"),
    "stated_net": _("Net total as stated"),
    "street": _("Street"),
    "supplier": _("Supplier number"),
    "supplier_item_number": _("Supplier’s item number"),
    "tags": _("Tags"),
    "tax_category": _("Tax category"),
    "tax_rate": _("Tax rate, %"),
    "tier": _("Tier"),
    "time_zone": _("Time zone"),
    "unit": _("Unit"),
    "unit_price": _("Unit price"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid until"),
    "vat_number": _("VAT number"),
}
FIGURES: dict[str, Message] = {
    "created": _("New"),
    "updated": _("Changed"),
    "unchanged": _("Same as before"),
    "warnings": _("Warnings"),
    "errors": _("Errors"),
    "right": _("Would come without the wrong rows"),
    "left_out": _("Rows left out"),
}
LISTS = {"suppliers": "/suppliers", "items": "/items", "orders": "/orders"}  # where the records are found
FORMAT: dict[str, Message] = {
    "decimal": _("Decimal mark"),
    "thousands": _("Between thousands"),
    "time_zone": _("Time zone of the dates"),
}
STEPS: tuple[Message, ...] = (_("Files"), _("Column mapping"), _("Trial run"), _("Import"))


def field(name: str) -> Message | str:
    """The name of a field; one that has none yet shows its code."""
    return FIELDS.get(name) or name


def column(part: str, name: str) -> Message | str:
    """A column's name; where the file has none for a field, the field's."""
    return field(name) if part in imported.PARTS and name in imported.PARTS[part].fields else name
