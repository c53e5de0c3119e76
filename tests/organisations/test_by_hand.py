"""Suppliers by hand: a new company with checked numbers, one that is on the portal already, and its first person."""

import pytest

from portal.access.commands.invitations import FIRST
from portal.access.commands.members import join
from portal.organisations.commands import approve_supplier
from portal.platform.actor import Actor
from portal.platform.refusals import Conflict
from portal.platform.work import changing
from tests.harness.identity import PASSWORD, link_in_mail
from tests.harness.jobs import run_jobs
from tests.harness.mail import Inbox
from tests.harness.pages import Page
from tests.harness.registers import a_gln, a_vat_number, hosted_supplier, relation_on_hold
from tests.harness.world import a_colleague, buying_company, issued_order, selling_company, trading_pair

AT = "/api/v1/suppliers"
NEW = {"name": "Brightbolt", "country": "DE", "city": "Hagen", "supplier_number": "S-1", "payment_days": 45}


def problems(answer):
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


async def test_a_supplier_added_by_hand_is_ordered_from_at_once(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    number = a_vat_number()
    made = await client.post(AT, json=NEW | {"vat_number": number, "email": "sales@bright.example"})
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["number"], told["state"], told["payment_days"], told["currency"]) == ("S-1", "approved", 45, "EUR")
    assert told["address"] == {"country": "DE", "city": "Hagen"}
    page = Page(await (await client_of(company.buyer)).get(f"/suppliers/{told['id']}"))
    for said in ("Brightbolt", number, "45 days", "sales@bright.example"):
        assert said in page.text


