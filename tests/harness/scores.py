"""Situations of kept scores: a supplier that is scored, months that are frozen, lines to excuse, exceptions."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.organisations import commands as organisations
from portal.organisations.forms import OverrideForm
from portal.organisations.tables import StandingOverride
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import ExcuseForm, FactOut
from portal.scorecards.rules import WEIGHTS
from portal.scorecards.tables import Excuse
from tests.harness.deliveries_facts import noon, on, promised_order, received
from tests.harness.settings import scored_by
from tests.harness.world import Organised

OCTOBER = Month(2026, 10)
WANTED = date(2026, 10, 15)
AFTER = noon(date(2026, 11, 3))
LONG_AFTER = noon(date(2026, 11, 15))
USUAL = {name: str(weight) for name, weight in WEIGHTS.items() if name != "on_time_last_confirmed"}


async def scored(company: Organised, supplier: Organised, *, late: int = 0, punctual: int = 5) -> list[UUID]:
    """Orders of October, the late ones first: each came in full, late or on its day."""
    orders = []
    for number in range(late + punctual):
        with on(noon(WANTED - timedelta(days=30))):
            order = await promised_order(company, supplier, WANTED)
        await received(company, order.id, 10, at=noon(WANTED + timedelta(days=3 * (number < late))))
        orders.append(order.id)
    return orders


async def kept(company: Organised, *, at: datetime = AFTER) -> int:
    with on(at):
        return await commands.recompute_standings(Actor.system(company.id))


async def frozen(company: Organised, *, at: datetime = LONG_AFTER) -> Month | None:
    with on(at):
        return await commands.freeze_due(Actor.system(company.id))


async def month_row(actor: Actor, supplier: Organised, period: str = str(OCTOBER)) -> Any:
    async with viewing(actor) as view:
        return await view.one(
            "select * from supplier_score where supplier_id = $1 and period = $2", supplier.id, period
        )


async def facts_behind(
    company: Organised, supplier: Organised, criterion: str, *, at: datetime = AFTER, **asked: Any
) -> list[FactOut]:
    with on(at):
        async with viewing(company.supplier_manager) as view:
            pair = await queries.pair_of(view, supplier.id)
            return (
                await queries.facts(view, pair, pair.period(str(OCTOBER)), queries.AskedFacts(criterion, **asked))
            ).items


async def late_line(company: Organised, supplier: Organised) -> UUID:
    """The first of October's lines that was late."""
    facts = await facts_behind(company, supplier, "on_time_requested")
    return next(fact.id for fact in facts if fact.achieved < fact.base)


async def excused(actor: Actor, fact_id: UUID, criterion: str = "on_time_requested", **more: Any) -> Excuse:
    told = {"criterion": criterion, "fact_id": str(fact_id), "code": "buyer_change", "reason": "We moved the day."}
    with on(AFTER):
        return await commands.excuse(actor, convert(ExcuseForm, told | more))


async def excepted(company: Organised, supplier: Organised, until: date) -> StandingOverride:
    form = convert(OverrideForm, {"until": until.isoformat(), "reason": "The only source."})
    return await organisations.override_standing(company.supplier_manager, supplier.id, form)


async def bringing(company: Organised, **consequences: str) -> None:
    """What standings bring from now on."""
    told = {"early_days": None, "in_full_tolerance": "0", "weights": USUAL, "consequences": consequences}
    await scored_by(company, told)


async def scored_lately(company: Organised, supplier: Organised, reason: str = "The only source.") -> dict[str, UUID]:
    """Last month is frozen, a receipt of it was booked later, an excuse is asked for and an exception made."""
    last = Month.of(datetime.now(UTC).date()).plus(-1)
    orders = []
    for _number in range(2):
        with on(noon(last.first)):
            orders.append(await promised_order(company, supplier, last.first + timedelta(days=9)))
    await received(company, orders[0].id, 10, at=noon(last.first + timedelta(days=9)))
    with on(noon(datetime.now(UTC).date())):
        await commands.freeze(company.supplier_manager, last)
        await received(company, orders[1].id, 9, 1, at=noon(last.first + timedelta(days=20)))
        override = await organisations.override_standing(
            company.supplier_manager,
            supplier.id,
            convert(OverrideForm, {"until": str(last.plus(3).first), "reason": reason}),
        )
        async with viewing(company.supplier_manager) as view:
            facts = await view.fetch("select id from delivery_fact where order_id = any($1)", [o.id for o in orders])
            card = await view.value("select id from scorecard where supplier_id = $1 order by month desc", supplier.id)
        told = {"criterion": "quality", "fact_id": str(facts[0]["id"]), "code": "carrier", "reason": reason}
        excuse = await commands.excuse(supplier.order_desk, convert(ExcuseForm, told))
    return {
        "scorecard_id": card,
        "override_id": override.id,
        "excuse_id": excuse.id,
        "fact_id": facts[1]["id"],
        "supplier_id": supplier.id,
    }


async def scores_of(company: Organised, supplier: Organised, second: Organised) -> dict[str, Any]:
    """Three months of two suppliers, one of which gets worse; the last of them frozen, with all that follows it."""
    last = Month.of(datetime.now(UTC).date()).plus(-1)
    for back in (3, 2, 1):
        day = last.plus(1 - back).first + timedelta(days=11)
        for number in range(3):
            for each, late in ((supplier, 0), (second, 3 * (number < 4 - back))):
                with on(noon(day - timedelta(days=20))):
                    order = await promised_order(company, each, day)
                await received(company, order.id, 10 - back % 2, back % 2, at=noon(day + timedelta(days=late)))
    ids = await scored_lately(company, supplier)
    await commands.recompute_standings(Actor.system(company.id))
    await standing(company, supplier, "poor")
    return ids | {"second_id": second.id, "last_month": last}


async def standing(company: Organised, supplier: Organised, code: str, score: str = "50") -> None:
    """The supplier stands so, as if its facts said so."""
    from portal.organisations.commands import set_standings
    from portal.platform.work import changing
    from portal.scorecards.events import ScoresRecomputed
    from portal.scorecards.tables import Organisation

    async with changing(Actor.system(company.id)) as change:
        change.record(ScoresRecomputed(1), await change.row(Organisation, company.id, lock=False))
        await set_standings(change, {supplier.id: (code, Decimal(score))})
