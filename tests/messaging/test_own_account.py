"""Who takes over an account does not stay unnoticed: its person is told, and nobody else."""

from portal.access import commands as access
from portal.messaging.commands import SEND, WARN
from portal.platform.actor import Actor
from tests.harness.identity import PASSWORD, sets_up_an_app, with_password
from tests.harness.jobs import run_jobs
from tests.harness.mail import another
from tests.harness.world import trading_pair

MAILS = (WARN, SEND)


def subjects(inbox):
    return [(mail["Subject"], to) for mail, to in zip(inbox.mails, inbox.envelopes, strict=True)]


async def test_a_changed_password_is_told_to_its_person_once_in_their_language(inbox, client_of):
    company, _supplier = await trading_pair()
    fang = await another(company, "buyer", full_name="王芳", language="zh-Hans", time_zone="Asia/Shanghai")
    await with_password(fang, company.buyer)

    for person in (fang, company.buyer):
        client = await client_of(person)
        body = {"password": PASSWORD, "new_password": "a sentence of quite another kind"}
        assert (await client.post("/api/v1/me/password", json=body)).status_code < 300
    await run_jobs(*MAILS)
    await run_jobs(*MAILS)

    assert subjects(inbox) == [("您的密码已更改", [fang.email]), ("Your password was changed", [company.buyer.email])]
    said = " ".join(inbox.mails[1].get_body(("plain",)).get_content().split())
    assert "If it was not you, ask for a new password at once" in said
    assert "http://portal.test/profile" in said


async def test_the_first_password_is_no_news(inbox):
    company, _supplier = await trading_pair()
    operator = Actor.system(company.id)
    await access.set_password(operator, company.buyer.person, "the very first sentence of all", first=True)
    await run_jobs(*MAILS)

    assert inbox.mails == []


async def test_a_removed_second_factor_is_told_whoever_removed_it(inbox, client_of):
    company, _supplier = await trading_pair()
    await with_password(company.buyer, company.approver)
    for person in (company.buyer, company.approver):
        await sets_up_an_app(await client_of(person))

    await access.remove_factors(Actor.system(company.id), company.buyer.person)
    await run_jobs(*MAILS)

    assert subjects(inbox) == [("A second factor was removed from your account", [company.buyer.email])]
