"""A little invented business for the gallery: one order on its way, its lines, its history, its supplier's score."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Record
from typing import Any
from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.refusals import FieldError
from portal.web import Flash, Form, MenuItem, Organisation
from portal.web.parts import Node

NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
OURS = UUID("01936f00-0000-7000-8000-000000000001")
OTHER = UUID("01936f00-0000-7000-8000-000000000002")

ACTOR = Actor(
    organisation_id=OURS,
    organisation_kind="buyer",
    organisation_name="Brightwater Instruments Ltd",
    person_id=OTHER,
    name="Ada Fernández",
    email="buyer@demo.test",
    roles=frozenset({"buyer", "requester", "anyone"}),
    session=b"\x0a",
    time_zone="Europe/Berlin",
)
MENU = [
    MenuItem("Home", "/", "home"),
    MenuItem("Orders", "/orders", "file-text", 12),
    MenuItem("Despatch advices", "/despatch-advices", "truck-delivery"),
    MenuItem("Receipts", "/receipts", "package-import", 3),
    MenuItem("Invoices", "/invoices", "file-invoice", 1204),
    MenuItem("Suppliers", "/suppliers", "building-factory-2"),
    MenuItem("Items", "/items", "box"),
    MenuItem("Audit", "/audit", "shield-check"),
]
ORGANISATIONS = [
    Organisation(OURS, "Brightwater Instruments Ltd"),
    Organisation(OTHER, "Brightwater Optics and Precision Measuring Devices International GmbH"),
]
FLASH = [Flash("Order PO-2026-00042 was issued. The supplier has been told.", "success")]


def orders() -> list[Record]:
    states = ("issued", "in_approval", "conditionally_accepted", "accepted", "draft", "rejected", "closed", "approved")
    names = ("Northwind Castings", "苏州精密零件有限公司", "Oakfield Fasteners & Co", "Müller Präzisionsteile GmbH")
    return [
        Record(
            id=n,
            number=f"PO-2026-{42 - n:05}",
            supplier=names[n % 4],
            state=states[n],
            due=date(2026, 11, 20) + timedelta(days=n),
            gross=Decimal("1234.5") * (n * n * 37 + 1),
            currency=("EUR", "CNY", "JPY", "EUR")[n % 4],
            created_at=NOW - timedelta(days=n, hours=3),
            late=n == 0,
        )
        for n in range(8)
    ]


def lines() -> list[Record]:
    texts = (
        ("Hex bolt M8 × 40, zinc plated", "1200", "H87", "0.0825", "99.00", 19),
        ("Aluminium sheet EN AW-5754, 2 mm, cut to 1000 × 2000 mm, film on top", "40", "H87", "61.4", "2456.00", 19),
        ("精密轴承 6204-2RS", "250", "H87", "2.1", "525.00", 7),
        ("Welding wire 1.0 mm", "85.5", "KGM", "3.9155", "334.78", 19),
    )  # fmt: skip
    return [
        Record(number=n, description=d, quantity=Decimal(q), unit=u, price=Decimal(p), net=Decimal(net), rate=rate)
        for n, (d, q, u, p, net, rate) in enumerate(texts, 1)
    ]


def history() -> list[Node]:
    return [
        Node("Entered", NOW - timedelta(days=9), "Rosa Lind", "done"),
        Node("Approved", NOW - timedelta(days=8, hours=2), "Jonas Weber", "done", "Within the limit of 10,000 EUR"),
        Node("Issued, revision 1", NOW - timedelta(days=8), "Ada Fernández", "done"),
        Node("Rejected by the supplier", NOW - timedelta(days=7), "Li Wei", "failed", "Price of line 2 has expired"),
        Node("Despatched: 3 of 4 lines", NOW - timedelta(hours=20), "Li Wei", "done", href="/despatch-advices/1"),
        Node("Receipt", None, "", "current", "Expected 23 Nov 2026"),
        Node("Invoice", state="upcoming"),
    ]


def entry_form() -> Form:
    """An order as somebody left it: two lines, three mistakes."""
    values = {
        "supplier_id": "2",
        "note": "Please deliver to gate 4.\nRing twice.",
        "limit": "12,5O0",
        "lines.0.description": "Hex bolt M8 × 40, zinc plated",
        "lines.0.quantity": "1200",
        "lines.0.unit": "H87",
        "lines.0.unit_price": "0.0825",
        "lines.0.requested_date": "2026-12-01",
        "lines.1.description": "",
        "lines.1.quantity": "-3",
        "lines.1.unit": "KGM",
        "lines.1.unit_price": "3.9155",
        "lines.1.requested_date": "2026-12-04",
    }
    errors = [
        FieldError("limit", "Write the limit as a number, such as 12500.00"),
        FieldError("lines.1.description", "Say what is ordered"),
        FieldError("lines.1.quantity", "The quantity must be more than zero"),
    ]
    return Form(values, errors)


def sessions() -> list[dict[str, Any]]:
    seen: dict[str, Any] = {"address": "192.0.2.17", "created_at": NOW - timedelta(days=2), "seen_at": NOW}
    return [
        {**seen, "key": "0a", "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"},
        {**seen, "key": "0b", "user_agent": "Mozilla/5.0 (iPhone) Version/26.0 Safari/605", "address": "2001:db8::17"},
    ]
