"""Thirty people are reviewed with one reason: several roles are decided on at once, and all of them or none."""

from collections.abc import Sequence
from typing import Any

import pytest

from portal.oversight import commands
from portal.oversight.forms import RoleDecisions
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from tests.harness.campaigns import lines, opened, roles_of
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, buying_company

WHY = "Asked the heads of the departments."


def decision(told: Sequence[Any], decision: str = "keep", reason: str | None = WHY) -> RoleDecisions:
    return convert(RoleDecisions, {"roles": [str(each.id) for each in told], "decision": decision, "reason": reason})


async def campaign():
    company = await buying_company()
    review = await opened(company)
    asked = await lines(company, review)
    return company, review, [asked[company.people[role].person, role] for role in ("buyer", "receiver", "payable")]


async def test_several_roles_are_kept_for_one_reason():
    company, review, chosen = await campaign()
    await commands.decide_several(company.administrator, review.id, decision(chosen))
    told = await lines(company, review)
    done = [told[each.person_id, each.role] for each in chosen]
    assert {(each.state, each.reason, each.decided_by) for each in done} == {("kept", WHY, company.administrator.name)}
    assert sum(each.state == "open" for each in told.values()) == len(told) - 3


async def test_several_roles_are_taken_back_at_once(superuser):
    company, review, chosen = await campaign()
    both = await a_colleague(company, "buyer", "receiver")
    await commands.decide_several(company.administrator, review.id, decision(chosen, "revoke"))
    held = roles_of(superuser, company)
    assert {held[each.person_id][1] for each in chosen} == {False}
    assert held[both.person] == (["buyer", "receiver"], True)


@pytest.mark.parametrize("how", ["keep", "revoke"])
async def test_without_a_reason_none_of_them_is_decided(superuser, how):
    company, review, chosen = await campaign()
    with pytest.raises(Invalid) as refused:
        await commands.decide_several(company.administrator, review.id, decision(chosen, how, None))
    assert [each.field for each in refused.value.errors] == ["reason"]
    assert {each.state for each in (await lines(company, review)).values()} == {"open"}


async def test_one_that_is_not_ones_own_to_decide_keeps_all_of_them_open():
    company, review, chosen = await campaign()
    own = (await lines(company, review))[company.administrator.person, "administrator"]
    with pytest.raises(Denied):
        await commands.decide_several(company.administrator, review.id, decision([*chosen, own]))
    with pytest.raises(Denied):
        await commands.decide_several(company.buyer, review.id, decision(chosen))
    assert {each.state for each in (await lines(company, review)).values()} == {"open"}


async def test_roles_of_another_review_or_company_are_not_found():
    company, review, chosen = await campaign()
    stranger, theirs, others = await campaign()
    for who, which, told in (
        (company.administrator, review, [*chosen, others[0]]),
        (stranger.administrator, review, chosen),
        (company.administrator, theirs, others),
    ):
        with pytest.raises(NotFound):
            await commands.decide_several(who, which.id, decision(told))
    assert {each.state for each in (await lines(stranger, theirs)).values()} == {"open"}


async def test_the_last_administrators_are_not_taken_back_together(superuser):
    company = await buying_company()
    second, third = await a_colleague(company, "administrator"), await a_colleague(company, "administrator")
    review = await opened(company)
    asked = await lines(company, review)
    both = [asked[each.person, "administrator"] for each in (second, third)]
    await commands.decide_several(company.administrator, review.id, decision(both, "revoke"))
    own = asked[company.administrator.person, "administrator"]
    with pytest.raises((Denied, Conflict)):
        await commands.decide_several(second, review.id, decision([own], "revoke"))
    assert roles_of(superuser, company)[company.administrator.person] == (["administrator"], True)


async def test_the_page_ticks_all_keeps_the_ticks_and_says_what_is_missing(client_of):
    company, review, chosen = await campaign()
    reader = Reader(await client_of(company.administrator))
    at = f"/access-reviews/{review.id}"
    page = await reader.open(f"{at}?tick=all")
    client = reader.client
    ticked = (await client.get(f"{at}?tick=all")).text.count(" checked")
    form = page.form(f"{at}/decide").values
    sent = {"_csrf": form["_csrf"], "decision": "keep"}
    sent |= {f"roles.{2 * place}": str(each.id) for place, each in enumerate(chosen)}
    refused = await client.post(f"{at}/decide", data=sent)
    assert refused.status_code == 422
    assert all(f'value="{each.id}" checked' in refused.text for each in chosen)
    assert refused.text.count(" checked") == len(chosen) + 1
    kept = await client.post(f"{at}/decide", data=sent | {"reason": WHY}, follow_redirects=True)
    assert "Kept: 3." in kept.text
    assert (await client.get(f"{at}?tick=all")).text.count(" checked") == ticked - 3


async def test_nothing_ticked_is_told(client_of):
    company, review, _chosen = await campaign()
    client = await client_of(company.administrator)
    refused = await client.post(f"/access-reviews/{review.id}/decide", data={"decision": "keep", "reason": WHY})
    assert (refused.status_code, "There is a problem" in refused.text) == (422, True)


async def test_programs_decide_the_same_way(client_of):
    company, review, chosen = await campaign()
    client = await client_of(company.administrator)
    body = {"roles": [str(each.id) for each in chosen], "decision": "keep", "reason": WHY}
    answer = await client.post(f"/api/v1/access-reviews/{review.id}/decide", json=body)
    assert (answer.status_code, answer.json()["counts"]["kept"]) == (200, 3)
    none = await client.post(f"/api/v1/access-reviews/{review.id}/decide", json=body | {"roles": []})
    assert (none.status_code, none.json()["errors"][0]["field"]) == (422, "roles")
