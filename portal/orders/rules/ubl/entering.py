"""From a buyer's UBL Order to the form that an order is entered with; and what of it a draft would not say.

The draft is written again as a document and held against the one that came: whatever that states and this does not is
named, so nothing is dropped and no sum is another. The number that the sender gives it is kept in the internal note.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import msgspec

from portal.orders.rules.sums import net_of, totals_of
from portal.orders.rules.ubl.order import Delivery, Order, OrderLine
from portal.orders.rules.ubl.ordering import TYPES, order_of
from portal.platform.decimals import ONE, ZERO, plain
from portal.platform.einvoice.model import Address
from portal.platform.einvoice.ordering import Note
from portal.platform.i18n import Message, _
from portal.platform.money import AmountTooLarge
from portal.platform.problems import FieldError
from portal.platform.units import Incompatible, convert

FREE: Final = "Free of charge"
# What is the message's own, and the parties, who are held against those that are known.
UNTOLD: Final = frozenset({"specification", "process", "number", "issue_date", "buyer", "seller", "accounting"})
_PLACE: Final = ("street", "city", "postal_code", "region", "country")


def settled(said: Order) -> Order:
    """The same order with its notes as one text, and the day that is wanted of all of it on each line."""
    whole, wanted = said.delivery, said.delivery.wanted if said.delivery else None
    if whole is not None and wanted is not None:
        rest = msgspec.structs.replace(whole, wanted=None)
        lines = [_wanted(line, wanted) for line in said.lines]
        said = msgspec.structs.replace(said, delivery=None if rest == Delivery() else rest, lines=tuple(lines))
    lines = tuple(_plain(line) for line in said.lines)
    return msgspec.structs.replace(said, notes=_notes("\n".join(note.text for note in said.notes)), lines=lines)


def _plain(line: OrderLine) -> OrderLine:
    """Without a base quantity or a factor of one, which say nothing."""
    price = line.price
    if price is None:
        return line
    base = None if price.base_quantity == ONE and price.base_unit in ("", line.unit) else price.base_quantity
    told = {"base_quantity": base, "base_unit": price.base_unit if base is not None else ""}
    told["factor"] = None if price.factor == ONE else price.factor
    return msgspec.structs.replace(line, price=msgspec.structs.replace(price, **told))


def _wanted(line: OrderLine, days: Any) -> OrderLine:
    first, *others = line.deliveries or (Delivery(),)
    if first.wanted is not None:
        return line
    return msgspec.structs.replace(line, deliveries=(msgspec.structs.replace(first, wanted=days), *others))


def order_in(said: Order, supplier_id: Any, items: Mapping[str, Any]) -> dict[str, Any]:
    """The settled order as it would be typed; `items` are the buyer's by their numbers."""
    kinds = {code: kind for kind, code in TYPES.items()}
    raw = {
        "supplier_id": str(supplier_id),
        "currency": said.currency,
        "kind": kinds.get(said.type_code, "standard"),
        "note": "\n".join(note.text for note in said.notes),
        "internal_note": said.number,
        "cost_centre": said.accounting,
        "ship_to": _place(said.delivery),
        "incoterm": said.incoterm,
        "payment_terms": said.payment_terms,
        "lines": [_line(line, items) for line in said.lines],
    }
    return _given(raw)


def _line(line: OrderLine, items: Mapping[str, Any]) -> dict[str, Any]:
    delivery = line.deliveries[0] if line.deliveries else Delivery()
    days, price, notes = delivery.wanted, line.price, [note.text for note in line.notes]
    first, last = (days.since or days.until, days.until or days.since) if days else (None, None)
    performed = first is not None and first != last
    discount = line.adjustments[0].percent if line.adjustments else None
    raw = {
        "kind": "service" if performed else "goods",
        "item_id": str(items[line.item.buyer_item]) if line.item.buyer_item in items else None,
        "description": line.item.name,
        "quantity": _number(line.quantity),
        "unit": line.unit,
        "unit_price": _number(price.amount) if price else None,
        "base_quantity": _number(price.base_quantity) if price else None,
        "price_unit": price.base_unit if price else None,
        "discount": _number(discount),
        "tax_category": line.item.category,
        "tax_rate": plain(line.item.rate or ZERO),
        "requested_date": last.isoformat() if last else None,
        "performed_from": first.isoformat() if performed and first else None,
        "performed_until": last.isoformat() if performed and last else None,
        "contact": next((text for text in notes if text != FREE), None) if performed else None,
        "free_of_charge": True if FREE in notes else None,
        "ship_to": _place(delivery),
    }
    return _given(raw)


