"""What a scope does with records that name none of its parts is said where it is set and where it is asked about."""

import pytest

from portal.access.commands import admit, change_rights
from portal.access.forms import Admission, Rights
from portal.platform.convert import convert
from portal.platform.refusals import Invalid
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, issued_order, trading_pair


async def test_why_somebody_sees_an_order_without_a_group_is_said(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    nova = await a_colleague(company, "approver")
    await change_rights(
        company.administrator, nova.person, convert(Rights, {"roles": ["approver"], "purchasing_groups": ["P-10"]})
    )
    client = await client_of(company.administrator)
    asked = {"person_id": str(nova.person), "permission": "orders:read", "record": order.number}
    told = (await client.get("/api/v1/policy/explanation", params=asked)).json()
    rule = next(each for each in told["rules"] if each["applies"] and not each["failed"])
    assert rule["noted"] == ["The scope names purchasing groups, and the record names none."]
    member = await Reader(client).open(f"/people/{nova.person}")
    assert "a scope leaves out only what names another one" in member.text


async def test_groups_and_cost_centres_are_chosen_from_what_there_is_and_others_are_doubted(client_of, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier, purchasing_group="metals", cost_centre="4711")
    reader = Reader(await client_of(company.administrator))
    at = f"/people/{company.buyer.person}"
    page = await reader.open(at)
    assert all(f'value="{part}"' in page.html for part in ("metals", "4711"))

    kept = await reader.send(page, at, **{"purchasing_groups.0": "metals", "cost_centres": "4711"})
    assert (kept.status, "Nothing names" in kept.text) == (200, False), kept.text
    scope = "select scope from membership where person_id = %s"
    held = {"purchasing_groups": ["metals"], "cost_centres": ["4711"]}
    assert superuser.execute(scope, [company.buyer.person]).fetchone() == (held,)
    again = await reader.open(at)
    assert 'value="4711" checked' in again.html
    doubted = await reader.send(again, at, purchasing_groups="P-10")
    assert "Nothing names P-10 yet" in doubted.text
    held["purchasing_groups"].append("P-10")
    assert superuser.execute(scope, [company.buyer.person]).fetchone() == (held,)


async def test_who_audits_holds_no_other_role():
    company, _supplier = await trading_pair()
    both = {"roles": ["administrator", "auditor"]}
    with pytest.raises(Invalid):
        await change_rights(company.administrator, company.buyer.person, convert(Rights, both))
    with pytest.raises(Invalid):
        told = {"email": "quinn.audits@example.test", "full_name": "Quinn", **both}
        await admit(company.administrator, convert(Admission, told))


async def test_an_auditor_goes_on_from_a_record_to_all_that_the_log_tells_of_it(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    reader = Reader(await client_of(company.auditor))
    page = await reader.open(f"/orders/{order.id}")
    assert page.links["Who could see it"] == f"/audit/records/{order.id}/readers"
    assert (await reader.open(page.links["As it was"])).status == 200
    assert "As it was" not in (await Reader(await client_of(company.buyer)).open(f"/orders/{order.id}")).text
    member = await reader.open(f"/people/{company.buyer.person}")
    assert "Gave somebody roles" in (await reader.open(member.links["Everything that was done about them"])).text


async def test_a_limit_is_typed_as_the_list_shows_it(client_of):
    company, _supplier = await trading_pair()
    reader = Reader(await client_of(company.administrator))
    at = f"/people/{company.approver.person}"
    page = await reader.open(at)
    kept = await reader.send(page, at, limit="10,000.50", limit_30_days="")
    assert (kept.status, "10000.50" in kept.html) == (200, True)
    refused = await reader.send(await reader.open(at), at, limit="10,00")
    assert refused.status == 422
