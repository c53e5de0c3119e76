"""The policy as people read it: the matrix, what changed, and why somebody may do something or not."""

from portal.access.policy import POLICY
from portal.platform.paths import resource
from tests.harness.world import approved_order, submitted_order, trading_pair

EXPLAIN = "/api/v1/policy/explanation"


async def explained(client, person, permission, record=""):
    answer = await client.get(
        EXPLAIN, params={"person_id": person.person_id, "permission": permission, "record": record}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_allowed_act_names_the_rule_that_gives_it_with_its_line(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    told = await explained(await client_of(company.auditor), company.buyer, "orders:issue", order.number)

    lines = (resource("policies") / "roles.csv").read_text().splitlines()
    given = [rule for rule in told["rules"] if rule["applies"] and not rule["failed"]]
    assert told["allowed"]
    assert [lines[rule["line"] - 1].split(",")[1].strip() for rule in given] == ["buyer"]
    assert told["records"] == [f"Purchase order {order.number}"]


async def test_a_condition_that_fails_is_told_with_its_reason(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    told = await explained(await client_of(company.administrator), company.approver, "orders:approve", str(order.id))
    assert told["allowed"]

    own = await explained(await client_of(company.administrator), company.requester, "orders:approve", str(order.id))
    assert not own["allowed"]


async def test_duties_on_the_same_transaction_are_a_reason_too(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    told = await explained(await client_of(company.auditor), company.approver, "goods-receipts:create", order.number)
    assert not told["allowed"]
    assert told["duties"] == ["Who approves an order does not book the receipt of its goods."]


async def test_a_record_of_others_is_not_there_for_the_explanation(client_of):
    company, _supplier = await trading_pair()
    other, other_supplier = await trading_pair()
    order = await submitted_order(other, other_supplier)
    client = await client_of(company.auditor)
    asked = {"person_id": company.buyer.person_id, "permission": "orders:read", "record": str(order.id)}

    answer = await client.get(EXPLAIN, params=asked)
    stranger = await client.get(EXPLAIN, params=asked | {"person_id": other.buyer.person_id, "record": ""})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "record")
    assert stranger.status_code == 404


async def test_the_page_shows_the_matrix_and_the_reasons(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    client = await client_of(company.auditor)
    asked = {"person_id": company.administrator.person_id, "permission": "orders:approve", "record": order.number}

    answer = await client.get("/policy", params=asked)

    assert answer.status_code == 200
    assert "may not do this" in answer.text
    assert "refused, whatever others allow" in answer.text
    assert all(word in answer.text for word in ("approve orders", "orders:approve", POLICY.digest))


async def test_words_and_a_role_in_the_address_narrow_the_matrix(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.auditor)

    whole = (await client.get("/policy")).text
    narrow = (await client.get("/policy", params={"query": "ORDERS:APPROVE", "role": "approver"})).text

    rows = [text.count('<th scope="row"') for text in (whole, narrow)]
    assert rows[0] > 50
    assert rows[1] == 1
    assert 'data-label="Buyer"' in whole
    assert 'data-label="Buyer"' not in narrow
    assert "Nothing fits these words" in (await client.get("/policy", params={"query": "xyzzy"})).text


async def test_only_who_reads_the_policy_asks_for_reasons(client_of):
    company, _supplier = await trading_pair()
    asked = {"person_id": company.buyer.person_id, "permission": "orders:read"}
    for role, status in (("buyer", 403), ("receiver", 403), ("administrator", 200), ("auditor", 200)):
        assert (await (await client_of(company.people[role])).get(EXPLAIN, params=asked)).status_code == status, role
