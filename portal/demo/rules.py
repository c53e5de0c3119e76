"""Settings of the story: tolerances that two people agreed on, and some that still wait for the second one."""

from datetime import timedelta
from typing import Any

from portal.demo.cast import BUYER
from portal.demo.stage import Stage
from portal.platform.convert import convert
from portal.settings.commands import approve, propose_tolerances
from portal.settings.forms import TolerancesProposal

COMPANY = {"receive": {"percent": "2"}, "invoice_price": {"absolute": "0.01", "percent": "1"}}
CABLE = {"receive": {"percent": "5"}, "despatch": {"percent": "5"}}
WAITING = {"receive": {"percent": "10"}, "confirm_date": {"absolute": "2"}}


async def set_rules(stage: Stage) -> None:
    """The company's and a cable's tolerances hold; a metal works' wait for somebody to check them."""
    company, cable = stage.organisations[BUYER.name], stage.items["EL-5002"].id
    await _approved(stage, "company-tolerances", company, COMPANY, "Rounding of weights and of prices per hundred.")
    await _approved(stage, "item-tolerances", cable, CABLE, "Cut from the drum: the last metres are never exact.")
    metals = stage.organisations["Tarnwick Metals"]
    next_month = (stage.now + timedelta(days=14)).date().isoformat()
    await _proposed(stage, "supplier-tolerances", metals, WAITING, "Sheets are weighed, not counted.", next_month)


async def _approved(stage: Stage, kind: str, of: Any, said: dict[str, Any], why: str) -> None:
    made = await _proposed(stage, kind, of, said, why)
    await approve(stage.people["approver@demo.test"], made.id)


async def _proposed(stage: Stage, kind: str, of: Any, said: dict[str, Any], why: str, day: str | None = None) -> Any:
    form = convert(TolerancesProposal, {"tolerances": said, "reason": why, "from_day": day})
    return await propose_tolerances(stage.people["payable@demo.test"], kind, of, form)
