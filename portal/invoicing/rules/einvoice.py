"""What an invoice or credit note says in the terms of EN 16931, from its frozen snapshot: nothing is reckoned anew.

A line that is priced in another unit than it was ordered in is billed in the unit of its price (the standard has one
unit for both). The account to pay to is never named: buyers pay to the account that they have approved.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from portal.invoicing.rules.national import keeps_peppol
from portal.platform.decimals import ONE, plain, product, quotient, share, trimmed
from portal.platform.einvoice import cii, codes, ubl
from portal.platform.einvoice.model import (
    Address,
    Adjustment,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    Preceding,
    Tax,
)
from portal.platform.einvoice.syntax import write
from portal.platform.money import round_amount
from portal.platform.totals import due_of

Said = Mapping[str, Any]
OUT_OF_SCOPE: Final = "O"
DISCOUNT: Final = "Discount"  # UNTDID 5189, 95
ROUNDED: Final = "Rounding"  # of a line in a currency of few decimals
SLACK: Final = Decimal("0.02")  # that Peppol's reckoning allows (PEPPOL-EN16931-R040, -R120)
PARTS: Final = {False: "Allowance", True: "Charge"}
SYNTAXES: Final = ("ubl", "cii")
SPECIFICATIONS: Final = {"ubl": codes.PEPPOL, "xrechnung": codes.XRECHNUNG}


def invoice_of(snapshot: Said) -> Invoice:
    """The document in the terms of the standard; `specification` is that of what its buyer asked for, else Peppol's
    where its rules are kept."""
    said = msgspec.to_builtins(snapshot)
    header = said.get("invoice") or said["credit_note"]
    wish = said.get("e_invoice") or {}
    orders = [order["number"] for order in said.get("orders", ())]
    currency, taxed_in = header["currency"], header.get("tax_currency") or ""
    abroad = taxed_in not in ("", currency) and header.get("tax_accounting") is not None
    german = is_german(said)
    document = Invoice(
        number=header["number"],
        issue_date=_day(header["issue_date"]),
        type_code=codes.INVOICE if "invoice" in said else codes.CREDIT_NOTE,
        currency=currency,
        tax_currency=taxed_in if abroad else "",
        due_date=_day(header.get("due_date")),
        buyer_reference=wish.get("buyer_reference") or "",
        order=orders[0] if orders else "",
        despatch_advice=header.get("despatch_advice_number") or "",
        payment_terms=header.get("payment_terms") or "",
        notes=_note(header, orders),
        process=codes.BILLING,
        specification=SPECIFICATIONS.get(wish.get("format", ""), codes.EN16931),
        preceding=_preceding(header),
        seller=_seller(said["supplier"], said["totals"]),
        buyer=_party(said["buyer"], said["totals"]),
        delivery=_delivery(said, german),
        period=_period(said.get("delivered")),
        payment=(PaymentMeans(code=codes.MEANS_UNDEFINED.get(said["supplier"].get("country"), codes.MEANS_AGREED)),),
        adjustments=tuple(_on_whole(said)),
        **_sums(said),
        tax_accounting=_number(header["tax_accounting"]) if abroad else None,
        taxes=tuple(_tax(row, header.get("exemption_reason") or "", german) for row in said["totals"]["breakdown"]),
        lines=tuple(_line(line, currency, orders[:1]) for line in said["lines"]),
    )
    if document.specification == codes.EN16931 and keeps_peppol(document):
        return msgspec.structs.replace(document, specification=codes.PEPPOL)
    return document


def is_german(said: Said) -> bool:
    """Whether German rules hold: an authority's (XRechnung, BR-DE-…), or Peppol's between Germans (DE-R-…)."""
    asked = (said.get("e_invoice") or {}).get("format") == "xrechnung"
    return asked or all(said[side].get("country") == "DE" for side in ("supplier", "buyer"))


def written(document: Invoice, syntax: str) -> bytes:
    """As UBL in what the buyer asked for, or as CII in the EN 16931 profile of Factur-X, whose only process it is."""
    if syntax == "cii":
        return write(cii.INVOICE, msgspec.structs.replace(document, specification=codes.EN16931))
    return write(ubl.syntax_of(document), document)


def _sums(said: Said) -> dict[str, Any]:
    """A sum of allowances or charges stands where there is one of them, were it of nothing (BR-CO-11, BR-CO-12)."""
    totals = said["totals"]
    lines, net, tax, gross = (_number(totals[name]) for name in ("lines", "net", "tax", "gross"))
    parts = {name: _number(totals[name]) if said.get(name) else None for name in ("allowances", "charges")}
    prepaid, rounding = (_number(totals.get(name) or "0") for name in ("prepaid", "rounding"))
    due = due_of(gross, prepaid, rounding)
    sums = {"lines_net": lines, "net": net, "tax": tax, "gross": gross, "due": due}
    return {**sums, **parts, "prepaid": prepaid or None, "rounding": rounding or None}


def _tax(row: Said, reason: str, german: bool) -> Tax:
    """What is out of scope has no rate; Germany wants nothing said as 0 (BR-DE-14)."""
    category = row["category"]
    why = codes.EXEMPTIONS.get(category, codes.Exemption(reason if category == "E" else "", ""))
    rate = None if category == OUT_OF_SCOPE and not german else _number(row["rate"])
    base, tax = _number(row["base"]), _number(row["tax"])
    return Tax(category=category, rate=rate, base=base, tax=tax, reason=why.reason, reason_code=why.code)


def _on_whole(said: Said) -> Iterable[Adjustment]:
    for name, charge in (("allowances", False), ("charges", True)):
        for part in said.get(name) or ():
            category = part["tax_category"]
            rate = None if category == OUT_OF_SCOPE else _number(part["tax_rate"])
            told = {"reason": part["description"] or PARTS[charge], "category": category, "rate": rate}
            yield _reckoned(Adjustment(charge=charge, **told, **_figures(part)))


def _line(line: Said, currency: str, main_order: Sequence[str]) -> Line:
    quantity, factor = _number(line["quantity"]), _number(line.get("price_factor") or "1")
    base, unit = _number(line.get("base_quantity") or "1"), line.get("price_unit") or line["unit"]
    name, _break, more = line["description"].strip().partition("\n")
    category, ordered_in = line["tax_category"], line.get("order_number") or ""
    elsewhere = bool(ordered_in) and ordered_in not in main_order
    return Line(
        id=str(line["line"]),
        note="; ".join(_line_notes(line, factor, elsewhere)),
        quantity=product(quantity, factor),
        unit=unit,
        net=_number(line["net"]),
        order_line="" if elsewhere else str(line.get("order_line") or ""),
        adjustments=tuple(_with_rounding(line, [*map(_reckoned, _on_line(line, currency))])),
        price=_number(line["unit_price"]),
        base_quantity=None if base == ONE else base,
        base_unit="" if base == ONE else unit,
        category=category,
        rate=None if category == OUT_OF_SCOPE else _number(line["tax_rate"]),
        name=name.strip(),
        description=more.strip(),
        buyer_item=line.get("item_number") or "",
    )


def _line_notes(line: Said, factor: Decimal, elsewhere: bool) -> Iterable[str]:
    if factor != ONE:
        yield f"{plain(trimmed(_number(line['quantity'])))} {line['unit']}"
    if elsewhere:
        yield f"{line['order_number']} / {line['order_line']}"


def _reckoned(part: Adjustment) -> Adjustment:
    """Its percentage only where that comes to the amount, which it does not in a currency without decimals."""
    if part.percent is None or part.base is None or abs(share(part.percent, part.base) - part.amount) <= SLACK:
        return part
    return msgspec.structs.replace(part, percent=None, base=None)


def _with_rounding(line: Said, parts: Sequence[Adjustment]) -> Iterable[Adjustment]:
    """What a currency without decimals leaves between quantity × price and the line's amount is a part of its own."""
    yield from parts
    billed = product(*(_number(line.get(name) or "1") for name in ("quantity", "unit_price", "price_factor")))
    reckoned = quotient(billed, _number(line.get("base_quantity") or "1"))
    for part in parts:
        reckoned += part.amount if part.charge else -part.amount
    left = _number(line["net"]) - reckoned
    if abs(left) > SLACK:
        yield Adjustment(charge=left > 0, reason=ROUNDED, amount=abs(left).quantize(Decimal("0.01")))


