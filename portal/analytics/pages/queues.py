"""Statements that wait for somebody, for the home pages: the supplier's answer, or the buyer's to an objection."""

from collections.abc import Awaitable, Callable

from portal.access.guards import sees_a_part
from portal.analytics import queries
from portal.analytics.forms import ListedStatement
from portal.platform.i18n import Message, _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Action, Waiting

FIRST = 8


def _loads(state: str, act: Message, sells: bool) -> Callable[[View], Awaitable[tuple[int, list[Waiting]]]]:
    async def load(view: View) -> tuple[int, list[Waiting]]:
        if sees_a_part(view.actor, queries.READ):
            return 0, []
        own = view.actor.organisation_id if sells else None
        found = await queries.statements(view, supplier_id=own, state=state, limit=FIRST)
        return found.found, [_waiting(row, act, sells) for row in found.rows]

    return load


def _waiting(row: ListedStatement, act: Message, sells: bool) -> Waiting:
    return Waiting(
        title=row.number,
        href=f"/statements/{row.id}",
        party=row.buyer_name if sells else row.supplier_name,
        due=row.created_at,
        amount=row.not_settled,
        currency=row.currency,
        state=row.state,
        act=Action(act, f"/statements/{row.id}", post=False),
    )


TO_ANSWER = Queue(
    _("Statements to answer"),
    "/statements?state=sent",
    _loads("sent", _("Agree or object"), sells=True),
    "statements:answer",
    _("No customer asks you to agree to what is open."),
    "warning",
    45,
    _("Statement"),
    _("Customer"),
    _("Sent"),
)
OBJECTED = Queue(
    _("Statements objected to"),
    "/statements?state=objected",
    _loads("objected", _("Reply"), sells=False),
    "statements:send",
    _("No supplier objects to a statement."),
    "warning",
    46,
    _("Statement"),
    _("Supplier"),
    _("Sent"),
)
QUEUES = {"billing": [TO_ANSWER], "payable": [OBJECTED]}
