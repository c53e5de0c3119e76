"""What is open at the end of a day is what was read on that day, whatever happens afterwards and in whatever order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.analytics.queries import Asked, every_item, open_items
from portal.organisations.commands import agree_terms
from portal.organisations.forms import Agreement
from portal.platform.actor import Actor
from portal.platform.work import viewing
from tests.harness.courses import ACTS, COURSES
from tests.harness.credits import offered_terms
from tests.harness.jobs import run_jobs
from tests.harness.world import trading_pair

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIGURES = ("not_received", "not_invoiced", "not_settled", "overdue")
TURNS = [place for place, acts in enumerate(ACTS) for _act in range(acts)]


async def read(actor: Actor, day: date) -> dict[str, str]:
    async with viewing(actor) as view:
        found = await open_items(view, Asked(day))
        each = [item async for item in every_item(view, Asked(day))]
    sums = {name: str(getattr(pair, name)) for pair in found.pairs for name in FIGURES}
    for kind in FIGURES[:3]:
        of_kind = [item.amount for item in each if item.kind == kind]
        assert f"{sum(of_kind):.2f}" == sums.get(kind, "0.00"), (day, kind)
    return sums


# An order that goes on is received in full when nothing of it is not received, and only then.
TWICE_TOLD = """
select o.number, o.receipt_status from purchase_order o where o.buyer_id = %s and o.state in ('issued', 'accepted')
  and (o.receipt_status = 'complete') = (o.id = any (%s))
"""


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(turns=st.permutations(TURNS), pauses=st.lists(st.integers(0, 2), min_size=len(TURNS), max_size=len(TURNS)))
async def test_a_day_has_the_figures_that_were_read_on_it(clock, superuser, turns, pauses):
    await clock(MORNING)
    company, supplier = await trading_pair()
    term = await offered_terms(company, base="goods_receipt", days=1)
    await agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))
    now = MORNING
    courses = [course(company, supplier, lambda: now.date()) for course in COURSES]
    told: dict[date, Any] = {}

    for place, pause in zip(turns, pauses, strict=True):
        now += timedelta(days=pause, minutes=5)
        await clock(now)
        await anext(courses[place], None)
        await run_jobs("invoicing.rematch")
        told[now.date()] = await read(company.payable, now.date()), await read(supplier.billing, now.date())

    async with viewing(company.payable) as view:
        unreceived = {item.record_id async for item in every_item(view, Asked(now.date())) if item.kind == FIGURES[0]}
    assert superuser.execute(TWICE_TOLD, [company.id, list(unreceived)]).fetchall() == []
    for day, figures in told.items():
        assert (await read(company.payable, day), await read(supplier.billing, day)) == figures, day