def _on_line(line: Said, currency: str) -> Iterable[Adjustment]:
    """The order's discount as an allowance of its own, then what the line names."""
    percent = _number(line.get("discount") or "0")
    if percent:
        billed = product(
            _number(line["unit_price"]), _number(line["quantity"]), _number(line.get("price_factor") or "1")
        )
        base = round_amount(quotient(billed, _number(line.get("base_quantity") or "1")), currency)
        amount = round_amount(share(percent, base), currency)
        yield Adjustment(reason=DISCOUNT, reason_code="95", percent=percent, base=base, amount=amount)
    for name, charge in (("allowance", False), ("charge", True)):
        parts = line.get(f"{name}s") or ()
        for part in parts:
            yield Adjustment(charge=charge, reason=part["reason"] or PARTS[charge], **_figures(part))
        if not parts and (amount := _number(line.get(name) or "0")):
            yield Adjustment(charge=charge, reason=PARTS[charge], amount=amount)


def _figures(part: Said) -> dict[str, Any]:
    return {name: _number(part[name]) for name in ("amount", "percent", "base") if part.get(name)}


def _seller(party: Said, totals: Said) -> Party:
    """A seller without a VAT number has another tax number (BT-32), if it has one."""
    told = _party(party, totals)
    register = party.get("registration_number") if party.get("country") in codes.TAXED_BY_REGISTER else ""
    own = "" if codes.vat_number(party.get("vat_number") or "") else party.get("vat_number") or register or ""
    contact = Contact(name=party["name"], phone=party.get("phone") or "", email=party.get("email") or "")
    return msgspec.structs.replace(told, tax_number="" if _untaxed(totals) else own, contact=contact)


