"""Matching: at submission for the first time, and again whenever goods were booked since or somebody asks."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from portal.invoicing.commands.due import keep_due
from portal.invoicing.events import InvoicedLine, InvoiceMatched, InvoiceMatchedAgain
from portal.invoicing.queries import FINDINGS, OrderHead, limits, limits_of, match_lines, orders_of
from portal.invoicing.rules import NO_FAULT, Difference, Due, differences
from portal.invoicing.states import UNDECIDED
from portal.invoicing.tables import Invoice, MatchException
from portal.organisations.queries import Terms, terms
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing
from portal.platform.work.rows import values_of


class Findings:
    """What a match found beside what was found before. Nothing is written until `write`, so that it can be accepted.

    What somebody accepted stays accepted as long as its figures are the same. What is still so keeps its record, with
    its present figures; what is not any more is cleared. `credited`: credit notes gave something of it back.
    """

    def __init__(
        self,
        change: Change,
        invoice: Invoice,
        lines: Iterable[Any],
        found: Sequence[Difference],
        before: Sequence[MatchException] = (),
    ) -> None:
        self.change, self.invoice = change, invoice
        lines = list(lines)
        self._orders = {line.line: line.order_id for line in lines}
        self.credited = any(line.credited or line.corrected for line in lines)
        accepted = {_figures(row) for row in before if row.resolution == "accepted"}
        present = {(each.kind, each.line): each for each in found if _figures(each) not in accepted}
        self.answered = len(present) < len(found)
        self.moved = False
        self.stored: list[MatchException] = []
        self.cleared: list[MatchException] = []
        for row in before:
            if row.resolution == "open":
                self._compare(row, present.pop((row.kind, row.line), None))
        self.new = [self._record(each) for each in present.values()]

    @property
    def open(self) -> list[MatchException]:
        """What nobody has accepted yet."""
        return [row for row in (*self.stored, *self.new) if row.resolution == "open"]

    def accept(self, reason: str) -> None:
        """Somebody who owns all that is open takes it, and says why."""
        for row in self.open:
            take(self.change, self.invoice, row, reason)

    def write(self) -> None:
        """Write the findings and the invoice's match state; the invoice itself is written by the caller."""
        self.change.write_all([*self.stored, *self.cleared])
        self.change.add_all(MatchException, [values_of(row) for row in self.new])
        resolved = self.answered or self.stored or self.new
        self.invoice.match_state = "exceptions" if self.open else "resolved" if resolved else "matched"

    def _compare(self, row: MatchException, each: Difference | None) -> None:
        if each is None:
            _resolve(self.change, row, "cleared")
            self.cleared.append(row)
        else:
            self.moved = self.moved or _figures(row) != _figures(each)
            row.expected, row.actual = each.expected, each.actual
            self.stored.append(row)

    def _record(self, each: Difference) -> MatchException:
        return MatchException.of(
            {
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
                "resolution": "open",
                "resolution_reason": "",
                "resolved_by": None,
                "resolved_at": None,
                "answer": "",
                "answer_reason": "",
                "answered_by": None,
                "answered_at": None,
                "created_at": self.change.now,
                "version": 1,
            }
        )


def take(change: Change, invoice: Invoice, row: MatchException, reason: str) -> None:
    """Accept one finding. An earlier due date than the terms allow is paid by from then on."""
    _resolve(change, row, "accepted", reason)
    if row.kind == "terms":
        invoice.payable_on = invoice.due_date
        keep_due(change, invoice)


def match_first(
    change: Change, invoice: Invoice, lines: Sequence[Any], agreement: Terms, orders: Sequence[OrderHead]
) -> None:
    """Match a just submitted invoice, before its own submission time is set: all that is booked came before it."""
    found = _found(invoice, lines, agreement)
    Findings(change, invoice, lines, found).write()
    faults = [each for each in found if each.kind not in NO_FAULT]
    for order in orders:
        own = [line for line in lines if line.order_id == order.id]
        numbers = {None, *(line.line for line in own)}
        billed = tuple(
            InvoicedLine(
                line.order_line_id, line.quantity, line.unit_price, line.base_quantity, line.net, _count(faults, line)
            )
            for line in own
        )
        matched = not any(each.line in numbers for each in faults)
        change.record(InvoiceMatched(invoice.id, order.id, matched, billed), invoice, root_id=order.id)


async def match_again(change: Change, invoice: Invoice) -> Findings:
    """The findings by order, ledger and tolerances as they are now; the caller writes them."""
    agreement = await terms(change, invoice.buyer_id, invoice.supplier_id)
    assert agreement is not None, "an invoice always has its trading relationship"
    lines = await match_lines(change, invoice)
    before = [each for each in await change.part(FINDINGS, invoice.id) if each.resolution in ("open", "accepted")]
    return Findings(change, invoice, lines, _found(invoice, lines, agreement), before)


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
        if actor.person_id or opened or cleared or findings.moved:
            findings.write()
            change.write(invoice)
            for order in orders:
                event = InvoiceMatchedAgain(invoice.id, order.id, not findings.open, opened, cleared)
                change.record(event, invoice, root_id=order.id)
    return invoice


def _found(invoice: Invoice, lines: Sequence[Any], agreement: Terms) -> tuple[Difference, ...]:
    due = Due(invoice.due_date, invoice.earliest_due)
    own = partial(limits_of, agreement)
    return differences(lines, invoice.charges, limits(agreement), invoice.currency, due, own, invoice.prepaid)


def _figures(each: Difference | MatchException) -> tuple[Any, ...]:
    """What somebody looked at when they accepted it."""
    return each.kind, each.line, each.expected, each.actual


def _resolve(change: Change, row: MatchException, how: str, reason: str = "") -> None:
    row.resolution, row.resolution_reason = how, reason
    row.resolved_by, row.resolved_at = change.actor.person_id, change.now


def _count(found: Iterable[Difference], line: Any) -> int:
    return sum(each.line == line.line for each in found)
