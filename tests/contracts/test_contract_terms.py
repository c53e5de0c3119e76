"""What a contract says of late deliveries and of money held back: agreed on, printed, and told when it changes."""

from portal.contracts import commands
from portal.contracts.forms import ContractForm
from portal.platform.convert import convert
from tests.harness.agreed import paper_of, text_of
from tests.harness.contracts import CONTRACTS, blanket, offered_contract
from tests.harness.pages import Reader
from tests.harness.world import trading_pair

LATE = {"late_rate": "0.5", "late_grace": 2, "late_cap": "10", "retention": "5"}


async def test_what_a_delay_costs_and_what_is_held_back_stand_on_page_and_paper(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier, **LATE, price_day="delivery_date")
    desk = await client_of(supplier.order_desk)
    told = (await desk.get(f"{CONTRACTS}/{contract.id}")).json()
    assert (told["late_rate"], told["late_per"], told["late_grace"], told["late_cap"]) == ("0.5", "day", 2, "10")
    page, paper = (await Reader(desk).open(f"/contracts/{contract.id}")).text, text_of(await paper_of(desk, contract))
    for words in ("0.5 % of its net value for each day, after 2 free days, 10 % at most", "5 %", "requested day of"):
        assert words in page, words
        assert words in paper, words


async def test_a_limit_of_what_a_delay_costs_needs_a_rate(client_of):
    company, supplier = await trading_pair()
    refused = await (await client_of(company.buyer)).post(CONTRACTS, json=blanket(supplier, late_cap="10"))
    assert [error["field"] for error in refused.json()["errors"]] == ["late_rate"]


async def test_a_round_tells_that_a_delay_costs_more(client_of):
    company, supplier = await trading_pair()
    form = blanket(supplier, title="Repairs", **LATE)
    contract = await commands.create(company.buyer, convert(ContractForm, form))
    await commands.offer(company.buyer, contract.id)
    await commands.edit(
        company.buyer, contract.id, convert(ContractForm, form | {"late_rate": "1", "late_per": "week"})
    )
    desk = await client_of(supplier.order_desk)
    last = (await desk.get(f"{CONTRACTS}/{contract.id}/rounds")).json()["items"][-1]
    assert [each["field"] for each in last["differences"]] == ["late_rate", "late_per"]
    rounds = await Reader(desk).open(f"/contracts/{contract.id}/rounds")
    assert "before: 0.5 %" in rounds.text
    assert "now: Week" in rounds.text
