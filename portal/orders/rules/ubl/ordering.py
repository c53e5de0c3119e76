"""From a revision of an order to its UBL document, and from a cancelled order to its cancellation.

All of it is said as the revision has it, nothing is reckoned anew. What UBL has no element for (who to turn to, a
substitute that was agreed on, that a line is free of charge) stands in the notes of the line.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from portal.orders.rules.ubl.order import FRAMEWORK, URGENT, USUAL, Delivery, Order, OrderCancellation, OrderLine
from portal.platform.decimals import ONE, difference, plain, product, quotient
from portal.platform.einvoice.model import Adjustment, Tax
from portal.platform.einvoice.ordering import Days, Item, Note, Price
from portal.platform.einvoice.parties import address_of, party_of
from portal.platform.money import round_amount

Said = Mapping[str, Any]
TYPES: Final[Mapping[str, str]] = {"standard": USUAL, "framework": FRAMEWORK, "urgent": URGENT}
OUT_OF_SCOPE: Final = "O"
DISCOUNT: Final = ("95", "Discount")  # UNTDID 5189


def order_of(said: Said, day: date | None) -> Order:
    """One revision as a document; `day` is that of its issue, where the buyer is."""
    header, sums = said["order"], said["totals"]
    place = header["ship_to"] or {}
    return Order(
        number=header["number"],
        issue_date=day,
        type_code=TYPES[header["kind"]],
        notes=_notes(header["note"]),
        currency=header["currency"],
        buyer=party_of(said["buyer"]),
        seller=party_of(said["supplier"]),
        delivery=_place(place, said["buyer"]["country"]),
        incoterm=header["incoterm"],
        payment_terms=header["payment_terms"],
        tax=_number(sums["tax"]),
        taxes=tuple(_tax(row) for row in sums["breakdown"]),
        lines_net=_number(sums["lines"]),
        net=_number(sums["net"]),
        gross=_number(sums["gross"]),
        due=_number(sums["gross"]),
        lines=tuple(_line(line, header["currency"], said["buyer"]["country"]) for line in said["lines"]),
    )


def cancellation_of(said: Said, issued: date | None, day: date, reason: str) -> OrderCancellation:
    """That an order is cancelled, and why; `issued` is the day of its last revision."""
    number = said["order"]["number"]
    return OrderCancellation(
        number=f"{number}-cancellation",
        issue_date=day,
        reasons=_notes(reason or number),
        order=number,
        issued=issued,
        buyer=party_of(said["buyer"]),
        seller=party_of(said["supplier"]),
    )


def _line(line: Said, currency: str, country: str) -> OrderLine:
    name, _break, more = line["description"].strip().partition("\n")
    factor, base = _number(line.get("price_factor") or "1"), _number(line["base_quantity"])
    unit = line["price_unit"] or line["unit"]
    based = base != ONE or unit != line["unit"]
    return OrderLine(
        id=str(line["line"]),
        notes=tuple(Note(text=text) for text in _more(line)),
        quantity=_number(line["quantity"]),
        unit=line["unit"],
        net=_number(line["net"]),
        deliveries=tuple(_deliveries(line, country)),
        adjustments=tuple(_discount(line, currency)),
        price=Price(
            amount=_number(line["unit_price"]),
            base_quantity=base if based else None,
            base_unit=unit if based else "",
            factor=None if factor == ONE else factor,
        ),
        item=Item(
            name=name.strip(),
            description=more.strip(),
            buyer_item=line["item_number"],
            category=line["tax_category"],
            rate=None if line["tax_category"] == OUT_OF_SCOPE else _number(line["tax_rate"]),
        ),
    )


def _deliveries(line: Said, country: str) -> Iterator[Delivery]:
    """One for each part of a line that comes in several; else one, which says where and when."""
    place = address_of(line["ship_to"], country) if line["ship_to"] else None
    name = (line["ship_to"] or {}).get("name") or ""
    wanted = _days(line["performed_from"] or line["requested_date"], line["performed_until"] or line["requested_date"])
    parts = line.get("deliveries") or [{"quantity": None, "promised_date": line["promised_date"]}]
    for part in parts:
        amount = None if part["quantity"] is None else _number(part["quantity"])
        promised = _days(part["promised_date"], part["promised_date"])
        told = {"quantity": amount, "unit": line["unit"] if amount is not None else "", "promised": promised}
        if place or wanted or promised:
            yield Delivery(address=place, name=name, wanted=wanted, **told)


def _discount(line: Said, currency: str) -> Iterator[Adjustment]:
    """What the line costs less than its price says, with the percentage that was agreed."""
    if percent := _number(line["discount"]):
        factor = _number(line.get("price_factor") or "1")
        full = product(_number(line["unit_price"]), _number(line["quantity"]), factor)
        base = round_amount(quotient(full, _number(line["base_quantity"])), currency)
        code, reason = DISCOUNT
        amount = difference(base, _number(line["net"]))
        yield Adjustment(reason=reason, reason_code=code, percent=percent, base=base, amount=amount)


def _more(line: Said) -> Iterator[str]:
    if line["contact"]:
        yield line["contact"]
    if line["substitute_item"]:
        yield line["substitute_item"]
    if line["free_of_charge"]:
        yield "Free of charge"


def _tax(row: Said) -> Tax:
    rate = None if row["category"] == OUT_OF_SCOPE else _number(row["rate"])
    return Tax(category=row["category"], rate=rate, base=_number(row["base"]), tax=_number(row["tax"]))


def _place(said: Said, country: str) -> Delivery | None:
    return Delivery(address=address_of(said, country), name=said.get("name") or "") if said else None


def _days(since: Any, until: Any) -> Days | None:
    first, last = _day(since), _day(until)
    return Days(since=first, until=last) if first or last else None


def _day(said: Any) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else said


def _notes(text: str) -> tuple[Note, ...]:
    return (Note(text=text),) if text else ()


def _number(said: Any) -> Decimal:
    return Decimal(plain(Decimal(said)))
