"""The first page of each role: what waits, how much of it, and why nothing does."""

from datetime import UTC, datetime, timedelta

from portal.orders import commands
from portal.platform.actor import ApprovalLimit
from tests.harness.pages import Page, Reader
from tests.harness.world import answer, approved_order, draft_order, issued_order, line, submitted_order, trading_pair


async def home(client_of, actor) -> Page:
    return Page(await (await client_of(actor)).get("/"))


async def test_each_role_finds_what_waits_for_it(client_of):
    company, supplier = await trading_pair()
    draft = await draft_order(company, supplier)
    waiting = await submitted_order(company, supplier)
    approved = await approved_order(company, supplier)
    issued = await issued_order(company, supplier)
    offered = await issued_order(company, supplier)
    changed = answer("CA", {"line": 1, "code": "3", "quantity": "9"})
    await commands.respond(supplier.order_desk, offered.id, changed)
    held = await issued_order(company, supplier)
    await commands.hold(company.buyer, held.id, "Certificate missing")
    expected = (
        (company.requester, [draft, waiting, approved, issued, offered, held]),
        (company.approver, [waiting]),
        (company.buyer, [approved, offered, held]),
        (supplier.order_desk, [issued]),
        (company.payable, []),
    )
    for actor, orders in expected:
        page = await home(client_of, actor)
        assert {text for text in page.links if text.startswith("PO-")} == {order.number for order in orders}, (
            actor.roles
        )
        assert page.status == 200


async def test_a_returned_order_waits_for_its_author(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    await commands.return_to_author(company.approver, order.id, "Ask for less")
    page = await home(client_of, company.requester)
    assert "Orders returned to you 1" in page.text
    assert order.number in page.links


async def test_an_approver_is_shown_what_lies_within_reach(client_of, superuser):
    company, supplier = await trading_pair()
    small = await submitted_order(company, supplier, line(quantity="1"))
    await submitted_order(company, supplier, line(quantity="1000"))
    superuser.execute("update membership set limit_gross = 100 where person_id = %s", (company.approver.person_id,))
    page = await home(client_of, company.approver)
    assert company.approver.limit != ApprovalLimit("EUR", None, None)
    assert {text for text in page.links if text.startswith("PO-")} == {small.number}


async def test_an_answer_that_is_overdue_says_so_on_both_sides(client_of, clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    assert "Overdue" not in (await home(client_of, supplier.order_desk)).text
    await clock(datetime.now(UTC) + timedelta(days=30))
    for actor in (supplier.order_desk, company.buyer):
        page = await home(client_of, actor)
        assert "Overdue" in page.text
        assert order.number in page.links


async def test_nothing_to_do_says_why_and_what_comes_next(client_of):
    _company, supplier = await trading_pair()
    page = await home(client_of, supplier.order_desk)
    assert "Nothing waits for you" in page.text
    assert "New orders appear here as soon as a customer issues them." in page.text


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(anonymous):
    answer = await anonymous.get("/orders?state=issued")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/orders%3Fstate%3Dissued")
    assert (answer.headers["content-type"], answer.content) == ("text/html; charset=utf-8", b"")
    assert (await anonymous.get("/")).headers["location"] == "/sign-in"


async def test_words_that_we_did_not_sign_are_not_said(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.buyer)
    for forged in (
        "x",
        "eyJ0ZXh0IjogIkJvbyJ9.00",
        "eyJ0ZXh0IjogIkJvbyIsICJwYXJhbWV0ZXJzIjoge30sICJ0b25lIjogIngifQ==.0",
    ):
        client.cookies.set("flash", forged)
        page = Page(await client.get("/"))
        assert page.status == 200
        assert "Boo" not in page.text


async def test_a_page_that_is_refused_stands_in_the_frame_of_its_reader(client_of):
    company, _supplier = await trading_pair()
    page = Page(await (await client_of(company.payable)).get("/orders/new"))
    assert page.status == 403
    assert page.links["Orders"] == "/orders"


async def test_theme_and_language_are_remembered_by_a_plain_form(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.buyer)
    client.headers.pop("x-csrf-token")
    page = Page(await client.get("/orders?state=draft"))
    form = page.form("/preferences").values
    answer = await client.post("/preferences", data=form | {"language": "zh-Hans"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?state=draft")
    assert '<html lang="zh-Hans"' in (await client.get("/orders")).text
    assert (await client.post("/preferences", data={"theme": "dark"})).status_code == 403


async def test_the_profile_says_in_which_language_somebody_reads_whatever_the_browser_kept(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.buyer)
    reader = Reader(client)
    client.cookies.set("language", "zh-Hans")
    profile = await reader.open("/profile")
    assert profile.language == "en"

    saved = await reader.send(profile, "/profile", language="zh-Hans", full_name="Robin Example")
    assert saved.language == "zh-Hans"
    assert client.cookies.get("language", domain="portal.test") == "zh-Hans"

    switched = await reader.send(saved, "/preferences", language="en")
    elsewhere = await (await client_of(company.buyer)).get("/")
    assert switched.language == Page(elsewhere).language == "en"
    assert "Robin Example" in switched.text


async def test_before_sign_in_the_browser_remembers_the_language(anonymous):
    answer = await anonymous.post("/preferences", data={"language": "zh-Hans", "next": "/sign-in"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert Page(await anonymous.get("/sign-in")).language == "zh-Hans"


async def test_a_wrong_password_is_told_and_the_address_kept(anonymous):
    answer = await anonymous.post(
        "/sign-in", data={"email": "nobody@example.test", "password": "guess", "next": "/orders"}
    )
    page = Page(answer)
    assert page.status == 401
    assert "do not belong together" in page.text
    kept = page.form("/sign-in").values
    assert (kept["email"], kept["password"], kept["next"]) == ("nobody@example.test", "", "/orders")


async def test_files_of_the_browser_are_served_to_everybody(anonymous):
    page = (await anonymous.get("/sign-in")).text
    for sheet in ("base.css", "pages.css", "app.js"):
        address = next(part for part in page.split('"') if part.endswith(sheet))
        answer = await anonymous.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


async def test_a_queue_looks_at_those_that_wait_longest_and_never_at_all_of_them(client_of, monkeypatch, superuser):
    company, supplier = await trading_pair()
    orders = [await issued_order(company, supplier) for _each in range(4)]
    superuser.execute(
        "update purchase_order set response_due_at = response_due_at - interval '30 days' where id = any(%s)",
        [[orders[1].id, orders[3].id]],
    )
    monkeypatch.setattr("portal.orders.queries.lists.MOST_FOUND", 3)
    page = await home(client_of, supplier.order_desk)
    shown = [text for text in page.links if text.startswith("PO-")]
    assert shown == [orders[1].number, orders[0].number, orders[2].number]
