"""Who is in the story: organisations, their people and what they buy and sell."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple


class Member(NamedTuple):
    """A person of the story: all can sign in; an account is somebody who is told of at the start."""

    email: str
    full_name: str
    roles: tuple[str, ...]
    rights: Mapping[str, Any] = MappingProxyType({})
    account: bool = True
    language: str = "en"


class Firm(NamedTuple):
    """An organisation of the story; `terms` are those the buyer trades on with it."""

    name: str
    kind: str
    country: str
    city: str
    street: str
    postal_code: str
    currency: str
    time_zone: str
    vat_number: str
    members: tuple[Member, ...]
    language: str = "en"
    terms: Mapping[str, Any] = MappingProxyType({})

    @property
    def email(self) -> str:
        """Where others write to: the department, in a domain of the firm's own."""
        department = "purchasing" if self.kind == "buyer" else "orders"
        return f"{department}@{self.name.split()[0].lower()}.example"

    @property
    def phone(self) -> str:
        """One of the numbers that Germany's Bundesnetzagentur keeps for stories, so that nobody answers."""
        return f"+49 30 23125 {100 + sum(self.name.encode()) % 900}" if self.country == "DE" else ""


class Good(NamedTuple):
    """An item with the price of the firm that sells it; `dearer` says since how many days ago it costs what else."""

    number: str
    name: str
    unit: str
    category: str
    supplier: str
    unit_price: str
    base_quantity: str = "1"
    lead_time_days: int = 10
    usual: int = 100
    dearer: tuple[int, str] | None = None
    kind: str = "goods"

    def price_at(self, days_ago: float) -> str:
        """What it cost that many days ago."""
        return self.dearer[1] if self.dearer and days_ago <= self.dearer[0] else self.unit_price


_LIMIT = {"limit_currency": "EUR", "limit_gross": Decimal(250_000), "limit_cumulative": Decimal(2_000_000)}

