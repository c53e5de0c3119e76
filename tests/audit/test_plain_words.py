"""The log is read by people: what was refused, and whose block it is, in words of theirs."""

import re

from portal.platform.states import NAMES
from portal.platform.work import Row
from tests.harness.pages import Page, Reader
from tests.harness.world import issued_order, trading_pair


async def test_what_a_program_was_refused_is_said_in_words_and_its_address_stands_in_the_entry(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    receiver, auditor = await client_of(company.receiver), await client_of(company.auditor)
    at = f"/api/v1/purchase-orders/{order.id}"
    assert (await receiver.post(f"{at}/cancel", json={"reason": "Late"})).status_code == 403
    assert (await receiver.get("/api/v1/members")).status_code == 403

    found = Page(await auditor.get("/audit?outcome=refused"))
    assert f"Cancel orders · Purchase order {order.number}" in found.text
    assert "See who may act for your company" in found.text
    assert "/api/v1" not in found.text
    home = Page(await auditor.get("/"))
    assert f"Was refused · Cancel orders · Purchase order {order.number}" in home.text
    entries = dict.fromkeys(re.findall(r'"(/audit/[0-9a-f-]{36})"', found.html))
    told = " ".join([Page(await auditor.get(href)).text for href in entries])
    assert "/api/v1/purchase-orders/…/cancel" in told
    assert "Wanted tocancel orders" in told


async def test_a_refusal_for_another_reason_says_what_was_wanted_too(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    buyer = await client_of(company.buyer)
    assert (await buyer.post(f"/api/v1/purchase-orders/{order.id}/release", json={})).status_code == 409

    found = Page(await (await client_of(company.auditor)).get("/audit?outcome=refused"))

    assert f"Purchase order {order.number}" in found.text
    assert "/api/v1" not in found.text


async def test_the_history_of_an_order_heads_its_block_by_its_number(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    page = await Reader(await client_of(company.auditor)).open(f"/audit/records/{order.id}")
    assert f"Purchase order · {order.number}" in page.text
    then = await Reader(await client_of(company.auditor)).open(f"/audit/records/{order.id}/as-of")
    assert f"Purchase order · {order.number}" in then.text


def test_every_table_with_a_state_of_its_own_has_words_for_it():
    known = {row.table_name(): row for row in _rows(Row)}
    assert NAMES.keys() <= known.keys()
    assert all("state" in known[table].column_names() for table in NAMES)


def _rows(row_type: type[Row]) -> set[type[Row]]:
    return {each for kind in row_type.__subclasses__() for each in {kind, *_rows(kind)}}
