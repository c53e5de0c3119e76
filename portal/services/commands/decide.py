"""The buyer's answer: what is accepted counts in the order's ledger from then on, what is rejected never does."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from portal.access.duties import separate
from portal.orders.commands import Movement, book
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change, changing
from portal.services.events import PerformedLine, ServiceAccepted, ServiceRejected
from portal.services.forms import DecisionForm
from portal.services.states import ENTRY, LINE, L
from portal.services.tables import ServiceEntry, ServiceEntryLine


class Answer(NamedTuple):
    """What is said of one line: accepted, or rejected for a reason; `field` is where a form said so."""

    accepts: bool
    reason: str = ""
    field: str = ""


Answers = Mapping[UUID, Answer]


async def decide(actor: Actor, entry_id: UUID, form: DecisionForm) -> ServiceEntry:
    """Answer some lines or all of them; the others go on waiting, and so does the entry."""
    answers = {
        line.line_id: Answer(line.decision == "accept", line.reason or "", f"lines.{number}.line_id")
        for number, line in enumerate(form.lines)
    }
    async with changing(actor, ServiceEntry, entry_id) as (change, entry):
        lines = await _lines(change, entry)
        _require_known(lines, answers)
        await _answer(change, entry, lines, answers)
    return entry


async def accept(actor: Actor, entry_id: UUID) -> ServiceEntry:
    """Accept everything that still waits."""
    async with changing(actor, ServiceEntry, entry_id) as (change, entry):
        lines = await _lines(change, entry)
        await _answer(change, entry, lines, dict.fromkeys(_waiting(lines), Answer(accepts=True)))
    return entry


async def reject(actor: Actor, entry_id: UUID, reason: str = "") -> ServiceEntry:
    """Reject everything that still waits; both sides read why."""
    async with changing(actor, ServiceEntry, entry_id) as (change, entry):
        lines = await _lines(change, entry)
        await _answer(change, entry, lines, dict.fromkeys(_waiting(lines), Answer(accepts=False, reason=reason)))
    return entry


async def _lines(change: Change, entry: ServiceEntry) -> list[ServiceEntryLine]:
    return await change.rows(ServiceEntryLine, "entry_id = $1 order by position", entry.id)


def _waiting(lines: Sequence[ServiceEntryLine]) -> list[UUID]:
    return [line.id for line in lines if line.state == L.WAITING]


def _require_known(lines: Sequence[ServiceEntryLine], answers: Answers) -> None:
    known = {line.id for line in lines}
    message = _("This is not a line of the service entry.")
    errors = [FieldError(answer.field, message) for line_id, answer in answers.items() if line_id not in known]
    if errors:
        raise Invalid(errors=errors)


async def _answer(change: Change, entry: ServiceEntry, lines: Sequence[ServiceEntryLine], answers: Answers) -> None:
    """Raises `OverTolerance` naming every line that would pass its ceiling: then nothing is decided.

    Who approved the order, and who entered this, does not decide on it.
    """
    answered = [line for line in lines if line.id in answers]
    settled = all(line.id in answers or line.state != L.WAITING for line in lines)
    accepts = any(line.state == L.ACCEPTED or (line.id in answers and answers[line.id].accepts) for line in lines)
    ENTRY.take(("accept" if accepts else "reject") if settled else "decide", entry, change)
    for line in answered:
        LINE.take("accept" if answers[line.id].accepts else "reject", line, change)
        line.reason = answers[line.id].reason
        line.decided_by, line.decided_at = change.actor.person_id, change.now
    taken = [line for line in answered if line.state == L.ACCEPTED]
    movements = [Movement(line.order_line_id, accepted=line.quantity, field=answers[line.id].field) for line in taken]
    order, _all_lines = await book(change, entry.order_id, movements)
    change.require("service-entries:decide", order)
    await separate(change, "service-entries:decide", entry.order_id)
    entry.decided_by, entry.decided_at = change.actor.person_id, change.now
    change.write_all(answered)
    change.write(entry)
    _tell(change, entry, taken, [line for line in answered if line.state == L.REJECTED])


def _tell(
    change: Change, entry: ServiceEntry, taken: Sequence[ServiceEntryLine], refused: Sequence[ServiceEntryLine]
) -> None:
    if taken:
        done = told(taken)
        change.record(
            ServiceAccepted(entry.id, entry.order_id, entry.performed_until, done), entry, root_id=entry.order_id
        )
    if refused:
        why = " · ".join(dict.fromkeys(line.reason for line in refused if line.reason))
        change.record(ServiceRejected(entry.id, entry.order_id, why, told(refused)), entry, root_id=entry.order_id)


def told(lines: Sequence[ServiceEntryLine]) -> tuple[PerformedLine, ...]:
    return tuple(PerformedLine(line.order_line_id, line.kind, line.quantity) for line in lines)
