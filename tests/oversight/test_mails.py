"""An emergency is no secret: administrators and auditors hear of it at once, and reviewers of what they have to do."""

from typing import Any

from portal.access.commands import open_session, see_as
from portal.access.forms import LookForm
from portal.oversight import commands
from portal.oversight.forms import OwnersForm
from portal.platform.convert import convert
from tests.harness.jobs import run_jobs
from tests.harness.oversight import asked_emergency, open_campaign
from tests.harness.world import a_colleague, buying_company

MAILS = ("messaging.notify", "messaging.send")


def subjects(inbox: Any, person: Any) -> list[str]:
    return [mail["Subject"] for mail in inbox.of(person)]


async def test_administrators_and_auditors_are_alerted_also_who_granted_it(inbox):
    company = await buying_company()
    other = await a_colleague(company, "administrator")
    made = await asked_emergency(company)
    await commands.grant(company.administrator, made.id)
    await run_jobs(*MAILS)
    alert = f"Alert: emergency access {made.number} was granted"
    for person in (company.administrator, other, company.auditor):
        assert alert in subjects(inbox, person)
    text = inbox.of(company.auditor)[-1].get_body(("plain",)).get_content()
    assert made.reason in text
    assert f"/emergency-access/{made.id}" in text
    assert subjects(inbox, company.buyer) == []


async def test_a_third_person_is_asked_to_review_and_neither_of_the_two(inbox):
    company = await buying_company()
    made = await asked_emergency(company)
    await commands.grant(company.administrator, made.id)
    await commands.end(company.receiver, made.id)
    await run_jobs(*MAILS)
    wanted = f"{made.number}: review an emergency access that is over"
    assert wanted in subjects(inbox, company.approver)
    assert wanted not in subjects(inbox, company.administrator) + subjects(inbox, company.receiver)


async def test_reviewers_hear_of_a_campaign_and_nobody_else(inbox):
    company = await buying_company()
    owners = convert(OwnersForm, {"owners": [str(company.approver.person)]})
    await commands.set_owners(company.administrator, "buyer", owners)
    other = await a_colleague(company, "administrator")
    review = await open_campaign(company)
    await run_jobs(*MAILS)
    wanted = f"{review.number}: look through who may do what"
    assert subjects(inbox, company.approver) == [wanted]
    assert subjects(inbox, other) == [wanted]
    assert subjects(inbox, company.receiver) == []


async def test_whoever_is_looked_as_is_told_why(inbox):
    company = await buying_company()
    opened = await open_session(company.administrator.person, company.id, "127.0.0.1", "tests")
    form = convert(LookForm, {"reason": "She does not find an order."})
    await see_as(opened.actor, company.buyer.person, form)
    await run_jobs(*MAILS)
    [mail] = inbox.of(company.buyer)
    assert mail["Subject"] == "An administrator looks at the portal as you"
    assert "She does not find an order." in mail.get_body(("plain",)).get_content()
