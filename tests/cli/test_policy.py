"""The policy on the command line: why somebody may do something, and having it read anew."""

from tests.cli.conftest import Operator
from tests.harness.world import approved_order, trading_pair


async def test_the_operator_learns_why_with_the_rule_and_its_line(operator: Operator):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    asked = ("--user", company.approver.email, "--action", "goods-receipts:create", "--object", order.number, "--json")

    said = operator("policy", "explain", *asked)

    assert (said.code, said.facts["allowed"], said.facts["records"]) == (0, False, [f"Purchase order {order.number}"])
    assert said.facts["duties"] == ["Who approves an order does not book the receipt of its goods."]
    assert all(rule["line"] > 0 for rule in said.facts["rules"])


async def test_a_permission_that_does_not_exist_is_refused_in_words(operator: Operator):
    company, _supplier = await trading_pair()
    said = operator("policy", "explain", "--user", company.buyer.email, "--action", "orders:dance")
    assert said.code == 1
    assert "There is no such permission." in said.err


async def test_reading_anew_tells_the_policys_hash(operator: Operator, superuser):
    said = operator("policy", "reload")
    [newest] = superuser.execute("select digest from policy_load order by at desc limit 1").fetchone()
    assert said.code == 0
    assert newest in said.err
