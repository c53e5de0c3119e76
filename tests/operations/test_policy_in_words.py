"""The policy as people read it: folded by areas and roles, each rule in words, the code of it beside them."""

from portal.access.areas import AREAS, by_area
from portal.access.words import PERMISSIONS
from tests.harness.pages import Page
from tests.harness.world import issued_order, trading_pair


def test_every_permission_belongs_to_one_area_and_no_area_speaks_of_nothing():
    placed = [each for _area, permissions in by_area(PERMISSIONS) for each in permissions]
    assert sorted(placed) == sorted(PERMISSIONS)
    things = {each.partition(":")[0] for each in PERMISSIONS}
    assert frozenset().union(*(named for _area, named in AREAS)) == things


async def test_the_matrix_is_folded_by_areas_until_somebody_looks_for_words(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.auditor)
    whole, found = await client.get("/policy"), await client.get("/policy", params={"query": "approve orders"})
    folded, opened = '<details class="area">', '<details class="area" open>'
    assert (whole.text.count(folded), whole.text.count(opened)) == (len(AREAS), 0)
    assert (found.text.count(folded), found.text.count(opened)) == (0, 1)


async def test_who_could_see_it_says_by_which_rule_in_words(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client = await client_of(company.auditor)

    text = Page(await client.get(f"/audit/records/{order.id}/readers")).text

    assert "see orders (orders:read)" in text
    assert "Receiver, in their part of the companyAs the policy has itreceiver, buyer, orders, read" in text


async def test_the_policy_of_a_day_says_each_rule_in_words_and_in_code(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.auditor)
    asked = await client.get("/audit/policy")
    text = Page(asked).text
    assert "The portal itself" in text
    assert "enter exchange rates" in text
    assert "exchange-rates: " in text
    assert asked.text.count('<details class="area">') > 10
