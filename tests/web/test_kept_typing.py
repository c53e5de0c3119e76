"""What somebody typed is not lost where their form is refused as a whole: the page that says why shows it again."""

import pytest

from portal.access.commands import change_rights
from portal.access.forms import Rights
from portal.orders import commands as orders
from portal.platform.convert import convert
from tests.harness.pages import Page
from tests.harness.world import a_colleague, accepted_order, issued_order, submitted_order, trading_pair

WHY = "The drawing was revised; see line 3 of the minutes."


async def test_a_reason_is_shown_again_where_the_page_was_too_old(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    approver = await client_of(company.approver)
    stale = Page(await approver.get(f"/orders/{order.id}")).form("/return").values
    await orders.withdraw(company.requester, order.id)

    refused = await approver.post(f"/orders/{order.id}/return", data=stale | {"reason": WHY})
    assert (refused.status_code in (409, 412), WHY in Page(refused).text) == (True, True)


async def test_a_reason_is_shown_again_where_the_role_was_taken_away_meanwhile(client_of):
    """Other rights end the sessions that were begun with the former ones: what was typed outlives that too."""
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    person = await a_colleague(company, "buyer", "receiver")
    client = await client_of(person)
    at = f"/orders/{order.id}"
    form = Page(await client.get(at)).form("/hold").values
    assert person.person_id is not None
    rights = convert(Rights, {"roles": ["receiver"]})
    await change_rights(company.administrator, person.person_id, rights)

    ours = {"origin": str(client.base_url).rstrip("/"), "referer": f"{client.base_url}{at.lstrip('/')}"}
    refused = await client.post(f"{at}/hold", data=form | {"reason": WHY}, headers=ours)
    assert (refused.status_code, WHY in Page(refused).text) == (401, True)
    assert f"/sign-in?next={at.replace('/', '%2F')}" in refused.text
    again = await client_of(person)
    denied = await again.post(f"{at}/hold", data={"reason": WHY})
    assert (denied.status_code, WHY in Page(denied).text) == (403, True)


async def test_an_old_token_does_not_lose_what_was_typed(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    client = await client_of(company.buyer)
    client.headers.pop("x-csrf-token")
    refused = await client.post(f"/orders/{order.id}/hold", data={"_csrf": "old", "reason": WHY})
    assert (refused.status_code, WHY in Page(refused).text) == (403, True)


async def test_nothing_of_another_sites_form_is_shown(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    client = await client_of(company.buyer)
    refused = await client.post(
        f"/orders/{order.id}/hold", data={"reason": WHY}, headers={"origin": "https://elsewhere.example"}
    )
    assert (refused.status_code, WHY in refused.text) == (403, False)


async def test_nothing_is_shown_to_somebody_who_is_not_signed_in(anonymous):
    refused = await anonymous.post("/orders/0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b/hold", data={"reason": WHY})
    assert WHY not in refused.text


@pytest.mark.parametrize(
    ("field", "value"), [("password", "a long pass phrase"), ("code", "123456"), ("version", "3"), ("supplier_id", "x")]
)
async def test_secrets_and_ids_are_never_shown(client_of, field, value):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    receiver = await client_of(company.receiver)
    refused = await receiver.post(f"/orders/{order.id}/cancel", data={field: value, "reason": "<b>Late</b>"})
    page = Page(refused)
    assert (refused.status_code, "<b>Late</b>" in page.text, "<b>Late" in refused.text) == (403, True, False)
    assert f"<dd>{value}</dd>" not in refused.text


async def test_a_form_that_cannot_be_read_is_refused_as_ever(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    receiver = await client_of(company.receiver)
    refused = await receiver.post(
        f"/orders/{order.id}/cancel",
        content=b"\xff=%zz&&&",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert refused.status_code == 403