def _party(party: Said, totals: Said) -> Party:
    address, scheme = codes.endpoint(party)
    number, register = codes.registration(party.get("registration_number") or "", party.get("country") or "")
    gln = party.get("gln") or ""
    return Party(
        name=party["name"],
        identifiers=(Identifier(value=gln, scheme=codes.GLN),) if gln else (),
        endpoint=address,
        endpoint_scheme=scheme,
        registration=number,
        registration_scheme=register,
        vat_number="" if _untaxed(totals) else codes.vat_number(party.get("vat_number") or ""),
        address=_address(party.get("address") or {}, party.get("country") or ""),
    )


def _untaxed(totals: Said) -> bool:
    """What is out of the scope of VAT names nobody's VAT number (BR-O-2)."""
    return any(row["category"] == OUT_OF_SCOPE for row in totals["breakdown"])


def _address(said: Said, country: str) -> Address:
    names = ("street", "city", "postal_code", "region")
    return Address(**{name: said.get(name) or "" for name in names}, country=said.get("country") or country)


def _delivery(said: Said, german: bool) -> Delivery | None:
    """A place without city and postal code is none in Germany (BR-DE-10, BR-DE-11), but for its country where that is
    why there is no tax."""
    place, days = said.get("deliver_to") or {}, said.get("delivered") or {}
    if not place and not days:
        return None
    country = said["buyer"].get("country") or ""
    address = _address(place, country) if place or country else None
    abroad = any(row["category"] == "K" for row in said["totals"]["breakdown"])
    if german and address is not None and not abroad and not (address.city and address.postal_code):
        address = None
    return Delivery(name=place.get("name") or "", day=_day(days.get("until")), address=address)


def _period(days: Said | None) -> Period | None:
    if not days or days["since"] == days["until"]:
        return None
    return Period(since=_day(days["since"]), until=_day(days["until"]))


def _preceding(header: Said) -> tuple[Preceding, ...]:
    if "invoice_number" not in header:
        return ()
    return (Preceding(number=header["invoice_number"], day=_day(header.get("invoice_date"))),)


def _note(header: Said, orders: Sequence[str]) -> tuple[Note, ...]:
    """Peppol knows one note (PEPPOL-EN16931-R002)."""
    texts = [header.get("note"), header.get("reason"), header.get("prepaid_reference")]
    several = ", ".join(orders) if len(orders) > 1 else ""
    text = "\n".join(filter(None, [*texts, several]))
    return (Note(text=text),) if text else ()


def _number(text: str | int) -> Decimal:
    return Decimal(plain(Decimal(text)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
