"""A public programme that buys medicines and tests: one wide file of its deliveries, made here, and what plain Python
finds in it. The file has another shape than the portal's records, and the dirt that such files have."""

import csv
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

MAPPING = Path(__file__).with_suffix(".toml")
ROWS = 3_300
COLUMNS = [
    "ID",
    "Project Code",
    "PQ #",
    "PO / SO #",
    "ASN/DN #",
    "Country",
    "Managed By",
    "Fulfill Via",
    "Vendor INCO Term",
    "Shipment Mode",
    "PQ First Sent to Client Date",
    "PO Sent to Vendor Date",
    "Scheduled Delivery Date",
    "Delivered to Client Date",
    "Product Group",
    "Vendor",
    "Item Description",
    "Brand",
    "Dosage",
    "Dosage Form",
    "Line Item Quantity",
    "Line Item Value",
    "Pack Price",
    "Manufacturing Site",
    "Weight (Kilograms)",
    "Freight Cost (USD)",
]
VENDORS = [f"Vendor {n}, {kind}" for n in range(1, 21) for kind in ("Plc", 'Inc. ("Global")')]
COUNTRIES = ["Côte d'Ivoire", "Nigeria", "Vietnam", "Zambia", "Congo, DRC"]
SITES = ["Unit III, India", "Aurobindo\nUnit 4, India", "Works, Germany", "Plant 2, South Africa", "ABBVIE", ""]
UNCAPTURED = "Date Not Captured"
INCLUDED = "Freight Included in Commodity Cost"


def write(path: Path) -> list[dict[str, str]]:
    """The file, and its rows as they are meant."""
    chance = random.Random(7)
    rows: list[dict[str, str]] = []
    while len(rows) < ROWS:
        rows += _order(chance, len(rows))
    with path.open("w", encoding="latin-1", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, row in enumerate(rows):
            writer.writerow([row[name] for name in COLUMNS])
            if number % 700 == 699:
                writer.writerows([COLUMNS, [""] * len(COLUMNS), [" ", "\t", *[""] * 24]])
        writer.writerow(["Grand total", *[""] * 19, f"{len(rows):,}"])
    return rows


def _order(chance: random.Random, before: int) -> list[dict[str, str]]:
    ordered = date(2006, 1, 1) + timedelta(days=chance.randrange(3_000))
    sent = chance.random()
    common = {
        "Project Code": f"{chance.randrange(100, 140)}-{chance.choice(['CI', 'VN'])}-T{chance.randrange(1, 40):02}",
        "PQ #": chance.choice(["Pre-PQ Process", f"FPQ-{chance.randrange(9_000)}"]),
        "PO / SO #": f"SCMS-{before}",
        "Country": chance.choice(COUNTRIES),
        "Managed By": "PMO - US",
        "Fulfill Via": "Direct Drop",
        "Vendor INCO Term": chance.choice(["EXW", "FCA", "DDP", "N/A"]),
        "Vendor": chance.choice(VENDORS),
        "PO Sent to Vendor Date": f"{ordered:%m/%d/%y}"
        if sent < 0.7
        else chance.choice([UNCAPTURED, "N/A - From RDC"]),
        "PQ First Sent to Client Date": f"{ordered:%m/%d/%y}" if sent < 0.9 else "Pre-PQ Process",
    }
    return [common | _line(chance, before + number, ordered) for number in range(chance.randrange(1, 7))]


def _line(chance: random.Random, number: int, ordered: date) -> dict[str, str]:
    item, due = chance.randrange(200), ordered + timedelta(days=chance.randrange(20, 200))
    quantity, price = chance.choice([1, 7, 250, 1_000, 12_500]), Decimal(chance.randrange(1, 90_000)) / 100
    came = due + timedelta(days=chance.choice([-20, -3, 0, 0, 0, 1, 14]))
    captured = chance.random()
    return {
        "ID": str(number + 1),
        "ASN/DN #": f"ASN-{chance.randrange(5_000)}",
        "Shipment Mode": chance.choice(["Air", "Truck", "N/A"]),
        "Scheduled Delivery Date": f"{due:%d-%b-%y}",
        "Delivered to Client Date": UNCAPTURED if captured < 0.04 else "" if captured < 0.07 else f"{came:%d-%b-%y}",
        "Product Group": ["ARV", "HRDT"][item % 2],
        "Item Description": f'Item {item}, "{["tablets", "rapid test"][item % 2]}", {item * 10}mg',
        "Brand": ["Generic", "Reveal"][item % 2],
        "Dosage": f"{item * 10}mg",
        "Dosage Form": ["Tablet", "Test kit"][item % 2],
        "Line Item Quantity": f"{quantity:,}",
        "Line Item Value": f"${price * quantity + chance.choice([0, 0, 0, Decimal('0.02')]):,.2f}",
        "Pack Price": f"{price:,.2f}",
        "Manufacturing Site": SITES[item % len(SITES)],
        "Weight (Kilograms)": chance.choice(["13", f"See ASN-{number} (ID#:{number})", "Weight Captured Separately"]),
        "Freight Cost (USD)": chance.choice(["780.34", INCLUDED, "Invoiced Separately"]),
    }


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def plain(shown: str) -> Decimal:
    return Decimal(shown.replace(",", "").replace("$", ""))


def day(shown: str) -> date:
    return datetime.strptime(shown, "%d-%b-%y").date()


def orders(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    for row in rows:
        found[f"{row['Project Code']}/{row['PO / SO #']}"].append(row)
    return found


def delivered(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The lines whose day of delivery is known."""
    return [row for row in rows if row["Delivered to Client Date"] not in ("", UNCAPTURED)]
