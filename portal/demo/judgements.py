"""How the suppliers' months are judged: frozen when their days are over, excused where a supplier asked for it, told
anew; and whom the company orders from in spite of a bad standing."""

from datetime import timedelta
from typing import Any

from portal.demo.cast import BUYER, SUPPLIERS
from portal.demo.scene import form
from portal.demo.stage import Stage
from portal.demo.story import FIRST_DAY
from portal.organisations.commands import override_standing
from portal.organisations.forms import OverrideForm
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.work import viewing
from portal.scorecards.commands import excuse, freeze_due, grant, restate
from portal.scorecards.forms import ExcuseForm

# Who asks for what to be excused; the first was granted and its month told anew, the second still waits.
ASKED = (
    ("Tarnwick Metals", "carrier", "The ferry did not sail for three days; the goods had left our works in time."),
    ("Brightbolt Fasteners", "buyer_change", "Your works were closed that week, so we were asked to come later."),
)
NEEDED = ("Fenwick Hydraulics", "The only maker of these cylinders until the new supplier’s samples are released.")
_LATE = """
select id from schedule_fact where supplier_id = $1 and requested_date < $2 and cancelled_at is null
  and last_delivered > requested_date and requested_in_time < ordered_quantity order by requested_date desc limit 1
"""


async def judge(stage: Stage) -> None:
    """Freeze each month when its days are over, and let two suppliers ask for an excuse of what is frozen."""
    manager = stage.people["buyer@demo.test"]
    frozen = await _freeze(stage)
    if frozen is None:
        return
    firms = {firm.name: firm for firm in SUPPLIERS}
    for number, (name, code, reason) in enumerate(ASKED):
        stage.at(5)
        late = await _late(stage, name, frozen.plus(1).first)
        if late is None:
            continue
        told = form(ExcuseForm, criterion="on_time_requested", fact_id=str(late), code=code, reason=reason)
        asked = await excuse(stage.people[firms[name].members[0].email], told)
        if number == 0:
            stage.at(4)
            await grant(manager, asked.id, "The carrier confirmed it.")
            stage.at(3.9)
            why = "A delivery that the carrier was late with does not count."
            await restate(manager, asked.supplier_id, Month.of(asked.counts_on), why)


async def _freeze(stage: Stage) -> Month | None:
    """Look once a week, as the scheduler does every night; the last month that is frozen."""
    frozen, system = None, Actor.system(stage.organisations[BUYER.name])
    for days_ago in range(FIRST_DAY, 5, -7):
        stage.at(days_ago)
        frozen = await freeze_due(system) or frozen
    return frozen


async def make_an_exception(stage: Stage) -> None:
    """Orders go on to a supplier whose standing speaks against it, for two months."""
    name, reason = NEEDED
    until = (stage.now + timedelta(days=60)).date().isoformat()
    said = form(OverrideForm, until=until, reason=reason)
    await override_standing(stage.people["buyer@demo.test"], stage.organisations[name], said)


async def _late(stage: Stage, supplier: str, before: Any) -> Any:
    """The last delivery of a supplier that came too late, of those wanted before a day."""
    async with viewing(stage.people["buyer@demo.test"]) as view:
        return await view.value(_LATE, stage.organisations[supplier], before)
