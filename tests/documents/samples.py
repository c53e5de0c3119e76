"""Snapshots as the kinds of documents freeze them, for the press and the templates."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from obstore.exceptions import GenericError

LONG = "Schwingungsdämpfendes Gummimetallelement mit beidseitigem Außengewinde, ozonbeständig, nach Zeichnung 4711-B"


def party(name: str, country: str, language: str = "en", **address: str) -> dict[str, Any]:
    return {
        "id": "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b" if country == "DE" else "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6c",
        "name": name,
        "country": country,
        "address": address,
        "registration_number": "HRB 12345 B" if country == "DE" else "",
        "vat_number": "DE129273398" if country == "DE" else "",
        "gln": "4012345000009" if country == "DE" else "",
        "email": "",
        "language": language,
        "time_zone": "Europe/Berlin" if country == "DE" else "Asia/Shanghai",
    }


BUYER = party("Nordlicht Maschinenbau GmbH", "DE", street="Werkstraße 1", postal_code="10115", city="Berlin")
SUPPLIER = party("Hansa Fasteners Ltd", "GB", street="12 Dock Road", postal_code="HU1 2AB", city="Hull")
CHINESE = party(
    "宁波精工紧固件有限公司",
    "CN",
    "zh-Hans",
    street="北仑区黄山路88号",
    city="宁波市",
    region="浙江省",
    postal_code="315800",
)


def line(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "line": number,
        "item_number": f"IT-{number:05d}",
        "description": "Hex bolt M8 × 40, zinc plated",
        "quantity": "1200",
        "unit": "C62",
        "unit_price": "0.0745",
        "base_quantity": "1",
        "price_unit": "C62",
        "discount": "0",
        "net": "89.40",
        "tax_category": "S",
        "tax_rate": "19",
        "requested_date": "2030-05-15",
        "promised_date": None,
        "ship_to": None,
        "substitute_item": "",
        "free_of_charge": False,
    } | changes


def totals(count: int) -> dict[str, Any]:
    net = f"{count * 89.40:.2f}"
    return {
        "lines": net,
        "allowances": "0.00",
        "charges": "0.00",
        "net": net,
        "breakdown": [{"category": "S", "rate": "19", "base": net, "tax": f"{count * 16.986:.2f}"}],
        "tax": f"{count * 16.986:.2f}",
        "gross": f"{count * 106.386:.2f}",
        "prepaid": "0.00",
        "due": f"{count * 106.386:.2f}",
    }


def order(lines: list[dict[str, Any]], supplier: dict[str, Any] = SUPPLIER, **changes: Any) -> dict[str, Any]:
    header = {
        "number": "PO-2026-00042",
        "revision": 1,
        "currency": "EUR",
        "note": "",
        "ship_to": {"name": "Werk 2, Tor 4", "street": "Hafenstraße 7", "postal_code": "20457", "city": "Hamburg"},
        "payment_terms": "2 % within 10 days",
        "payment_days": 30,
        "incoterm": "DAP Hamburg",
        "requested_date": "2030-05-15",
        "response_due_at": "2026-11-25T16:00:00Z",
        "created_at": "2026-11-20T09:00:00Z",
        "issued_at": "2026-11-21T08:30:12.345678Z",
    } | changes
    return {"order": header, "lines": lines, "totals": totals(len(lines)), "buyer": BUYER, "supplier": supplier}


def advice(lines: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    header = {
        "number": "DA-2026-00007",
        "order_number": "PO-2026-00042",
        "despatch_date": "2026-12-01",
        "expected_date": "2026-12-04",
        "carrier": "Northsea Logistics",
        "tracking_number": "NS 4711 0815",
        "note": "",
        "packages": [{"kind": "Pallet", "sscc": "340123450000000017", "weight": "412.5"}],
        "despatched_at": "2026-12-01T07:15:00Z",
    } | changes
    return {"advice": header, "lines": lines, "buyer": BUYER, "supplier": SUPPLIER}


def advice_line(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "line": number,
        "order_line": number,
        "item_number": f"IT-{number:05d}",
        "description": "Hex bolt M8 × 40, zinc plated",
        "quantity": "600",
        "unit": "C62",
        "batch": "L-2211-A",
        "outstanding_quantity": "600",
    } | changes


CHARGE = {"description": "Freight to site", "amount": "45.00", "tax_category": "S", "tax_rate": "19"}


def invoice(lines: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    header = {
        "number": "R/2026 0815",
        "order_number": "PO-2026-00042",
        "issue_date": "2026-12-02",
        "due_date": "2027-01-01",
        "currency": "EUR",
        "payment_terms": "",
        "note": "",
        "submitted_at": "2026-12-02T10:00:00Z",
    } | changes
    rest = {"deliver_to": {"name": "Werk 2", "city": "Hamburg"}, "charges": [CHARGE]}
    sums = totals(len(lines))
    return {"invoice": header, "lines": lines, "totals": sums, "buyer": BUYER, "supplier": SUPPLIER} | rest


def statement(orders: int, invoices: int, credited: str) -> dict[str, Any]:
    """So many order lines that were not received and so many invoices, one of which has a credit note."""
    item = {"kind": "not_received", "record": "purchase-order", "line": 1, "unit": "C62", "amount": "89.40"}
    lines = [item | {"number": f"PO-2026-{n:05d}", "description": LONG, "quantity": "1200"} for n in range(orders)]
    bill = {"kind": "not_settled", "record": "invoice", "line": None, "quantity": None, "unit": "", "amount": "106.39"}
    lines += [bill | {"number": f"R-2026-{n:05d}", "description": "PO-1"} for n in range(invoices)]
    lines.append(bill | {"record": "credit-note", "number": "C-1", "description": "R-1", "amount": credited})
    return {
        "header": {
            "number": "ST-2026-00001",
            "as_of": "2026-05-31",
            "currency": "EUR",
            "created_at": "2026-06-01T08:00:00Z",
        },
        "lines": [each | {"due": "2026-06-30", "currency": "EUR"} for each in lines],
        "sums": {"not_received": "3576.00", "not_invoiced": "0.00", "not_settled": "6358.32", "overdue": "0.00"},
        "buyer": BUYER,
        "supplier": SUPPLIER,
    }


@contextmanager
def full_disk() -> Iterator[None]:
    """While this lasts, the store says what it says of a disk that is full."""

    async def full(*_given: Any, **_named: Any) -> None:
        raise GenericError("Unable to write: No space left on device (os error 28)")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("obstore.put_async", full)
        yield
