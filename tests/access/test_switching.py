"""One person, several organisations: switching between one's own, and never into anybody else's."""

from portal.access.commands import create_api_key
from tests.harness.kept import changed, kept
from tests.harness.pages import Page
from tests.harness.world import buying_company


async def test_who_names_a_foreign_organisation_leaves_no_trace_in_it(client_of, superuser):
    company, victim = await buying_company(), await buying_company()
    client = await client_of(company.buyer)
    before = kept(superuser, victim.id)

    answer = await client.post("/organisation", data={"organisation": str(victim.id)})

    assert answer.status_code == 403
    assert "not a member" in Page(answer).text
    assert changed(before, kept(superuser, victim.id)) == {}
    assert (await client.get("/api/v1/me")).json()["organisation"]["id"] == str(company.id)


async def test_a_key_for_programs_does_not_grow_into_a_session_of_its_person(client_of, anonymous):
    company = await buying_company()
    anonymous.headers["authorization"] = f"Bearer {await create_api_key(company.buyer, ['auditor'])}"

    answer = await anonymous.post("/organisation", data={"organisation": str(company.id)})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
