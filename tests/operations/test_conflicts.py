"""Who could break the segregation of duties stands in one report."""

import pytest

from tests.harness.pages import Page
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


async def test_a_person_with_many_conflicts_is_one_row_that_says_which_roles_make_them(client_of):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    path = f"/api/v1/members/{company.receiver.person_id}"
    await admin.put(path, json={"roles": ["receiver", "payable", "approver"]})
    pairs = [each for each in (await admin.get(CONFLICTS)).json()["people"] if each["name"] == company.receiver.name]

    page = Page(await admin.get("/policy/conflicts"))

    assert len(pairs) > 1
    assert page.html.count(f'href="/people/{company.receiver.person_id}"') == 1
    assert "By Receiver, Accounts payable together" in page.text
    assert page.text.count("Who receives goods does not approve the invoice for them.") == 1


async def test_a_supplier_with_the_mail_domain_of_staff_is_reported(client_of, superuser):
    company, supplier = await trading_pair()
    client, domain = await client_of(company.administrator), f"{company.id}.com"
    writes_from(superuser, company.buyer, domain)
    superuser.execute("update organisation set email = %s where id = %s", [f"sales@{domain}", supplier.id])

    [told] = (await client.get(CONFLICTS)).json()["suppliers"]

    assert (told["supplier_name"], told["trait"]) == (supplier.name, domain)
    assert company.buyer.name in told["people"]
    assert supplier.name in (await client.get("/policy/conflicts")).text


async def test_a_suppliers_people_with_the_mail_domain_or_telephone_of_staff_are_reported(client_of, superuser):
    company, supplier = await trading_pair()
    auditor, domain = await client_of(company.auditor), f"{company.id}.com"
    for person in (company.payable, supplier.billing, supplier.order_desk):
        writes_from(superuser, person, domain)
    for person, number in ((company.receiver, "0711 / 20 30 40 55"), (supplier.billing, "+49 711 20304055")):
        superuser.execute("update person set phone = %s where id = %s", [number, person.person])

    told = (await auditor.get(CONFLICTS)).json()["suppliers"]

    assert [(each["supplier_name"], each["kind"], each["trait"], each["people"]) for each in told] == [
        (supplier.name, "domain", domain, [company.payable.name]),
        (supplier.name, "phone", "…20304055", [company.receiver.name]),
    ]
    other, _rival = await trading_pair()
    assert (await (await client_of(other.auditor)).get(CONFLICTS)).json()["suppliers"] == []


@pytest.mark.parametrize("domain", ["gmail.com", "qq.com", "works.test"])
async def test_addresses_of_public_providers_say_nothing(client_of, superuser, domain):
    company, supplier = await trading_pair()
    auditor = await client_of(company.auditor)
    for person in (company.payable, supplier.billing):
        writes_from(superuser, person, domain)
    assert (await auditor.get(CONFLICTS)).json()["suppliers"] == []


def writes_from(superuser, person, domain: str) -> None:
    """Give somebody an address in this domain."""
    superuser.execute("update person set email = %s where id = %s", [f"{person.person}@{domain}", person.person])


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
