"""Who could break the segregation of duties stands in one report."""

from tests.harness.world import trading_pair

CONFLICTS = "/api/v1/policy/conflicts"


async def test_roles_that_exclude_each_other_are_reported_with_the_person_and_the_reason(client_of):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    before = (await admin.get(CONFLICTS)).json()["people"]
    await admin.put(f"/api/v1/members/{company.receiver.person_id}", json={"roles": ["receiver", "payable"]})

    after = (await (await client_of(company.auditor)).get(CONFLICTS)).json()["people"]

    assert company.receiver.name not in {each["name"] for each in before}
    [told] = [
        each for each in after
        if (each["name"], each["permissions"]) == (company.receiver.name, ["goods-receipts:create", "invoices:approve"])
    ]  # fmt: skip
    assert told["roles"] == ["payable", "receiver"]
    assert told["why"] == "Who receives goods does not approve the invoice for them."


async def test_a_supplier_with_the_mail_domain_of_staff_is_reported(client_of, superuser):
    company, supplier = await trading_pair()
    client = await client_of(company.administrator)
    domain = company.buyer.email.partition("@")[2]
    superuser.execute("update organisation set email = %s where id = %s", [f"sales@{domain}", supplier.id])

    [told] = (await client.get(CONFLICTS)).json()["suppliers"]

    assert (told["supplier_name"], told["trait"]) == (supplier.name, domain)
    assert company.buyer.name in told["people"]
    assert supplier.name in (await client.get("/policy/conflicts")).text


async def test_a_supplier_with_the_telephone_of_staff_is_reported_however_the_number_is_written(client_of, superuser):
    company, supplier = await trading_pair()
    client, buyer = await client_of(company.administrator), await client_of(company.buyer)
    profile = {"full_name": company.buyer.name, "language": "en", "time_zone": "UTC", "phone": "030 / 901 820 44"}
    assert (await buyer.post("/profile", data=profile)).status_code == 303
    assert "030 / 901 820 44" in (await buyer.get("/profile")).text
    superuser.execute("update organisation set phone = '+49 (30) 90182044' where id = %s", [supplier.id])

    told = [each for each in (await client.get(CONFLICTS)).json()["suppliers"] if each["kind"] == "phone"]

    assert [(each["supplier_name"], each["trait"], each["people"]) for each in told] == [
        (supplier.name, "+49 (30) 90182044", [company.buyer.name])
    ]
