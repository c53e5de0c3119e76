"""Links by mail: the reader of the mailbox sets a new password, once; nobody learns who has an account."""

import asyncio
import statistics
import time

import pytest

from portal.messaging import post
from portal.messaging.links import send_link
from portal.platform.actor import Actor
from tests.harness.identity import PASSWORD, link_in_mail, signs_in, with_password
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.world import buying_company

NEW = "another long sentence of mine"
ASK = "/api/v1/password-links"


@pytest.fixture
async def company(connected):
    company = await buying_company()
    await with_password(company.buyer, company.approver)
    return company


async def test_a_lost_password_is_replaced_by_a_link(anonymous, client_of, company, inbox):
    open_before = await client_of(company.buyer)
    reader = Reader(anonymous)
    page = await reader.open("/lost-password")
    said = await reader.send(page, "/lost-password", email=company.buyer.email)
    assert "If there is an account" in said.text
    link = await link_in_mail(inbox, company.buyer.email, "/reset-password/")

    form = await reader.open(link)
    assert (await reader.send(form, link, new_password="too short")).status == 422
    assert (await reader.send(form, link, new_password="qwerty123456")).status == 422
    done = await reader.send(form, link, new_password=NEW)
    assert "Your password is set" in done.text
    assert (await open_before.get("/api/v1/me")).status_code == 401
    assert (await signs_in(anonymous, company.buyer)).status_code == 401
    assert (await signs_in(anonymous, company.buyer, password=NEW)).status_code == 201
    assert (await reader.open(link)).status == 404
    assert (await reader.send(form, link, new_password=NEW + "!")).status == 404


async def test_ten_at_once_use_a_link_once(anonymous, company, inbox):
    await anonymous.post(ASK, json={"email": company.buyer.email})
    token = (await link_in_mail(inbox, company.buyer.email, "/reset-password/")).rpartition("/")[2]
    bodies = [{"new_password": f"sentence number {number} of mine"} for number in range(10)]
    answers = await asyncio.gather(*(anonymous.post(f"{ASK}/{token}", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 9


async def test_a_link_lasts_an_hour_and_a_newer_one_takes_its_place(anonymous, company, inbox, superuser):
    links = []
    for _time in range(2):
        await anonymous.post(ASK, json={"email": company.buyer.email})
        links.append((await link_in_mail(inbox, company.buyer.email, "/reset-password/")).rpartition("/")[2])
    assert (await anonymous.post(f"{ASK}/{links[0]}", json={"new_password": NEW})).status_code == 404
    superuser.execute(
        "update mail_link set expires_at = expires_at - interval '1 hour' where subject_id = %s", [company.buyer.person]
    )
    assert (await anonymous.post(f"{ASK}/{links[1]}", json={"new_password": NEW})).status_code == 404


async def test_known_and_unknown_addresses_get_the_same_answer_in_the_same_time(anonymous, company, inbox):
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    told = set()
    for number in range(4):
        people = {"known": (company.buyer, company.approver)[number % 2].email, "unknown": f"n{number}@example.test"}
        for kind, email in people.items():
            began = time.perf_counter()
            answer = await anonymous.post(ASK, json={"email": email})
            took[kind].append(time.perf_counter() - began)
            told.add((answer.status_code, answer.text))
    assert len(told) == 1
    assert abs(statistics.median(took["known"]) - statistics.median(took["unknown"])) < 0.05
    assert min(took["unknown"]) >= 0.5
    await run_jobs("messaging.link")
    assert {to[0] for to in inbox.envelopes} == {company.buyer.email, company.approver.email}


async def test_nobodys_mailbox_is_flooded(anonymous, company, inbox):
    statuses = [(await anonymous.post(ASK, json={"email": company.buyer.email})).status_code for _time in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    unknown = [(await anonymous.post(ASK, json={"email": "flood@example.test"})).status_code for _time in range(7)]
    assert unknown == statuses
    assert (await signs_in(anonymous, company.buyer)).status_code == 201


async def test_the_token_is_in_the_mail_and_nowhere_else(anonymous, company, inbox, superuser):
    await anonymous.post(ASK, json={"email": company.buyer.email})
    queued = superuser.execute("select message::text from dramatiq.queue").fetchall()
    token = (await link_in_mail(inbox, company.buyer.email, "/reset-password/")).rpartition("/")[2]
    for table in ("mail_link", "audit_entry", "audit_private"):
        assert token not in str(superuser.execute(f"select t::text from {table} t".encode()).fetchall())
    assert token not in str(queued)


async def test_a_job_that_runs_twice_sends_one_mail(anonymous, company, inbox, superuser):
    await anonymous.post(ASK, json={"email": company.buyer.email})
    await link_in_mail(inbox, company.buyer.email, "/reset-password/")
    row = superuser.execute("select id from mail_link where subject_id = %s", [company.buyer.person]).fetchone()
    await send_link(Actor.system(company.id), row[0])
    assert len(inbox.of(company.buyer)) == 1


async def test_the_host_of_a_request_never_reaches_the_link(anonymous, company, inbox):
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    await anonymous.post(ASK, json={"email": company.buyer.email}, headers=headers)
    assert await link_in_mail(inbox, company.buyer.email, "/reset-password/")
    assert "evil.example" not in str(inbox.mails[-1])
    assert PASSWORD not in str(inbox.mails[-1])


async def test_a_link_whose_mail_server_never_answers_is_sent_once_and_one_that_is_refused_for_now_again(
    company, inbox, anonymous, monkeypatch, superuser
):
    monkeypatch.setattr(post, "SECONDS", 0.3)
    await anonymous.post(ASK, json={"email": company.buyer.email})
    inbox.verdict = "451 not now"
    assert {type(each.error).__name__ for each in await run_jobs("messaging.link")} == {"NotTaken"}
    inbox.mails.clear()
    inbox.envelopes.clear()

    row = superuser.execute("select id from mail_link where subject_id = %s", [company.buyer.person]).fetchone()
    inbox.verdict = ""
    await send_link(Actor.system(company.id), row[0])
    inbox.verdict = "250 taken"
    await send_link(Actor.system(company.id), row[0])
    assert inbox.envelopes == [[company.buyer.email]]
