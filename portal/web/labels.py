"""What the fields of forms are called: one table for the summaries of all pages, so that no problem is told without
its field and its line, and no code of a field ever reaches a person.

Names are dotted paths: the last part names the field, a number before it the row of its grid.
"""

from collections.abc import Mapping
from typing import Any

from portal.platform.i18n import Message, _

ROWS: dict[str, Message] = {"lines": _("Line {n}"), "packages": _("Package {n}"), "charges": _("Charge {n}")}
FIELDS: dict[str, Message] = {
    "accepted": _("Accepted"),
    "allowance": _("Allowance"),
    "amount": _("Amount"),
    "as_of": _("As of"),
    "base_quantity": _("Price per"),
    "batch": _("Batch"),
    "buyer_id": _("Customer"),
    "carrier": _("Carrier"),
    "charges": _("Charges"),
    "city": _("Town"),
    "code": _("Answer"),
    "contract_id": _("Contract"),
    "cost_centre": _("Cost centre"),
    "country": _("Country"),
    "created_from": _("Created from"),
    "created_to": _("Created until"),
    "currency": _("Currency"),
    "date": _("Paid on"),
    "delivered_at": _("Delivered"),
    "delivered_from": _("Delivered from"),
    "delivered_to": _("Delivered until"),
    "delivery_note": _("Delivery note"),
    "description": _("Description"),
    "despatch_advice_id": _("Despatch advice"),
    "despatch_date": _("Leaves on"),
    "despatch_line_id": _("Goods"),
    "discount": _("Discount %"),
    "due_before": _("Due before"),
    "due_date": _("Due date"),
    "email": _("E-mail"),
    "expected_before": _("Expected before"),
    "expected_date": _("Expected on"),
    "free_of_charge": _("Free"),
    "match_basis": _("Paid up to"),
    "early_days": _("Days too early that count as on time"),
    "in_full_tolerance": _("Missing percent that counts as in full"),
    "weights": _("Weights"),
    "on_time_requested": _("On time, in full: as requested"),
    "on_time_first_confirmed": _("On time, in full: as first confirmed"),
    "quality": _("Quality"),
    "fill_rate": _("Fill rate"),
    "responsiveness": _("Responsiveness"),
    "price": _("Invoiced price"),
    "invoice_accuracy": _("Invoice accuracy"),
    "full_name": _("Full name"),
    "gln": _("GLN"),
    "incoterm": _("Incoterm"),
    "internal_note": _("Internal note"),
    "issue_date": _("Invoice date"),
    "item": _("Item"),
    "item_id": _("Item"),
    "kind": _("Kind"),
    "language": _("Language"),
    "limit": _("Approval limit"),
    "limit_30_days": _("Limit within 30 days"),
    "limit_currency": _("Currency of the limit"),
    "line": _("Line"),
    "lines": _("Lines"),
    "name": _("Name"),
    "note": _("Note to the supplier"),
    "number": _("Number"),
    "order_id": _("Order"),
    "order_line_id": _("Order line"),
    "outstanding_quantity": _("Still to come"),
    "override_reason": _("Reason for the same number"),
    "packages": _("Packages"),
    "password": _("Password"),
    "new_password": _("New password"),
    "payment_days": _("Days to pay"),
    "payment_terms": _("Payment terms"),
    "postal_code": _("Postal code"),
    "price_unit": _("Price unit"),
    "promised_date": _("Delivery on"),
    "purchasing_group": _("Purchasing group"),
    "quantity": _("Quantity"),
    "query": _("Search"),
    "reason": _("Reason"),
    "reference": _("Reference of the payment"),
    "region": _("Region"),
    "registration_number": _("Registration number"),
    "rejected": _("Rejected"),
    "replacement": _("To be replaced"),
    "requested_before": _("Wanted before"),
    "requested_date": _("Wanted by"),
    "response_days": _("Days to answer"),
    "rest": _("What is left of these lines"),
    "roles": _("Roles"),
    "ship_to": _("Ship to"),
    "site": _("Site"),
    "site_id": _("Ship to"),
    "sscc": _("SSCC"),
    "state": _("State"),
    "street": _("Street"),
    "substitute_item": _("Substitute"),
    "supplier_id": _("Supplier"),
    "supplier_number": _("Supplier number"),
    "tax_category": _("Tax"),
    "tax_rate": _("Tax %"),
    "time_zone": _("Time zone"),
    "tracking_number": _("Tracking number"),
    "type": _("Kind"),
    "unit": _("Unit"),
    "unit_price": _("Unit price"),
    "unlimited": _("Without a limit"),
    "vat_number": _("VAT number"),
    "weight": _("Gross weight"),
}


def label(field: str, rows_named: Mapping[str, Any] | None = None) -> Message | str:
    """`lines.1.quantity` → “Line 2, Quantity”. Blank for the whole form, and for what nobody named."""
    *place, name = field.split(".")
    said = FIELDS.get(name, "")
    row = ".".join(place[:2]) if len(place) > 1 else field
    grid, _dot, number = row.partition(".")
    if grid not in ROWS or not number.isdecimal():
        return said
    named = (rows_named or {}).get(row) or Message(ROWS[grid].text, {"n": int(number) + 1})
    return _("{row}, {field}", row=named, field=said) if said and row != field else named
