"""An order that a buyer's own system sends as UBL: a draft says all of it, or what it cannot say is named."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.orders.forms import OrderForm
from portal.orders.rules.ubl.entering import lost, order_in, settled, sketch
from portal.orders.rules.ubl.order import ORDER, Delivery, Order
from portal.orders.rules.ubl.ordering import order_of
from portal.platform.convert import convert
from portal.platform.einvoice.incoming import received
from portal.platform.einvoice.model import Address, Identifier, Party
from portal.platform.einvoice.ordering import Days, Note
from portal.platform.einvoice.syntax import write
from portal.platform.ids import new_id
from tests.harness.world import SOON, an_item, issued_order, line, selling_company, trading_pair

XML = {"content-type": "application/xml"}
ORDERS = "/api/v1/purchase-orders"
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=30)
PLACES = st.fixed_dictionaries({"name": TEXT, "street": TEXT, "city": TEXT, "country": st.sampled_from(("DE", "FR"))})
LINES = st.fixed_dictionaries(
    {
        "description": TEXT,
        "quantity": st.decimals("0.5", 9999, places=1).map(str),
        "unit": st.sampled_from(("C62", "KGM", "HUR")),
        "unit_price": st.decimals("0.5", 999, places=3).map(str),
        "requested_date": st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(str),
        "tax_category": st.just("S"),
        "tax_rate": st.sampled_from(("19", "7")),
    },
    optional={
        "base_quantity": st.sampled_from(("1", "10", "100")),
        "discount": st.sampled_from(("2.5", "10")),
        "ship_to": PLACES,
    },
)
FORMS = st.fixed_dictionaries(
    {
        "supplier_id": st.just(str(new_id())),
        "currency": st.sampled_from(("EUR", "JPY")),
        "lines": st.lists(LINES, min_size=1, max_size=4),
    },
    optional={
        "kind": st.sampled_from(("standard", "framework", "urgent")),
        "note": TEXT,
        "ship_to": PLACES,
        "incoterm": st.just("DAP"),
        "payment_terms": TEXT,
    },
)


@settings(max_examples=200, deadline=None)
@given(FORMS)
def test_an_order_that_leaves_comes_in_as_the_same_order(raw: dict[str, Any]):
    form = convert(OrderForm, raw)
    sent = order_of(sketch(form, {}, "DE"), None)
    said = settled(received(write(ORDER, sent), ORDER, Order))
    again = convert(OrderForm, order_in(said, raw["supplier_id"], {}), lenient=True)
    assert order_of(sketch(again, {}, "DE"), None) == sent
    assert list(lost(said, again, {}, "DE")) == []


async def sent(client: Any, order: Any) -> Order:
    """The order as the portal writes it."""
    xml = (await client.get(f"{ORDERS}/{order.id}/document.xml")).content
    return received(xml, ORDER, Order)


async def brought(client: Any, said: Order, **changes: Any) -> Any:
    xml = write(ORDER, msgspec.structs.replace(said, **changes))
    return await client.post(f"{ORDERS}/document.xml", content=xml, headers=XML)


async def test_an_order_comes_in_as_a_draft_of_the_same_lines_and_sums(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    lines = [line(item_id=str(item.id), discount="5"), line(base_quantity="100", unit_price="8.25", tax_rate="7")]
    first = await issued_order(company, supplier, *lines, note="Gate 3", incoterm="DAP")
    requester = await client_of(company.requester)
    answer = await brought(requester, await sent(requester, first), number="4500012345")
    assert answer.status_code == 201, answer.text
    told, before = answer.json(), (await requester.get(f"{ORDERS}/{first.id}")).json()
    same = ("currency", "kind", "note", "ship_to", "incoterm", "totals", "supplier")
    assert [told[name] for name in same] == [before[name] for name in same]
    names = ("item_id", "description", "quantity", "unit", "unit_price", "base_quantity", "discount", "requested_date")
    assert [[each[name] for name in names] for each in told["lines"]] == [
        [each[name] for name in names] for each in before["lines"]
    ]
    assert (told["state"], told["internal_note"]) == ("draft", "4500012345")
    assert told["number"] not in ("4500012345", first.number)


async def test_a_day_for_all_of_it_is_that_of_each_line(client_of):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    said = await sent(requester, await issued_order(company, supplier, line(), line()))
    bare = tuple(msgspec.structs.replace(each, deliveries=()) for each in said.lines)
    whole = msgspec.structs.replace(said.delivery or Delivery(), wanted=Days(since=SOON, until=SOON))
    told = (await brought(requester, said, lines=bare, delivery=whole)).json()
    assert {each["requested_date"] for each in told["lines"]} == {SOON.isoformat()}


async def test_what_an_order_has_no_place_for_and_sums_that_are_others_are_named(client_of):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    said = await sent(requester, await issued_order(company, supplier))
    note = msgspec.structs.replace(said.lines[0], notes=(Note(text="Handle with care"),))
    refused = await brought(requester, said, lines=(note,), gross=Decimal("149.00"), customer_reference="X-1")
    found = {each["field"]: each["message"] for each in refused.json()["errors"]}
    assert refused.status_code == 422
    assert set(found) == {"lines.0.notes.0.text", "gross", "customer_reference"}
    assert found["gross"] == "The file says 149.00; the order would say 148.75."
    assert "Handle with care" in found["lines.0.notes.0.text"]
    assert (await requester.get(f"{ORDERS}?state=draft")).json()["items"] == []


async def test_suppliers_are_known_by_number_and_strangers_are_none(client_of):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    said = await sent(requester, await issued_order(company, supplier))
    stranger = await selling_company(gln="4012345000009")
    unknown = Party(
        name="", identifiers=(Identifier(value="4012345000009", scheme="0088"),), address=Address(country="DE")
    )
    nobody = await brought(requester, said, seller=unknown)
    assert [each["field"] for each in nobody.json()["errors"]] == ["seller"]
    assert stranger.name not in nobody.text
    item = msgspec.structs.replace(said.lines[0].item, buyer_item="IT-NONE")
    missing = await brought(requester, said, lines=(msgspec.structs.replace(said.lines[0], item=item),))
    assert "lines.0.item" in {each["field"] for each in missing.json()["errors"]}
    assert (await brought(await client_of(supplier.order_desk), said)).status_code == 403
    assert (await brought(await client_of((await trading_pair())[0].requester), said)).status_code == 422


async def test_a_browser_brings_an_order_too(client_of):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    said = await sent(requester, await issued_order(company, supplier))
    wrong = await requester.post("/orders/document", files={"file": ("o.xml", b"<a/>", "application/xml")})
    assert (wrong.status_code, "This is no UBL 2.1 Order" in wrong.text) == (422, True)
    done = await requester.post("/orders/document", files={"file": ("o.xml", write(ORDER, said), "application/xml")})
    assert done.status_code == 303
    assert "saved as a draft" in (await requester.get(done.headers["location"])).text