async def test_all_that_is_wrong_with_a_supplier_is_said_at_once(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    wrong = {"country": "CN", "vat_number": "DE811569860", "gln": "4000001000006", "registration_number": "12345"}
    answer = await client.post(AT, json=wrong)
    assert answer.status_code == 422
    assert set(problems(answer)) == {"name", "vat_number", "gln", "registration_number"}
    page = await client.post("/suppliers/new", data=wrong | {"contact_email": "nobody"})
    assert page.status_code == 422
    read = Page(page)
    for said in (
        "Name: This field is required",
        "VAT number",
        "GLN",
        "social credit code",
        "E-mail: Enter an e-mail address",
    ):
        assert said in read.text
    assert 'value="DE811569860"' in page.text
    assert 'value="nobody"' in page.text


@pytest.mark.parametrize(
    ("country", "number", "right"),
    [
        ("DE", "DE136695976", True),
        ("DE", "136695976", False),
        ("GR", "EL094259216", True),
        ("CN", "91320594MA1MFRT28M", True),
        ("CN", "91320594MA1MFRT28N", False),
        ("US", "12-3456789", True),
        ("CH", "DE136695976", True),
    ],
)
async def test_a_vat_number_is_its_countrys(client_of, country, number, right):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    answer = await client.post(AT, json={"name": "Any", "country": country, "vat_number": number})
    assert answer.status_code == (201 if right else 422), answer.text


async def test_the_same_number_is_refused_and_the_same_name_asked_about(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    number = a_vat_number()
    assert (await client.post(AT, json=NEW | {"vat_number": number})).status_code == 201
    again = await client.post(AT, json=NEW | {"vat_number": f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"})
    assert again.status_code == 409
    assert set(problems(again)) == {"name", "supplier_number", "vat_number"}
    other = NEW | {"supplier_number": "S-2", "another": True}
    assert (await client.post(AT, json=other)).status_code == 201
    page = Page(await client.post("/suppliers/new", data=NEW | {"supplier_number": "S-3"}))
    assert "This is another company of the same name" in page.text


async def test_a_company_on_the_portal_is_found_by_its_exact_number_alone(client_of):
    company, number = await buying_company(), a_gln()
    theirs = await selling_company(gln=number)
    client = await client_of(company.supplier_manager)
    for wrong in (number[:-1], theirs.name, "%"):
        refused = await client.post(f"{AT}/registered", json={"registered": wrong})
        assert refused.status_code == 409
        assert theirs.name not in refused.text
    twin = await client.post(AT, json={"name": "Somebody", "country": "DE", "gln": number})
    assert twin.status_code == 409
    assert theirs.name not in twin.text
    made = await client.post(f"{AT}/registered", json={"registered": number, "supplier_number": "S-9"})
    assert (made.status_code, made.json()["id"]) == (201, str(theirs.id))
    assert (await client.post(f"{AT}/registered", json={"registered": number})).status_code == 409


async def test_what_another_buyer_keeps_of_a_supplier_is_found_by_nobody_else(client_of):
    number, other = a_gln(), await buying_company()
    await hosted_supplier(other, gln=number)
    client = await client_of((await buying_company()).supplier_manager)
    assert (await client.post(f"{AT}/registered", json={"registered": number})).status_code == 409
    assert (await client.post(AT, json={"name": "Own", "country": "DE", "gln": number})).status_code == 201


async def test_the_first_person_of_a_supplier_comes_by_mail_and_keeps_its_data_from_then_on(
    client_of, anonymous, inbox: Inbox
):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    added = await client.post("/suppliers/new", data=NEW | {"contact_email": "Sasha@bright.example"})
    assert added.status_code == 303, added.text
    at = added.headers["location"]
    await run_jobs(FIRST)
    link = await link_in_mail(inbox, "sasha@bright.example", "/invitations/")
    assert "Brightbolt invites you" in inbox.mails[-1]["subject"]
    assert "sasha@bright.example" in Page(await client.get(f"{at}/edit")).text
    joined = await anonymous.post(link, data={"full_name": "Sasha Bright", "new_password": PASSWORD})
    assert joined.status_code == 303, joined.text
    edit = Page(await client.get(f"{at}/edit"))
    assert "keeps its own data" in edit.text
    supplier = at.rpartition("/")[2]
    assert (await client.put(f"{AT}/{supplier}", json=NEW | {"name": "Mine"})).status_code == 409
    agreed = await client.put(f"{AT}/{supplier}/terms", json={"supplier_number": "S-1", "response_days": 5})
    assert (agreed.json()["response_days"], agreed.json()["name"]) == (5, "Brightbolt")
    assert (await client.post(f"{AT}/{supplier}/invitations", json={"email": "x@bright.example"})).status_code == 409


async def test_the_buyer_sees_that_the_first_person_cannot_come_by_this_address(client_of, inbox: Inbox):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    supplier = await hosted_supplier(company)
    at = f"{AT}/{supplier.supplier_id}/invitations"
    meant = await a_colleague(await buying_company(), "buyer")
    assert (await client.post(at, json={"email": meant.email})).status_code == 200
    await run_jobs(FIRST)
    link = await link_in_mail(inbox, meant.email, "/invitations/")
    async with changing(Actor.system(company.id)) as change:
        join(change, meant.person, {"roles": ["buyer"]})
    edit = f"/suppliers/{supplier.supplier_id}/edit"
    assert "Cannot be accepted" not in Page(await client.get(edit)).text

    theirs = await client_of(meant)
    refused = await theirs.post(link, data={"_csrf": theirs.headers["x-csrf-token"]})

    assert refused.status_code == 409
    page = Page(await client.get(edit))
    assert "Cannot be accepted" in page.text
    assert "Not by this address. Invite another one." in page.text


async def test_nobody_of_the_buyer_is_asked_to_act_for_the_supplier(client_of):
    company = await buying_company()
    supplier = await hosted_supplier(company)
    client = await client_of(company.supplier_manager)
    answer = await client.post(f"{AT}/{supplier.supplier_id}/invitations", json={"email": company.buyer.email})
    assert answer.status_code == 422


async def test_an_edit_of_what_somebody_changed_meanwhile_is_refused(client_of):
    company = await buying_company()
    supplier = await hosted_supplier(company)
    client, at = await client_of(company.supplier_manager), f"{AT}/{supplier.supplier_id}"
    seen = (await client.get(at)).headers["etag"]
    first = await client.put(at, json=NEW, headers={"if-match": seen})
    assert first.status_code == 200, first.text
    assert first.headers["etag"] != seen
    assert (await client.put(at, json=NEW, headers={"if-match": seen})).status_code == 412


async def test_trading_ends_and_begins_again(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.supplier_manager)
    at = f"/suppliers/{supplier.id}"
    assert (await client.post(f"{at}/end", data={"reason": ""})).status_code == 422
    assert (await client.post(f"{at}/end", data={"reason": "They closed the works."})).status_code == 303
    assert (await client.get(f"{AT}/{supplier.id}")).json()["state"] == "ended"
    buyer = await client_of(company.buyer)
    assert "New order" not in Page(await buyer.get(at)).text
    assert (await client.post(f"/api/v1{at}/reinstate")).json()["state"] == "approved"
    assert await issued_order(company, supplier)
    held = await relation_on_hold(company)
    assert (await client.post(f"{AT}/{held.supplier_id}/approve")).json()["state"] == "approved"


async def test_only_who_keeps_suppliers_adds_and_ends_them(client_of):
    company, supplier = await trading_pair()
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    for actor in (company.buyer, company.administrator, supplier.administrator):
        client = await client_of(actor)
        assert (await client.get("/suppliers/new")).status_code == 403
        assert (await client.post(AT, json=NEW)).status_code == 403
        assert (await client.post(f"{AT}/{other.id}/end", json={"reason": "x"})).status_code == 403


async def test_names_stand_where_their_readers_look_for_them(client_of):
    company = await buying_company()
    for name in ("Zander", "Ångström", "strasse", "Straßner", "anchor", "浩宇"):
        await hosted_supplier(company, name=name)
    client = await client_of(company.buyer)
    seen, at = [], f"{AT}?limit=2"
    while at:
        page = (await client.get(at)).json()
        seen += [each["name"] for each in page["items"]]
        at = page["next_cursor"] and f"{AT}?limit=2&cursor={page['next_cursor']}"
    assert seen == ["anchor", "Ångström", "strasse", "Straßner", "Zander", "浩宇"]


async def test_a_supplier_on_hold_gets_no_orders_until_it_is_approved_again(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.supplier_manager)
    held = await client.post(f"{AT}/{supplier.id}/suspend", json={"reason": "Audit failed."})
    assert held.json()["state"] == "on_hold"
    with pytest.raises(Conflict):
        await issued_order(company, supplier)
    assert (await client.post(f"{AT}/{supplier.id}/approve")).json()["state"] == "approved"
