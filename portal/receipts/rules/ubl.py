"""UBL ReceiptAdvice as Peppol Logistics binds it (transaction T128), and what a goods receipt says in it.

It answers a despatch advice as a received shipment (type S): each line names the line of the advice. What is rejected
has a reason in words and the code for any other; what is short or rejected says whether it is to come again.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from portal.platform.decimals import ZERO, plain, total, trimmed
from portal.platform.einvoice.model import Party
from portal.platform.einvoice.ordering import BEGINNING, NOTES, Note, quantity, syntax_of
from portal.platform.einvoice.parties import party_of
from portal.platform.einvoice.syntax import DAY, Leaf, Many, One, Part
from portal.platform.einvoice.ubl import PARTY

SPECIFICATION: Final = "urn:fdc:peppol.eu:logistics:trns:receipt_advice:1"
PROCESS: Final = "urn:fdc:peppol.eu:logistics:bis:despatch_advice_w_receipt_advice:1"
SHIPMENT: Final = "S"  # code list Receipt Advice Type: answers what was received
REPLACE, CREDIT = "1", "2"  # code list Receipt Advice Action
OTHER: Final = "99"  # code list Reject Reason
NOT_KNOWN: Final = "NA"
Said = Mapping[str, Any]


class ReceivedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one line of the despatch advice; `quantity` is all of it, with what was rejected."""

    id: str = ""
    notes: tuple[Note, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    short: Decimal | None = None
    short_unit: str = ""
    short_action: str = ""
    rejected: Decimal | None = None
    rejected_unit: str = ""
    reason_code: str = ""
    reason: str = ""
    action: str = ""
    order_line: str = ""
    order: str = ""
    despatch_line: str = ""


class ReceiptAdvice(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer tells the supplier what came of its despatch advice. Times are those of where they were noted."""

    specification: str = SPECIFICATION
    process: str = PROCESS
    number: str = ""
    issue_date: date | None = None
    issue_time: str = ""
    type_code: str = SHIPMENT
    notes: tuple[Note, ...] = ()
    order: str = ""
    advice: str = ""
    advised_date: date | None = None
    advised_time: str = ""
    buyer: Party = Party()
    supplier: Party = Party()
    shipment: str = ""
    delivered: date | None = None
    lines: tuple[ReceivedLine, ...] = ()


_LINE: Final[list[Part]] = [
    Leaf("cbc:ID", "id"),
    *NOTES,
    quantity("cbc:ReceivedQuantity"),
    quantity("cbc:ShortQuantity", "short", "short_unit"),
    Leaf("cbc:ShortageActionCode", "short_action"),
    quantity("cbc:RejectedQuantity", "rejected", "rejected_unit"),
    Leaf("cbc:RejectReasonCode", "reason_code"),
    Leaf("cbc:RejectReason", "reason"),
    Leaf("cbc:RejectActionCode", "action"),
    Leaf("cac:OrderLineReference/cbc:LineID", "order_line"),
    Leaf("cac:OrderLineReference/cac:OrderReference/cbc:ID", "order"),
    Leaf("cac:DespatchLineReference/cbc:LineID", "despatch_line"),
]
RECEIPT_ADVICE: Final = syntax_of(
    "ReceiptAdvice",
    [
        *BEGINNING,
        Leaf("cbc:IssueDate", "issue_date", DAY),
        Leaf("cbc:IssueTime", "issue_time"),
        Leaf("cbc:ReceiptAdviceTypeCode", "type_code"),
        *NOTES,
        Leaf("cac:OrderReference/cbc:ID", "order"),
        Leaf("cac:DespatchDocumentReference/cbc:ID", "advice"),
        Leaf("cac:DespatchDocumentReference/cbc:IssueDate", "advised_date", DAY),
        Leaf("cac:DespatchDocumentReference/cbc:IssueTime", "advised_time"),
        One("cac:DeliveryCustomerParty/cac:Party", "buyer", Party, PARTY),
        One("cac:DespatchSupplierParty/cac:Party", "supplier", Party, PARTY),
        Leaf("cac:Shipment/cbc:ID", "shipment"),
        Leaf("cac:Shipment/cac:Delivery/cbc:ActualDeliveryDate", "delivered", DAY),
        Many("cac:ReceiptLine", "lines", ReceivedLine, _LINE),
    ],
)


def receipt_advice_of(said: Said) -> ReceiptAdvice:
    """A booked receipt of a despatch advice, with what inspections found of it so far."""
    receipt, advice = said["receipt"], said["advice"]
    booked = _local(receipt["booked_at"], advice["buyer"])
    advised = _local(advice["despatched_at"], advice["supplier"])
    numbers = list(dict.fromkeys(line["order_number"] for line in said["lines"]))
    return ReceiptAdvice(
        number=receipt["number"],
        issue_date=booked.date(),
        issue_time=_time(booked),
        notes=_notes(receipt["delivery_note"]),
        order=numbers[0] if len(numbers) == 1 else "",
        advice=advice["number"],
        advised_date=advised.date(),
        advised_time=_time(advised),
        buyer=party_of(advice["buyer"]),
        supplier=party_of(advice["supplier"]),
        shipment=advice["number"],
        delivered=_local(receipt["delivered_at"], advice["buyer"]).date(),
        lines=tuple(each for line in said["lines"] for each in _lines(line, said["inspections"])),
    )


def _lines(line: Said, inspections: Sequence[Said]) -> Iterator[ReceivedLine]:
    """The line itself, then one for each inspection that rejected something of it: a line has one reason."""
    number = str(line["position"])
    came = total((line["accepted"], line["rejected"], line["to_inspect"]))
    waits = line["in_inspection"]
    yield _of(line, number, line, quantity=trimmed(came), unit=line["unit"], waits=waits, short=line["short"])
    found = [each for each in inspections if each["receipt_line_id"] == line["id"] and each["rejected"] > ZERO]
    for place, each in enumerate(found, start=1):
        yield _of(line, f"{number}.{place}", each)


def _of(
    line: Said, number: str, judged: Said, *, waits: Decimal = ZERO, short: Decimal = ZERO, **came: Any
) -> ReceivedLine:
    unit, told = line["unit"], dict(came)
    if short > ZERO:
        told |= {"short": trimmed(short), "short_unit": unit, "short_action": REPLACE}
    if judged["rejected"] > ZERO:
        told |= {"rejected": trimmed(judged["rejected"]), "rejected_unit": unit, "reason_code": OTHER}
        told |= {"reason": judged["reason"] or "Rejected", "action": REPLACE if judged["replacement"] else CREDIT}
    return ReceivedLine(
        id=number,
        notes=_notes(f"{plain(trimmed(waits))} {unit} in inspection" if waits > ZERO else ""),
        order_line=str(line["line"]),
        order=line["order_number"],
        despatch_line=str(line["despatch_line"] or NOT_KNOWN),
        **told,
    )


def _local(at: datetime, party: Said) -> datetime:
    return at.astimezone(ZoneInfo(party.get("time_zone") or "UTC"))


def _time(at: datetime) -> str:
    return at.timetz().isoformat("seconds")


def _notes(text: str) -> tuple[Note, ...]:
    return (Note(text=text),) if text else ()