BUYER = Firm(
    "Larkfield Machine Works", "buyer", "DE", "Bremen", "Am Werftkai 12", "28217", "EUR", "Europe/Berlin", "DE136695976",
    (
        Member("requester@demo.test", "Robin Ashdown", ("requester",)),
        Member("buyer@demo.test", "Bela Marsh", ("buyer", "supplier_manager")),
        Member("colleague@demo.test", "Jules Norwood", ("buyer",)),
        Member("approver@demo.test", "Alex Thornbury", ("approver",), _LIMIT),
        Member("receiver@demo.test", "Remy Falk", ("receiver",)),
        Member("payable@demo.test", "Pat Quill", ("payable",)),
        Member("admin@demo.test", "Avery Stone", ("administrator",)),
        Member("auditor@demo.test", "Audrey Vane", ("auditor",)),
        Member("head-of-purchasing@demo.test", "Hollis Brandt", ("approver",), {"limit_currency": "EUR"}),
    ),
)  # fmt: skip
SUPPLIERS = (
    Firm(
        "Brightbolt Fasteners",
        "supplier",
        "DE",
        "Hagen",
        "Schraubenweg 4",
        "58089",
        "EUR",
        "Europe/Berlin",
        "DE811569869",
        (
            Member("supplier@demo.test", "Sasha Bright", ("order_desk", "shipping", "billing", "administrator")),
            Member("accounts.brightbolt@demo.test", "Billie Bright", ("billing",), account=False),
        ),
        terms={"supplier_number": "S-1001", "payment_days": 30, "e_invoice": "factur-x"},
    ),
    Firm(
        "Quillon Bearings",
        "supplier",
        "FR",
        "Annecy",
        "12 rue des Forges",
        "74000",
        "EUR",
        "Europe/Paris",
        "FR40303265045",
        (
            Member("rival@demo.test", "Rene Quillon", ("order_desk", "shipping", "billing", "administrator")),
            Member("accounts.quillon@demo.test", "Remi Quillon", ("billing",), account=False),
        ),
        terms={
            "supplier_number": "S-1002",
            "payment_days": 45,
            "tolerances": {
                "confirm_date": {"absolute": "3"},
                "receive": {"percent": "5"},
                "invoice_price": {"percent": "1"},
            },
        },
    ),
    Firm(
        "Haoyu Precision 浩宇精密",
        "supplier",
        "CN",
        "苏州",
        "星湖街 328 号",
        "215000",
        "CNY",
        "Asia/Shanghai",
        "91320594MA1MFRT28M",
        (
            Member(
                "haoyu@demo.test",
                "林晓",
                ("order_desk", "shipping", "billing", "administrator"),
                account=False,
                language="zh-Hans",
            ),
        ),
        language="zh-Hans",
        terms={"supplier_number": "S-1003", "payment_days": 60, "currency": "CNY", "response_days": 3},
    ),
    Firm(
        "Tarnwick Metals",
        "supplier",
        "GB",
        "Sheffield",
        "5 Foundry Lane",
        "S1 2AB",
        "EUR",
        "Europe/London",
        "GB731331179",
        (
            Member(
                "tarnwick@demo.test", "Toni Wick", ("order_desk", "shipping", "billing", "administrator"), account=False
            ),
        ),
        terms={"supplier_number": "S-1004", "payment_days": 30},
    ),
    Firm(
        "Petrel Packaging",
        "supplier",
        "NL",
        "Delft",
        "Kade 88",
        "2611",
        "EUR",
        "Europe/Amsterdam",
        "NL123456782B90",
        (
            Member(
                "petrel@demo.test", "Perry Reef", ("order_desk", "shipping", "billing", "administrator"), account=False
            ),
        ),
        terms={"supplier_number": "S-1005", "payment_days": 14},
    ),
    Firm(
        "Minghe Electronics 明合电子",
        "supplier",
        "CN",
        "深圳",
        "科技南路 16 号",
        "518000",
        "CNY",
        "Asia/Shanghai",
        "91440300MA5DNXY397",
        (
            Member(
                "minghe@demo.test",
                "周敏",
                ("order_desk", "shipping", "billing", "administrator"),
                account=False,
                language="zh-Hans",
            ),
        ),
        language="zh-Hans",
        terms={"supplier_number": "S-1007", "payment_days": 45, "currency": "CNY", "response_days": 3},
    ),
    Firm(
        "Fenwick Hydraulics",
        "supplier",
        "IT",
        "Modena",
        "Via Canaletto 40",
        "41122",
        "EUR",
        "Europe/Rome",
        "IT12345670157",
        (
            Member(
                "fenwick@demo.test", "Fen Marlow", ("order_desk", "shipping", "billing", "administrator"), account=False
            ),
        ),
        terms={"supplier_number": "S-1008", "payment_days": 30},
    ),
    Firm(
        "Hawthorn Maintenance",
        "supplier",
        "DE",
        "Oldenburg",
        "Werkring 21",
        "26121",
        "EUR",
        "Europe/Berlin",
        "DE129273398",
        (
            Member(
                "hawthorn@demo.test",
                "Hanne Thorn",
                ("order_desk", "shipping", "billing", "administrator"),
            ),
        ),
        terms={"supplier_number": "S-1010", "payment_days": 14},
    ),
    Firm(
        "Osier Electric",
        "supplier",
        "DE",
        "Chemnitz",
        "Ankerstrasse 9",
        "09111",
        "EUR",
        "Europe/Berlin",
        "DE297310439",
        (
            Member(
                "osier@demo.test", "Ona Weide", ("order_desk", "shipping", "billing", "administrator"), account=False
            ),
        ),
        terms={"supplier_number": "S-1006", "payment_days": 30},
    ),
)
# Approved this week, so that nothing was ordered there yet: without a score, which is not a bad one.
NEWCOMER = Firm(
    "Larch Tooling", "supplier", "AT", "Graz", "Lindenplatz 3", "8010", "EUR", "Europe/Vienna", "ATU62895905",
    (Member("larch@demo.test", "Lou Tanner", ("order_desk", "shipping", "billing", "administrator"), account=False),),
    terms={"supplier_number": "S-1009", "payment_days": 30},
)  # fmt: skip
GOODS = (
    Good("FA-0810", "Hex bolt M8 × 40, zinc plated, ISO 4017", "C62", "Fasteners", "Brightbolt Fasteners", "8.25", "100", 7, 2000),
    Good("FA-0812", "Hex bolt M10 × 60, A2 stainless, ISO 4017", "C62", "Fasteners", "Brightbolt Fasteners", "31.40", "100", 10, 1200),
    Good("FA-0905", "Washer M8, DIN 125", "C62", "Fasteners", "Brightbolt Fasteners", "1.9875", "100", 7, 5000),
    Good("FA-0930", "Threaded rod M12, 1 m", "C62", "Fasteners", "Brightbolt Fasteners", "2.85", "1", 7, 150),
    Good("BE-6204", "Deep groove ball bearing 6204-2RS", "C62", "Bearings", "Quillon Bearings", "4.1250", "1", 14, 240),
    Good("BE-6308", "Deep groove ball bearing 6308-2Z", "C62", "Bearings", "Quillon Bearings", "14.90", "1", 14, 60),
    Good("BE-3206", "Angular contact ball bearing 3206", "C62", "Bearings", "Quillon Bearings", "22.75", "1", 21, 40),
    Good("PR-2201", "Precision shaft Ø 20 h6 × 400 精密轴", "C62", "Precision parts", "Haoyu Precision 浩宇精密", "86.50", "1", 35, 80),
    Good("PR-2207", "Linear guide rail HGR20, 1 m 直线导轨", "C62", "Precision parts", "Haoyu Precision 浩宇精密", "142.00", "1", 35, 30),
    Good("ME-3001", "Steel sheet S235JR, 3 mm, 1000 × 2000", "KGM", "Metals", "Tarnwick Metals", "118.40", "100", 12, 1600, (160, "126.90")),
    Good("ME-3004", "Aluminium profile 40 × 40, 6 m", "MTR", "Metals", "Tarnwick Metals", "9.3520", "1", 12, 180),
    Good("PA-1100", "Corrugated box 400 × 300 × 200", "C62", "Packaging", "Petrel Packaging", "0.7425", "1", 5, 1500, (95, "0.7790")),
    Good("PA-1104", "Stretch film 500 mm, 23 µm", "C62", "Packaging", "Petrel Packaging", "6.95", "1", 5, 90),
    Good("EC-7015", "Proximity switch M12, PNP 接近开关", "C62", "Electronics", "Minghe Electronics 明合电子", "38.20", "1", 28, 120),
    Good("EC-7030", "Power supply 24 V, 5 A 开关电源", "C62", "Electronics", "Minghe Electronics 明合电子", "96.00", "1", 28, 40),
    Good("HY-4100", "Hydraulic cylinder Ø 50 × 300", "C62", "Hydraulics", "Fenwick Hydraulics", "184.50", "1", 18, 12),
    Good("HY-4120", "Gear pump 11 cm³", "C62", "Hydraulics", "Fenwick Hydraulics", "97.80", "1", 18, 16),
    Good("SV-9001", "Maintenance of machine tools, per hour", "HUR", "Services", "Hawthorn Maintenance", "84.00", "1", 10, 24,
         kind="service"),
    Good("EL-5002", "Cable YSLY-JZ 5 × 1.5 mm²", "MTR", "Electrical", "Osier Electric", "1.3340", "1", 6, 800),
    Good("EL-5010", "Contactor 24 V DC, 9 A", "C62", "Electrical", "Osier Electric", "28.60", "1", 8, 25),
    Good("SV-9010", "Call-outs at night, as needed", "C62", "Services", "Hawthorn Maintenance", "1.00", "1", 10, 1500, kind="limit"),
)  # fmt: skip
