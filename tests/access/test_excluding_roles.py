"""Roles whose duties exclude each other may be given, and whoever gives them is told what it means."""

import pytest

from portal.access.duties import apart, exclusions, sentences
from portal.access.queries import roles_of
from portal.platform.actor import ApprovalLimit
from portal.platform.refusals import Denied
from tests.harness.deliveries import received_goods
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, accepted_order, buying_company, trading_pair

RECEIVES = "Who receives goods does not approve the invoice for them."
NOTICE = "Their roles exclude each other: the portal refuses one person both acts on one transaction."


async def test_an_administrator_is_told_at_saving_which_duties_collide_and_it_is_kept(client_of, superuser):
    company = await buying_company()
    person = (await a_colleague(company, "receiver")).person_id
    reader = Reader(await client_of(company.administrator))
    form = await reader.open(f"/people/{person}")
    assert NOTICE not in form.text
    ticked = {f"roles.{roles_of('buyer').index(role)}": role for role in ("receiver", "payable")}

    page = await reader.send(form, f"/people/{person}", **ticked)

    assert page.text.count(NOTICE) == 2, "said once at saving, and on the page from here on"
    assert RECEIVES in page.text
    kept = superuser.execute("select roles from membership where person_id = %s", [person]).fetchone()
    assert set(kept[0]) == {"receiver", "payable"}
    assert NOTICE in (await reader.open(f"/people/{person}")).text


async def test_a_program_is_told_in_the_answer_and_the_report_names_the_person(client_of):
    company = await buying_company()
    person = await a_colleague(company, "receiver")
    client = await client_of(company.administrator)
    at = f"/api/v1/members/{person.person_id}"

    apart_ = (await client.put(at, json={"roles": ["receiver"]})).json()
    both = (await client.put(at, json={"roles": ["receiver", "payable"]})).json()
    invited = await client.post("/api/v1/invitations", json={"email": "new@a.test", "roles": ["buyer", "approver"]})
    report = (await (await client_of(company.auditor)).get("/api/v1/policy/conflicts")).json()["people"]

    assert apart_["conflicts"] == []
    assert RECEIVES in both["conflicts"]
    assert len(both["conflicts"]) == len(set(both["conflicts"]))
    assert "Who changes an order does not approve it." in invited.json()["conflicts"]
    told = {each["why"] for each in report if each["person_id"] == str(person.person_id)}
    assert told >= set(both["conflicts"])
    assert all(set(each["roles"]) == {"receiver", "payable"} for each in report if each["why"] == RECEIVES)


async def test_whoever_is_invited_to_roles_that_exclude_each_other_is_doubted_and_invited(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.administrator))
    form = await reader.open("/people/invitations")
    places = {f"roles.{roles_of('buyer').index(role)}": role for role in ("receiver", "payable")}
    page = await reader.send(form, "/people/invitations", email="both@a.test", language="en", **places)

    assert "A mail is on its way to both@a.test. Their roles exclude each other" in page.text
    more = len(sentences(["receiver", "payable"], "buyer")) - 3
    assert f"and {more} more" in page.text


async def test_what_one_role_alone_gives_is_no_doubt_of_whoever_gives_it(client_of):
    company = await buying_company()
    page = await Reader(await client_of(company.administrator)).open(f"/people/{company.buyer.person_id}")
    assert NOTICE not in page.text


async def test_the_form_says_beforehand_which_roles_do_not_go_together(client_of):
    company = await buying_company()
    page = await Reader(await client_of(company.administrator)).open(f"/people/{company.receiver.person_id}")
    assert "Receiver: not with Approver, Accounts payable" in page.text


async def test_what_the_warning_says_is_what_commands_do():
    company, supplier = await trading_pair()
    both = await a_colleague(company, "approver", "receiver", limit=ApprovalLimit("EUR", None, None))
    company.people |= {"approver": both, "receiver": both}
    order = await accepted_order(company, supplier)
    with pytest.raises(Denied, match="Somebody else must do this") as refused:
        await received_goods(company, order, "10")
    assert any(str(why) in str(refused.value) for why in sentences(both.roles, "buyer"))


@pytest.mark.parametrize("kind", ["buyer", "supplier", "both"])
def test_roles_stand_apart_exactly_where_together_they_give_what_neither_gives_alone(kind):
    known = roles_of(kind)
    told = apart(known, kind)
    for one in known:
        for other in known:
            if one != other:
                more = {each[:2] for each in exclusions((one, other), kind)}
                more -= {each[:2] for role in (one, other) for each in exclusions((role,), kind)}
                assert (other in told.get(one, [])) == bool(more)
