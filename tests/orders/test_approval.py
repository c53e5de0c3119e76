"""Who may approve an order: never a hand that wrote it, and never more than its limits say."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from portal.access.queries import member_named
from portal.orders import commands
from portal.orders.forms import OrderEdit
from portal.orders.queries import OPEN, waiting_orders
from portal.platform.actor import Actor, ApprovalLimit
from portal.platform.convert import convert
from portal.platform.refusals import Denied
from portal.platform.work import viewing
from tests.harness.credits import a_rate
from tests.harness.mail import another
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


async def test_an_order_in_another_currency_is_measured_at_the_rate_of_the_day(connected):
    company, supplier = await trading_pair()
    await a_rate(company.payable, "CNY", "0.125")
    within = await submitted_order(company, supplier, line(unit_price="40"), currency="CNY")  # 476 CNY, 59.50 EUR
    beyond = await submitted_order(company, supplier, line(unit_price="80"), currency="CNY")  # 952 CNY, 119 EUR
    approver = await signed_in(company, gross=100)

    assert [order.number for order in await to_approve(approver)] == [within.number]
    approved = await commands.approve(approver, within.id)
    with pytest.raises(Denied, match="above your approval limit"):
        await commands.approve(approver, beyond.id)

    kept = (approved.approved_into, approved.approved_rate, approved.approved_rate_source)
    assert kept == ("EUR", Decimal("0.125"), "European Central Bank")
    assert approved.approved_rate_date is not None


async def test_without_a_rate_the_refusal_says_that_the_rate_is_missing(connected):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier, currency="CNY")
    approver = await signed_in(company, gross=1000)

    with pytest.raises(Denied, match="There is no exchange rate from CNY to EUR: enter one"):
        await commands.approve(approver, order.id)
    assert await to_approve(approver) == []

    await a_rate(company.payable, "CNY", "0.125")
    approver = await again(approver)
    assert [order.number for order in await to_approve(approver)] == [order.number]
    assert (await commands.approve(approver, order.id)).state == "approved"


async def test_a_limit_in_another_currency_than_the_companys_is_measured_too(connected):
    company, supplier = await trading_pair()
    await a_rate(company.payable, "USD", "0.8")
    euros = await submitted_order(company, supplier)  # 148.75 EUR, 185.94 USD
    small, large = [await signed_in(company, gross=gross, currency="USD") for gross in (185, 186)]

    assert await to_approve(small) == []
    with pytest.raises(Denied, match="above your approval limit"):
        await commands.approve(small, euros.id)
    assert (await commands.approve(large, euros.id)).state == "approved"


async def test_a_limit_of_thirty_days_counts_other_currencies_at_the_rates_of_their_days(connected, clock):
    company, supplier = await trading_pair()
    await a_rate(company.payable, "CNY", "0.5", valid_on="2026-05-01")
    await a_rate(company.payable, "CNY", "0.1", valid_on="2026-05-11")
    yuan = [await submitted_order(company, supplier, currency="CNY") for _each in range(2)]  # 148.75 CNY each
    euros = [await submitted_order(company, supplier) for _each in range(2)]  # 148.75 EUR each
    await clock(datetime(2026, 5, 10, 12, tzinfo=UTC))
    approver = await signed_in(company, cumulative=300)
    await commands.approve(approver, yuan[0].id)  # 74.38 EUR
    await clock(datetime(2026, 5, 12, 12, tzinfo=UTC))
    approver = await again(approver)
    await commands.approve(approver, yuan[1].id)  # 14.88 EUR
    await commands.approve(approver, euros[0].id)

    with pytest.raises(Denied, match=r"you would have approved 386\.76 EUR"):
        await commands.approve(approver, euros[1].id)


async def test_the_approver_signs_in_with_the_rates_that_their_limit_is_measured_by(connected, client_of):
    company, supplier = await trading_pair()
    await a_rate(company.payable, "CNY", "0.125")
    order = await submitted_order(company, supplier, currency="CNY")
    client = await client_of(company.approver)

    listed = (await client.get("/api/v1/purchase-orders?state=in_approval")).json()["items"]
    home = (await client.get("/")).text
    approved = await client.post(f"/api/v1/purchase-orders/{order.id}/approve")

    assert [each["number"] for each in listed] == [order.number]
    assert order.number in home
    assert approved.status_code == 200


async def signed_in(
    company: Organised, gross: int | None = None, cumulative: int | None = None, currency: str = "EUR"
) -> Actor:
    """One more approver, as the portal identifies them."""
    limits = {"limit_gross": gross, "limit_cumulative": cumulative, "limit_currency": currency}
    numbers = {
        name: value if value is None or isinstance(value, str) else Decimal(value) for name, value in limits.items()
    }
    return await again(await another(company, "approver", **numbers))


async def again(actor: Actor) -> Actor:
    """The same person as the portal identifies them now."""
    found = await member_named(actor.email, str(actor.organisation_id))
    assert found is not None
    return found


async def to_approve(actor: Actor) -> list[Any]:
    async with viewing(actor) as view:
        return [row.order for row in (await waiting_orders(view, OPEN["approve"]))[1]]
