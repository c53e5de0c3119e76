"""Matching: at submission for the first time, and again whenever goods were booked since or somebody asks."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.invoicing.events import InvoicedLine, InvoiceMatched, InvoiceMatchedAgain
from portal.invoicing.queries import OrderHead, limits, match_lines, orders_of
from portal.invoicing.rules import Difference, differences
from portal.invoicing.states import UNDECIDED
from portal.invoicing.tables import Invoice, MatchException
from portal.organisations.queries import Terms, terms
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing


class Findings:
    """What a match found beside what was found before. Nothing is written until `write`, so that it can be accepted."""

    def __init__(self, change: Change, invoice: Invoice, lines: Sequence[Any], found: Sequence[Difference]) -> None:
        self.change, self.invoice = change, invoice
        self.stored: list[MatchException] = []
        self.cleared: list[MatchException] = []
        self._orders = {line.line: line.order_id for line in lines}
        self.new = [(each, self._row(each)) for each in found]

    def compare(self, stored: Sequence[MatchException]) -> None:
        """Keep what is still so, with its present figures; clear what is not any more."""
        found = {(each.kind, each.line): each for each, _row in self.new}
        for row in stored:
            each = found.get((row.kind, row.line))
            if each is None:
                row.resolution, row.resolved_by, row.resolved_at = "cleared", *self._now
                self.cleared.append(row)
            else:
                row.expected, row.actual = each.expected, each.actual
                self.stored.append(row)
        known = {(row.kind, row.line) for row in stored}
        self.new = [(each, row) for each, row in self.new if (each.kind, each.line) not in known]

    @property
    def still_open(self) -> list[MatchException]:
        return [*self.stored, *(MatchException.of(row) for _each, row in self.new)]

    def accept(self, reason: str) -> None:
        """Somebody approves in spite of all that is open, and says why."""
        by, at = self._now
        for row in self.stored:
            row.resolution, row.resolution_reason, row.resolved_by, row.resolved_at = "accepted", reason, by, at
        for _each, values in self.new:
            values |= {"resolution": "accepted", "resolution_reason": reason, "resolved_by": by, "resolved_at": at}

    def write(self) -> None:
        """Write the findings and the invoice's match state; the invoice itself is written by the caller."""
        self.change.write_all([*self.stored, *self.cleared])
        self.change.add_all(MatchException, [row for _each, row in self.new])
        self.invoice.match_state = "exceptions" if self.stored or self.new else "matched"

    @property
    def _now(self) -> tuple[UUID | None, Any]:
        return self.change.actor.person_id, self.change.now

    def _row(self, each: Difference) -> dict[str, Any]:
        return {
            "id": new_id(),
            "invoice_id": self.invoice.id,
            "buyer_id": self.invoice.buyer_id,
            "supplier_id": self.invoice.supplier_id,
            "shown_to": self.invoice.supplier_id,
            "order_id": None if each.line is None else self._orders[each.line],
            "line": each.line,
            "kind": each.kind,
            "expected": each.expected,
            "actual": each.actual,
            "tolerance": None if each.tolerance is None else msgspec.to_builtins(each.tolerance),
            "owner_role": each.owner,
            "created_at": self.change.now,
        }


def match_first(
    change: Change, invoice: Invoice, lines: Sequence[Any], agreement: Terms, orders: Sequence[OrderHead]
) -> None:
    """Match a just submitted invoice, before its own submission time is set: all that is booked came before it."""
    found = differences(lines, invoice.charges, limits(agreement), invoice.currency)
    Findings(change, invoice, lines, found).write()
    for order in orders:
        own = [line for line in lines if line.order_id == order.id]
        numbers = {None, *(line.line for line in own)}
        billed = tuple(
            InvoicedLine(line.order_line_id, line.quantity, line.unit_price, line.base_quantity, _count(found, line))
            for line in own
        )
        matched = not any(each.line in numbers for each in found)
        change.record(InvoiceMatched(invoice.id, order.id, matched, billed), invoice, root_id=order.id)


async def match_again(change: Change, invoice: Invoice) -> Findings:
    """The findings by order, ledger and tolerances as they are now; the caller writes them."""
    agreement = await terms(change, invoice.buyer_id, invoice.supplier_id)
    assert agreement is not None, "an invoice always has its trading relationship"
    lines = await match_lines(change, invoice)
    found = differences(lines, invoice.charges, limits(agreement), invoice.currency)
    findings = Findings(change, invoice, lines, found)
    findings.compare(await change.rows(MatchException, "invoice_id = $1 and resolution = 'open'", invoice.id))
    return findings


async def rematch(actor: Actor, invoice_id: UUID) -> Invoice:
    """Match an undecided invoice again, as a payable asks or because goods of its orders were booked or reversed.

    What changed nothing leaves no trace when a job asked for it.
    """
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await orders_of(change, invoice.id)
        for order in orders if actor.person_id else ():
            change.require("invoices:match", order)
        if invoice.state not in UNDECIDED:
            raise Conflict(_("Only an invoice that waits for a decision is matched again."), subject_id=invoice.id)
        findings = await match_again(change, invoice)
        opened, cleared = len(findings.new), len(findings.cleared)
        if actor.person_id or opened or cleared:
            findings.write()
            change.write(invoice)
            for order in orders:
                event = InvoiceMatchedAgain(invoice.id, order.id, not findings.still_open, opened, cleared)
                change.record(event, invoice, root_id=order.id)
    return invoice


def _count(found: Iterable[Difference], line: Any) -> int:
    return sum(each.line == line.line for each in found)
