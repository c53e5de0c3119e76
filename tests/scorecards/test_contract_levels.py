"""Service levels of a contract, month by month, by the figures that both sides see on scorecards anyway."""

from datetime import date

from tests.harness.contracts import active_contract
from tests.harness.deliveries_facts import noon, promised_order, received
from tests.harness.pages import Reader
from tests.harness.world import trading_pair

LEVELS = {"levels": [{"measure": "on_time_requested", "least": "95"}, {"measure": "quality", "least": "99"}]}


async def test_both_sides_read_in_which_months_a_level_was_kept_and_in_which_missed(client_of, clock):
    company, supplier = await trading_pair()
    contract = await active_contract(company, supplier, performance=LEVELS)
    for day, came in ((date(2030, 4, 10), date(2030, 4, 9)), (date(2030, 5, 10), date(2030, 5, 17))):
        order = await promised_order(company, supplier, day)
        await received(company, order.id, 10, at=noon(came))
    await clock(noon(date(2030, 5, 20)))
    for who in (company.buyer, supplier.order_desk):
        page = (await Reader(await client_of(who)).open(f"/contracts/{contract.id}")).text
        told = page.partition("Service levels, month by month")[2]
        assert "Apr 2030 100.0% KeptMay 2030 0.0% Missed" in told, told
        assert "Apr 2030 100.0% KeptMay 2030 100.0% Kept" in told, told
