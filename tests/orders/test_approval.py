"""Who may approve an order: never a hand that wrote it, and never more than its limits say."""

import asyncio
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from portal.orders import commands
from portal.orders.forms import OrderEdit
from portal.platform.actor import Actor, ApprovalLimit
from portal.platform.convert import convert
from portal.platform.refusals import Denied
from tests.harness.world import Organised, draft_order, line, submitted_order, trading_pair


def limited(company: Organised, gross: int | None = None, cumulative: int | None = None) -> Actor:
    limit = ApprovalLimit("EUR", *(None if each is None else Decimal(each) for each in (gross, cumulative)))
    return msgspec.structs.replace(company.approver, limit=limit)


async def test_who_edited_a_draft_does_not_approve_it(connected):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    approver = msgspec.structs.replace(company.approver, roles=frozenset({"buyer", "approver", "anyone"}))
    dearer = convert(OrderEdit, {"lines": [line(unit_price="99")]})
    await commands.edit(approver, order.id, dearer)
    await commands.submit(company.requester, order.id)

    with pytest.raises(Denied, match="Who changes an order does not approve it"):
        await commands.approve(approver, order.id)


async def test_approvals_at_once_never_pass_the_limit_of_thirty_days_together(connected):
    company, supplier = await trading_pair()
    orders = [await submitted_order(company, supplier) for _each in range(6)]
    approver = limited(company, cumulative=300)  # two orders of 148.75

    answers: list[Any] = await asyncio.gather(
        *(commands.approve(approver, order.id) for order in orders), return_exceptions=True
    )

    refused = [answer for answer in answers if isinstance(answer, Denied)]
    assert (len(refused), len(answers) - len(refused)) == (4, 2)
    assert all("your limit is 300" in str(refusal) for refusal in refused)


async def test_a_limit_of_thirty_days_counts_its_own_currency_and_admits_no_other(connected):
    company, supplier = await trading_pair()
    euros = [await submitted_order(company, supplier) for _each in range(2)]
    yuan = await submitted_order(company, supplier, currency="CNY")
    approver = limited(company, cumulative=300)
    with pytest.raises(Denied, match="Your limit is in EUR"):
        await commands.approve(approver, yuan.id)

    await commands.approve(limited(company), yuan.id)

    for order in euros:
        assert (await commands.approve(approver, order.id)).state == "approved"
