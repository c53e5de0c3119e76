"""What people keep of themselves, and what administrators see of them."""

import re

from portal.access.commands import add_member, set_password
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from tests.harness.pages import Page, Reader
from tests.harness.world import trading_pair

OLD, NEW = "correct horse battery staple", "twelve letters are enough"


async def signed_in(anonymous, actor: Actor, password: str = OLD) -> Reader:
    """Somebody who came in by the sign-in page, with the cookies that it gave."""
    answer = await anonymous.post("/sign-in", data={"email": actor.email, "password": password})
    assert answer.status_code == 303, answer.text
    return Reader(anonymous)


async def test_an_administrator_sees_who_may_act_how_far_and_since_when(client_of):
    company, supplier = await trading_pair()
    stranger, _other = await trading_pair()
    limited = Person(id=new_id(), full_name="Morgan Late", email=f"m.{new_id().hex[-8:]}@example.test")
    scope = {"purchasing_groups": ["PG-7"], "cost_centres": ["CC-100"]}
    await add_member(Actor.system(company.id), limited, ["approver", "buyer"], scope=scope, active=False)
    await client_of(company.buyer)

    for role in ("administrator", "auditor"):
        reader = Reader(await client_of(company.people[role]))
        page = await reader.open("/people")
        assert page.status == 200
        assert page.links["People"] == "/people"
        assert company.approver.email in page.text
        assert "1,000,000.00 EUR per order" in page.text
        assert "10,000,000.00 EUR per supplier in 30 days" in page.text
        late = page.text.partition("Morgan Late")[2][:200]
        assert "Buyer, Approver" in late
        assert "Purchasing group: PG-7 · Cost centre: CC-100" in late
        assert "Locked never" in late
        buyer = page.text.partition(company.buyer.name)[2][:160]
        assert "whole company" in buyer
        assert "Active" in buyer
        assert re.search(r"\d{4}, \d\d:\d\d UTC", buyer)
        assert stranger.buyer.email not in page.text
        assert supplier.order_desk.email not in page.text
    assert (await (await client_of(company.buyer)).get("/people")).status_code == 403
    theirs = await Reader(await client_of(supplier.administrator)).open("/people")
    assert supplier.order_desk.email in theirs.text
    assert company.buyer.email not in theirs.text


async def test_theme_and_language_are_chosen_in_the_profile_too(client_of):
    company, _supplier = await trading_pair()
    reader = Reader(await client_of(company.buyer))
    reader.client.cookies.set("language", "en")
    page = await reader.open("/profile")
    assert page.form("/profile").values["theme"] == "system"

    page = await reader.send(page, "/profile", theme="dark", language="zh-Hans")

    assert 'data-bs-theme="dark"' in page.html
    assert '<html lang="zh-Hans"' in page.html
    assert page.form("/profile").values["theme"] == "dark"


async def test_a_person_changes_the_password_by_proving_the_old_one(anonymous, client_of):
    company, _supplier = await trading_pair()
    await set_password(company.buyer, company.buyer.person, OLD)
    reader = await signed_in(anonymous, company.buyer)
    session = reader.client.cookies["session"]

    page = await reader.send(await reader.open("/profile"), "/profile/password", password=OLD, new_password=NEW)

    assert page.status == 200
    assert "Your password was changed." in page.text
    assert company.name in page.text
    assert reader.client.cookies["session"] != session
    reader.client.cookies.clear()
    wrong = Page(await reader.client.post("/sign-in", data={"email": company.buyer.email, "password": OLD}))
    assert wrong.status == 401
    await signed_in(anonymous, company.buyer, NEW)


async def test_a_wrong_or_short_password_changes_nothing_and_stands_at_its_field(anonymous):
    company, _supplier = await trading_pair()
    await set_password(company.buyer, company.buyer.person, OLD)
    reader = await signed_in(anonymous, company.buyer)
    profile = await reader.open("/profile")

    wrong = await reader.send(profile, "/profile/password", password="guess", new_password=NEW)
    assert wrong.status == 422
    assert "This is not your present password." in wrong.text
    short = await reader.send(profile, "/profile/password", password=OLD, new_password="short")
    assert short.status == 422
    assert "Use at least 12 characters." in short.text
    assert OLD not in short.html
    assert short.form("/profile").values["full_name"] == company.buyer.name

    reader.client.cookies.clear()
    await signed_in(anonymous, company.buyer)


async def test_the_old_password_cannot_be_guessed_without_end(anonymous):
    company, _supplier = await trading_pair()
    await set_password(company.buyer, company.buyer.person, OLD)
    reader = await signed_in(anonymous, company.buyer)
    profile = await reader.open("/profile")
    statuses = [
        (await reader.send(profile, "/profile/password", password=f"guess {n}", new_password=NEW)).status
        for n in range(12)
    ]
    assert statuses[-1] == 429
    assert statuses[0] == 422