def _place(delivery: Delivery | None) -> dict[str, str] | None:
    if delivery is None or (delivery.address is None and not delivery.name):
        return None
    address = delivery.address or Address()
    return _given({"name": delivery.name} | {name: getattr(address, name) for name in _PLACE})


def lost(said: Order, form: Any, items: Mapping[Any, str], country: str) -> Iterator[FieldError]:
    """What the settled order states and a draft of the form would not; `country` is the buyer's."""
    unpriced = [place for place, line in enumerate(form.lines) if line.unit_price is None]
    if unpriced:
        yield from (FieldError(f"lines.{place}.unit_price", _("This field is required.")) for place in unpriced)
        return
    try:
        here = order_of(sketch(form, items, country), None)
    except (Incompatible, AmountTooLarge):
        return  # the draft itself is refused for that, at its field
    for path, one, other in _walk(_sorted(said), _sorted(here)):
        message = _("The file says {said}; the order would say {here}.", said=one, here=other)
        yield FieldError(path, message if other else _nowhere(one))


def _sorted(order: Order) -> Order:
    """Taxes have no order."""
    taxes = tuple(sorted(order.taxes, key=lambda row: (row.category, row.rate or ZERO)))
    return msgspec.structs.replace(order, taxes=taxes)


def _nowhere(text: str) -> Message:
    return _("An order has no place for “{said}” here. Leave it out, or say it in the note.", said=text)


def _walk(said: Any, here: Any, above: str = "") -> Iterator[tuple[str, str, str]]:
    for name in said.__struct_fields__:
        value, own = getattr(said, name), getattr(here, name)
        if (not above and name in UNTOLD) or value in (None, "", ()) or value == own:
            continue
        yield from _differs(f"{above}{name}", value, own)


def _differs(path: str, value: Any, own: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _differs(f"{path}.{place}", each, own[place] if own and place < len(own) else None)
    elif isinstance(value, msgspec.Struct):
        yield from _walk(value, own if own is not None else type(value)(), f"{path}.")
    elif value != own:
        yield path, _text(value), _text(own)


def sketch(form: Any, items: Mapping[Any, str], country: str) -> dict[str, Any]:
    """The snapshot that an order of the form would have."""
    lines = [_sketched(number, line, items, form.currency) for number, line in enumerate(form.lines, start=1)]
    sums = msgspec.to_builtins(totals_of([SimpleNamespace(**line) for line in lines], form.currency))
    names = ("kind", "note", "currency", "incoterm", "payment_terms")
    header = {name: getattr(form, name) or "" for name in names} | {"number": "", "ship_to": _built(form.ship_to)}
    nobody = {"name": "", "country": country}
    return {"order": header, "lines": lines, "totals": sums, "buyer": nobody, "supplier": nobody}


def _sketched(number: int, line: Any, items: Mapping[Any, str], currency: str) -> dict[str, Any]:
    unit = line.price_unit or line.unit
    told = {
        **{name: getattr(line, name) for name in ("description", "quantity", "unit", "tax_category", "tax_rate")},
        **{name: getattr(line, name) for name in ("requested_date", "performed_from", "performed_until")},
        "line": number,
        "item_number": items.get(line.item_id, ""),
        "unit_price": line.unit_price,
        "base_quantity": line.base_quantity or ONE,
        "price_unit": unit,
        "price_factor": convert(ONE, line.unit, unit),
        "discount": line.discount or ZERO,
        "ship_to": _built(line.ship_to),
        "contact": line.contact or "",
        "free_of_charge": line.free_of_charge,
        "substitute_item": "",
        "promised_date": None,
    }
    return told | {"net": net_of(SimpleNamespace(**told), currency)}


def _built(place: Any) -> dict[str, Any]:
    return _given(msgspec.to_builtins(place)) if place is not None else {}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _text(value: Any) -> str:
    return "" if value is None else (plain(value) if isinstance(value, Decimal) else str(value))[:200]


def _notes(text: str) -> tuple[Note, ...]:
    return (Note(text=text),) if text else ()


def _given(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if value not in (None, "", {})}


def numbers_of(lines: Sequence[OrderLine]) -> list[str]:
    """The buyer's own numbers of what is ordered."""
    return list(dict.fromkeys(line.item.buyer_item for line in lines if line.item.buyer_item))
