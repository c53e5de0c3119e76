"""Where suppliers are paid: two who told it long ago, one of whom wants to be paid elsewhere since a few days.

The new account is that of somebody of the company, too: there is an alert to look after.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from portal.banks import commands
from portal.banks.forms import BankAccountForm, CallBackForm, StaffAccountForm
from portal.banks.tables import BankAccount
from portal.demo.scene import form
from portal.demo.stage import Stage
from portal.platform.actor import Actor
from portal.platform.work import viewing

BRIGHTBOLT, QUILLON = "Brightbolt Fasteners", "Quillon Bearings"
PEOPLE = {
    BRIGHTBOLT: ("accounts.brightbolt@demo.test", "supplier@demo.test"),
    QUILLON: ("accounts.quillon@demo.test", "rival@demo.test"),
}
FIRST: dict[str, dict[str, str]] = {
    BRIGHTBOLT: {
        "holder": "Brightbolt Fasteners GmbH", "country": "DE", "number": "DE89 3704 0044 0532 0130 00",
        "bic": "COBADEFFXXX", "bank_name": "Commerzbank", "label": "Main account",
    },
    QUILLON: {
        "holder": "Quillon SAS", "country": "FR", "number": "FR14 2004 1010 0505 0001 3M02 606", "bic": "PSSTFRPPPAR",
    },
}  # fmt: skip
LATER = {"holder": "Quillon Trading", "country": "FR", "number": "FR76 3000 6000 0112 3456 7890 189"}
CALLED = "Called the number of the contract and spoke to {name}, who confirmed holder and account."


async def tell_accounts(stage: Stage) -> None:
    """Before the first order: entered, confirmed, called back about and approved, so that they have cooled off."""
    for name, facts in FIRST.items():
        made = await _confirmed(stage, name, facts)
        approval = await _approval(stage.people["payable@demo.test"], made)
        told = form(CallBackForm, call_back=CALLED.format(name=facts["holder"]))
        await commands.propose(_proved(stage, "buyer@demo.test"), approval, told)
        await commands.approve(_proved(stage, "approver@demo.test"), approval)


async def change_an_account(stage: Stage) -> None:
    """Two days ago: a supplier wants to be paid elsewhere, and nobody has called back yet."""
    stage.at(2)
    own = form(StaffAccountForm, country="FR", number=LATER["number"])
    await commands.tell_own(_proved(stage, "receiver@demo.test"), own)
    async with viewing(stage.people["rival@demo.test"]) as view:
        before = await view.value("select id from bank_account where supplier_id = $1", stage.organisations[QUILLON])
    await _confirmed(stage, QUILLON, LATER | {"supersedes": str(before)})


async def _confirmed(stage: Stage, name: str, facts: dict[str, Any]) -> BankAccount:
    enters, confirms = PEOPLE[name]
    made = await commands.enter(_proved(stage, enters), form(BankAccountForm, currency="EUR", **facts))
    return await commands.confirm(_proved(stage, confirms), made.id)


async def _approval(buyer: Actor, account: BankAccount) -> Any:
    async with viewing(buyer) as view:
        return await view.value("select id from bank_approval where bank_account_id = $1", account.id)


def _proved(stage: Stage, email: str) -> Actor:
    """The story tells of people who have just proved a second factor."""
    return msgspec.structs.replace(stage.people[email], session=b"the story", proved_at=datetime.now(UTC))
