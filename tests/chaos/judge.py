"""What must hold at the end, whatever was killed: all that was acknowledged is there, once, and nothing else.

Each question gives sentences; none is what is wanted. A cycle that nobody disturbed says what one leaves behind.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from portal.cli.figures import disagreements
from portal.messaging.rules import NOTICES
from portal.platform.postgres import APP, OWNER, Address
from tests.chaos.driver import Driver
from tests.chaos.sink import Sink
from tests.chaos.stage import Stage

CALM = 3  # cycles before the first kill, the pattern of all others
# What people did to an order and what followed from it, but for the making of documents, which may take several tries.
_ENTRIES = """
select root_id::text, event, count(*)::int from audit_entry join purchase_order o on o.id = root_id
where subject_kind not in ('document', 'mail') group by 1, 2
"""
_MAILS = """
select e.root_id::text, m.event, count(*)::int from mail_message m join audit_entry e on e.id = m.entry_id
join purchase_order o on o.id = e.root_id group by 1, 2
"""
_STATES = """
select o.id::text, o.state, o.receipt_status, o.invoice_status,
  array(select i.state from invoice i where i.order_id = o.id)
from purchase_order o
"""
_NUMBERED = ("purchase_order", "despatch_advice", "goods_receipt")
_LEFT = "select state, message ->> 'actor_name', count(*)::int from dramatiq.queue where {} group by 1, 2"
_DOCUMENTS = "select record_id::text, state, sha256 from document"


class Verdict(NamedTuple):
    """Sentences: what is missing, what is there twice, what is not as it should be."""

    lost: list[str]
    doubled: list[str]
    wrong: list[str]


class Judge:
    """Asks the database, the mail server and the portal's own commands, when everything has come to rest."""

    def __init__(self, stage: Stage, driver: Driver, sink: Sink) -> None:
        self.stage, self.driver, self.sink = stage, driver, sink
        self.found = Verdict([], [], [])
        self.orders = {line["cycle"]: line["id"] for line in driver.journal.lines if line["step"] == "create"}

    async def verdict(self) -> Verdict:
        self.found.wrong.extend(self.driver.wrong)
        with self.stage.connect() as connection:
            self._compare("log", connection.execute(_ENTRIES).fetchall())
            self._compare("mails", connection.execute(_MAILS).fetchall(), optional=_optional())
            self._states(connection.execute(_STATES).fetchall())
            self._numbers(connection)
            self._mails(connection)
            self._documents_of(await self._documents(), connection.execute(_DOCUMENTS).fetchall())
            for state, name, number in connection.execute(_LEFT.format("state = 'rejected'").encode()):
                self.found.lost.append(f"{number} jobs {name} are {state}")
        self._commands()
        return self.found

    def _compare(self, what: str, rows: list[Any], optional: frozenset[str] = frozenset()) -> None:
        """Every cycle left behind what a calm one did."""
        of_order: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for root, event, number in rows:
            of_order[root][event] += number
        usual = of_order[self.orders[1]]
        for cycle, order in sorted(self.orders.items()):
            for event in sorted(usual | of_order[order]):
                have, want = of_order[order][event], usual[event]
                if have < want and event not in optional:
                    self.found.lost.append(f"{what} of cycle {cycle}: {event} {have} times instead of {want}")
                if have > (max(want, 1) if event in optional else want):  # one person is asked for each act
                    self.found.doubled.append(f"{what} of cycle {cycle}: {event} {have} times instead of {want}")
        for stranger in of_order.keys() - set(self.orders.values()):
            self.found.doubled.append(f"{what}: {stranger} is of no cycle: {dict(of_order[stranger])}")

    def _states(self, rows: list[Any]) -> None:
        states = {row[0]: row[1:] for row in rows}
        usual = states[self.orders[1]]
        finished = {line["cycle"] for line in self.driver.journal.lines if line["step"] == "done"}
        for cycle, order in sorted(self.orders.items()):
            if order not in states:
                self.found.lost.append(f"the order of cycle {cycle} is not there")
            elif cycle in finished and states[order] != usual:
                self.found.wrong.append(f"the order of cycle {cycle} is {states[order]} instead of {usual}")
        self.found.lost.extend(f"cycle {cycle} was not finished" for cycle in sorted(self.orders.keys() - finished))

    def _numbers(self, connection: Any) -> None:
        """Numbers of each kind of document are 1 to n."""
        for table in _NUMBERED:
            numbers = [row[0] for row in connection.execute(f"select number from {table}".encode())]
            told = sorted(int(number.rpartition("-")[2]) for number in numbers)
            if told != list(range(1, len(self.orders) + 1)):
                gaps = sorted(set(range(1, max(told, default=0) + 1)) - set(told))
                self.found.wrong.append(
                    f"numbers of {table}: {len(told)} for {len(self.orders)} cycles, gaps {gaps[:9]}"
                )

    def _mails(self, connection: Any) -> None:
        rows = connection.execute("select message_id, state from mail_message").fetchall()
        for name, state in rows:
            number = self.sink.arrived[name]
            if number == 0 or state not in ("sent", "handed"):
                self.found.lost.append(f"mail {name} is {state} and arrived {number} times")
            if number > 1:
                self.found.doubled.append(f"mail {name} arrived {number} times")
        unknown = self.sink.arrived.keys() - {name for name, _state in rows}
        self.found.wrong.extend(f"mail {name} is known to nobody" for name in unknown)

    async def _documents(self) -> dict[str, bytes]:
        asked = {line["id"] for line in self.driver.journal.lines if line["step"] == "document"}
        return {order: await self.driver.document(order) for order in sorted(asked)}

    def _documents_of(self, served: dict[str, bytes], rows: list[Any]) -> None:
        for order, number in Counter(row[0] for row in rows).items():
            if number > 1:
                self.found.doubled.append(f"{number} documents of order {order}")
        kept = {row[0]: row[1:] for row in rows}
        for order, pdf in served.items():
            whole = pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
            if not whole or kept.get(order) != ("ready", hashlib.sha256(pdf).hexdigest()):
                self.found.wrong.append(f"the document of order {order} is not what was kept: {kept.get(order)}")

    def _commands(self) -> None:
        address = Address(self.stage.folder / "pg")
        for view, names in disagreements(address.url(APP), address.url(OWNER)).items():
            self.found.wrong.append(f"{view} is not empty: {names}")
        verified = self.stage.command("audit", "verify", "--json")
        if verified.returncode:
            self.found.wrong.append(f"the log does not verify: {verified.stdout[-500:]}{verified.stderr[-500:]}")


def at_rest(stage: Stage) -> Iterator[str]:
    """What still has to be done by worker, scheduler and sealer."""
    with stage.connect() as connection:
        for state, name, number in connection.execute(_LEFT.format("state in ('queued', 'consumed')").encode()):
            yield f"{number} {name} {state}"
        unsealed = (
            "select count(*) from audit_entry e where not exists (select from audit_seal s where s.entry_id = e.id)"
        )
        for (number,) in connection.execute(unsealed.encode()):
            if number:
                yield f"{number} entries of the log are not sealed"


def _optional() -> frozenset[str]:
    """Events whose mails only ask for an act, and are not sent once it was done."""
    return frozenset(code for code, notice in NOTICES.items() if any(side.waits for side in notice.sides))
