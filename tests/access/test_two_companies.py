"""One person who works for two companies: acts for one at a time, and nothing of one shows in the other."""

import pytest

from portal.access.commands import add_member, admit, change_rights, remove_member, set_password
from portal.access.forms import Admission, Rights
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, NotFound
from tests.harness.pages import Reader
from tests.harness.world import buying_company, draft_order, line, trading_pair

PASSWORD = "a long sentence of one's own"


async def second_membership(company, actor, *roles):
    form = convert(Admission, {"email": actor.email, "roles": list(roles)})
    return await admit(Actor.system(company.id), form)


async def test_somebody_of_two_companies_switches_and_sees_one_at_a_time(anonymous):
    (first, bolts), (second, nuts) = await trading_pair(), await trading_pair()
    for company, supplier, mark in ((first, bolts, "Bluefin"), (second, nuts, "Redwing")):
        await draft_order(company, supplier, line(description=mark))
    await second_membership(second, first.requester, "requester")
    await set_password(Actor.system(first.id), first.requester.person, PASSWORD)
    reader = Reader(anonymous)
    page = await reader.open("/sign-in")
    home = await reader.send(page, "/sign-in", email=first.requester.email, password=PASSWORD)
    assert first.name in home.text
    found = await reader.open("/search", query="Bluefin")
    assert any("/orders/" in address for address in found.links.values())

    there = await reader.send(home, "/organisation", organisation=str(second.id))
    for path in ("/", "/orders", "/search?query=Redwing", "/suppliers", "/profile"):
        page = await reader.open(path)
        assert page.status == 200
        assert "Bluefin" not in page.text
        assert bolts.name not in page.text
    assert second.name in there.text
    nothing = await reader.open("/search", query="Bluefin")
    assert not any("/orders/" in address for address in nothing.links.values())
    listed = (await anonymous.get("/api/v1/purchase-orders")).json()["items"]
    assert {order["buyer"]["id"] for order in listed} == {str(second.id)}

    back = await reader.send(await reader.open("/"), "/organisation", organisation=str(first.id))
    assert nuts.name not in (await reader.open("/suppliers")).text
    assert first.name in back.text


async def test_the_session_of_the_other_company_ends_with_the_switch(client_of, anonymous):
    first, second = await buying_company(), await buying_company()
    await second_membership(second, first.buyer, "auditor")
    client = await client_of(first.buyer)
    old = client.cookies["session"]

    switched = await client.post("/organisation", data={"organisation": str(second.id)}, headers={})

    assert switched.status_code == 303
    anonymous.cookies.set("session", old)
    assert (await anonymous.get("/api/v1/me")).status_code == 401
    entries = (await client.get("/api/v1/audit-entries")).json()["items"]
    assert entries[0]["event"] == "session.opened"
    assert entries[0]["actor"]["organisation"] == second.name


async def test_no_employer_resets_the_password_of_somebody_who_works_elsewhere_too(connected):
    first, second = await buying_company(), await buying_company()
    await second_membership(second, first.buyer, "buyer")
    with pytest.raises(Denied):
        await set_password(second.administrator, first.buyer.person, PASSWORD)
    with pytest.raises(Denied):
        await set_password(first.administrator, first.requester.person, PASSWORD)


async def test_who_left_may_come_back_and_is_never_twice_there(connected):
    company = await buying_company()
    system, person = Actor.system(company.id), company.buyer
    with pytest.raises(Conflict):
        await second_membership(company, person, "buyer")
    await remove_member(system, person.person)
    with pytest.raises(NotFound):
        await change_rights(system, person.person, convert(Rights, {"roles": ["buyer"]}))
    assert await second_membership(company, person, "auditor") == person.person


async def test_an_address_known_elsewhere_is_no_new_person(connected):
    first, second = await buying_company(), await buying_company()
    twin = Person(id=new_id(), full_name="Somebody Else", email=first.buyer.email)
    with pytest.raises(Conflict):
        await add_member(Actor.system(second.id), twin, ["buyer"])


async def test_a_person_cannot_admit_people_without_being_an_administrator(connected):
    company = await buying_company()
    form = convert(Admission, {"email": "x@example.com", "full_name": "X", "roles": ["approver"]})
    with pytest.raises(Denied):
        await admit(company.buyer, form)


async def test_the_file_of_what_is_kept_says_which_company_it_is_of_and_how_to_get_the_others(anonymous):
    (first, _bolts), (second, _nuts) = await trading_pair(), await trading_pair()
    await second_membership(second, first.requester, "requester")
    await set_password(Actor.system(first.id), first.requester.person, PASSWORD)
    reader = Reader(anonymous)
    home = await reader.send(await reader.open("/sign-in"), "/sign-in", email=first.requester.email, password=PASSWORD)
    page = await reader.open("/profile")
    assert f"The file holds what {first.name} keeps about you" in page.text
    assert "Your other companies answer for themselves" in page.text

    here = (await anonymous.get("/profile/data.json")).json()
    await reader.send(home, "/organisation", organisation=str(second.id))
    there = (await anonymous.get("/profile/data.json")).json()

    for told, own, other in ((here, first, second), (there, second, first)):
        assert told["organisation"] == own.name
        [elsewhere] = told["not_in_this_file"]
        assert f"switch to {other.name}" in elsewhere
        assert {row["organisation_id"] for row in told["own"]["membership"]} == {str(own.id)}
