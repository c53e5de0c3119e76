"""Who holds roles for an hour gives none for longer: not to others, and not to themselves by way of others."""

from typing import Any

import pytest

from portal.access.commands import change_rights, invite, open_session, reinstate_member, remove_member, set_security
from portal.access.forms import Admission, Rights, SecurityForm
from portal.access.guards import require
from portal.access.queries import identity_of_session
from portal.oversight import commands
from portal.oversight.forms import EmergencyForm
from portal.platform.convert import convert
from portal.platform.refusals import Denied
from tests.harness.oversight import WHY
from tests.harness.world import a_colleague, buying_company

SOCK = {"email": "sock@evil.test", "full_name": "Sock", "roles": ["administrator"]}


@pytest.fixture
async def company(connected):
    return await buying_company()


@pytest.fixture
async def in_need(company):
    """The buyer, who acts as an administrator for an hour."""
    form = convert(EmergencyForm, {"roles": ["administrator", "approver"], "minutes": 60, "reason": WHY})
    asked = await commands.ask(company.buyer, form)
    await commands.grant(company.approver, asked.id)
    opened = await open_session(company.buyer.person, company.id, "127.0.0.1", "tests")
    found = await identity_of_session(opened.token)
    assert found is not None
    assert "administrator" in found.actor.roles
    return found.actor


async def test_who_acts_in_an_emergency_invites_nobody(company, in_need):
    with pytest.raises(Denied, match="You act in an emergency"):
        await invite(in_need, convert(Admission, SOCK))


async def test_who_acts_in_an_emergency_gives_nobody_roles_nor_brings_anybody_back(company, in_need):
    colleague = await a_colleague(company, "receiver")
    with pytest.raises(Denied, match="You act in an emergency"):
        await change_rights(in_need, colleague.person, convert(Rights, {"roles": ["administrator"]}))
    await remove_member(in_need, colleague.person)
    with pytest.raises(Denied, match="You act in an emergency"):
        await reinstate_member(in_need, colleague.person)


async def test_who_acts_in_an_emergency_changes_no_rule_of_signing_in_and_approves_no_setting(company, in_need):
    with pytest.raises(Denied, match="You act in an emergency"):
        await set_security(in_need, convert(SecurityForm, {"second_factor": "own"}))
    with pytest.raises(Denied):
        require(in_need, "settings:check")


async def test_another_administrator_is_an_alert_to_those_there_are(company, superuser):
    def alerts() -> Any:
        sql = "select about from alert where organisation_id = %s and kind = 'policy-change'"
        return superuser.execute(sql, [company.id]).fetchall()

    await invite(company.administrator, convert(Admission, SOCK | {"roles": ["buyer"]}))
    assert alerts() == []
    await invite(company.administrator, convert(Admission, SOCK | {"email": "second@evil.test"}))
    assert alerts() == [("administrator",)]
