"""Nobody is led to a page that refuses them, and a refusal says in words what is missing."""

import re

from portal.access.guards import permission_of
from portal.access.policy import POLICY
from portal.access.words import PERMISSIONS
from portal.platform.i18n import use_language
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import draft_invoice, submitted_invoice
from tests.harness.masters import set_price
from tests.harness.pages import Page
from tests.harness.world import a_colleague, accepted_order, an_item, draft_order, issued_order, line, trading_pair

ASIDE = re.compile(r"^(#|https?:|/static/|/sign-)|\.(csv|pdf|xml)")


async def a_busy_pair():
    """One order that went all the way with an item of the catalogue, one at its beginning, one that waits."""
    company, supplier = await trading_pair()
    item = await an_item(company)
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, currency="EUR", unit_price="1")
    order = await accepted_order(company, supplier, line(item_id=str(item.id)))
    advice = await despatched_goods(company, supplier, order, "6")
    await received_goods(company, order, "6", advice=advice)
    await submitted_invoice(supplier, order)
    await draft_order(company, supplier)
    await issued_order(company, supplier, line(item_id=str(item.id)))
    other = await accepted_order(company, supplier)
    await received_goods(company, other, "3")
    await draft_invoice(supplier, other)
    return company, supplier


async def walked(client) -> dict[str, list[str]]:
    """Every address that the pages lead to, from the home page on, with the pages that led to refused ones."""
    seen, waiting, refused = {"/"}, [("/", "/")], {}
    while waiting:
        path, came_from = waiting.pop()
        answer = await client.get(path, follow_redirects=True)
        if answer.status_code >= 400:
            refused.setdefault(f"{answer.status_code} {path}", []).append(came_from)
            continue
        links = re.findall(r'<a [^>]*href="([^"#]+)', answer.text)
        for link in {link.replace("&amp;", "&") for link in links if not ASIDE.search(link)}:
            if link not in seen and "sort=" not in link:
                seen.add(link)
                waiting.append((link, path))
    assert len(seen) > 5
    return refused


async def test_no_link_leads_anybody_to_a_refusal(client_of):
    company, supplier = await a_busy_pair()
    people = [*company.people.values(), *supplier.people.values()]
    people.append(await a_colleague(supplier, "order_desk", "shipping", "billing", "administrator"))
    for person in people:
        assert await walked(await client_of(person)) == {}, person.roles


async def test_a_refusal_says_in_words_what_is_missing(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    client = await client_of(supplier.order_desk)
    page = Page(await client.get(f"/items/{item.id}"))
    assert page.status == 403
    assert "Your role does not let you see items." in page.text
    assert "items:read" not in page.html
    told = (await client.get(f"/api/v1/items?query={item.number}")).json()
    assert (told["status"], told["permission"]) == (403, "items:read")
    assert "see items" in told["detail"]


def test_every_permission_has_its_words(app):
    handlers = [handler for route in app.routes for handler in getattr(route, "route_handlers", ())]
    asked = {permission_of(handler) for handler in handlers if handler.handler_name != "options_handler"}
    ruled = {f"{rule[2]}:{act}" for rule in POLICY.rules() for act in rule[3].split(" ") if act != "*"}
    assert (asked | ruled) - {"public", None} - PERMISSIONS.keys() == set()
    use_language("zh-Hans")
    try:
        untranslated = [code for code, words in PERMISSIONS.items() if str(words) == words.text]
    finally:
        use_language("en")
    assert untranslated == []
