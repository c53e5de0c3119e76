"""The way of a mail: refused, delayed, into a folder, and never more headers than ours."""

import asyncio
import email
import os
import subprocess
import sys
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from portal.messaging import commands, post
from portal.messaging.notebook import never_given
from portal.messaging.post import sender
from portal.messaging.rules import NOTICES, RECORDS, TOLD, one_line
from portal.messaging.smtp import Client
from portal.messaging.states import MAIL
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.settings import override
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.mail import another
from tests.harness.world import issued_order, trading_pair

MAILS = (commands.NOTIFY, commands.SEND)


async def state_of(superuser, supplier) -> tuple[str, str]:
    return superuser.execute(
        "select state, error from mail_message where organisation_id = %s", [supplier.id]
    ).fetchone()


async def test_a_mail_that_is_refused_for_good_is_given_up_and_told(inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    inbox.answer = "550 no such mailbox"
    with capture_logs() as told:
        done = await run_jobs(*MAILS)
    assert {each.error for each in done} == {None}
    state, error = await state_of(superuser, supplier)
    assert (state, "no such mailbox" in error) == ("failed", True)
    assert "a mail is given up" in {line["event"] for line in told}


async def test_a_mail_that_nobody_takes_now_waits_and_goes_out_later(inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    inbox.answer = "451 come back later"
    done = await run_jobs(*MAILS)
    assert [each.error is None for each in done if each.name == commands.SEND].count(False) > 0
    assert (await state_of(superuser, supplier))[0] == "queued"

    inbox.answer = "250 OK"
    system = Actor.system(supplier.id)
    await commands.look_after_remaining(system)
    assert await waiting_jobs(commands.SEND) == []
    age(superuser, supplier, timedelta(hours=1))
    await commands.look_after_remaining(system)
    await run_jobs(*MAILS)
    assert len(inbox.of(supplier.order_desk)) == 1
    assert (await state_of(superuser, supplier))[0] == "sent"


async def test_a_mail_that_nobody_took_for_days_is_given_up(inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    age(superuser, supplier, timedelta(days=4))
    await commands.look_after_remaining(Actor.system(supplier.id))
    assert (await state_of(superuser, supplier))[0] == "failed"
    await run_jobs(*MAILS)
    assert inbox.of(supplier.order_desk) == []


async def test_who_left_meanwhile_gets_no_mail(inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    superuser.execute("update membership set active = false where organisation_id = %s", [supplier.id])
    await run_jobs(*MAILS)
    assert inbox.of(supplier.order_desk) == []
    assert (await state_of(superuser, supplier))[0] == "failed"


@pytest.mark.parametrize(
    "columns",
    [
        {"full_name": "Eve\r\nBcc: spy@evil.test\r\n\r\nbody"},
        {"full_name": 'Eve" <spy@evil.test>, "x'},
        {"full_name": "Eve\u2028Bcc: spy@evil.test\x00"},
    ],
)
async def test_a_name_never_becomes_a_header(inbox, superuser, columns):
    company, supplier = await trading_pair()
    eve = await another(supplier, "order_desk", **{name: text.replace("\x00", "") for name, text in columns.items()})
    superuser.execute("update organisation set name = E'Acme\\r\\nX-Evil: 1' where id = %s", [company.id])
    await issued_order(company, supplier)
    await run_jobs(*MAILS)

    (mail,) = inbox.of(eve)
    assert [address.addr_spec for address in mail["To"].addresses] == [eve.email]
    assert (mail["Bcc"], mail["X-Evil"]) == (None, None)
    assert "Acme X-Evil: 1" in mail["Subject"]
    assert set(mail.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted"),
        *("MIME-Version", "Content-Type"),
    }


async def test_an_address_that_is_none_is_given_up_without_harm_to_others(inbox, superuser):
    company, supplier = await trading_pair()
    await another(supplier, "order_desk", email=f"x\r\nbcc: spy@evil.test {supplier.id}")
    await issued_order(company, supplier)
    await run_jobs(*MAILS)
    states = superuser.execute(
        "select state, count(*) from mail_message where organisation_id = %s group by state order by state",
        [supplier.id],
    ).fetchall()
    assert states == [("failed", 1), ("sent", 1)]
    assert len(inbox.mails) == len([mail for mail in inbox.mails if "evil" not in mail.as_string()])


async def test_a_folder_collects_mails_and_the_same_one_only_once(connected, tmp_path, superuser):
    company, supplier = await trading_pair()
    with override(smtp_url=(tmp_path / "mail").as_uri()):
        await issued_order(company, supplier)
        await run_jobs(*MAILS)
        files = list((tmp_path / "mail").glob("*.eml"))
        ours = [file for file in files if supplier.order_desk.email in file.read_text()]
        assert len(ours) == 1
        assert ours[0].stat().st_mode & 0o777 == 0o600
        mail = email.message_from_bytes(ours[0].read_bytes(), policy=default)
        assert mail.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        superuser.execute("alter table mail_message disable trigger all")
        superuser.execute(
            "update mail_message set state = 'queued', sent_at = null where organisation_id = %s", [supplier.id]
        )
        superuser.execute("alter table mail_message enable trigger all")
        message = superuser.execute("select id from mail_message where organisation_id = %s", [supplier.id]).fetchone()
        await commands.send(Actor.system(supplier.id), message[0])
        assert len(list((tmp_path / "mail").glob("*.eml"))) == len(files)


@pytest.mark.parametrize(
    ("smtp", "url", "address"),
    [
        ("smtp://mail.example.com", "https://portal.example.com", "portal@portal.example.com"),
        ("smtp://mail.example.com?from=buying@example.com", "https://portal.example.com", "buying@example.com"),
        ("smtps://buying%40example.com:secret@mail.example.com", "https://x.example.com", "buying@example.com"),
        ("smtp://user:secret@mail.example.com", "http://127.0.0.1:8000", "portal@[127.0.0.1]"),
    ],
)
def test_the_sender_is_what_the_server_will_take(smtp, url, address):
    with override(smtp_url=smtp, url=url):
        assert sender() == address


@pytest.mark.parametrize(("verb", "state"), [(row.verb, state) for row in MAIL for state in MAIL.names])
def test_a_verb_is_taken_in_its_states_and_refused_in_all_others(verb, state):
    row = SimpleNamespace(id=None, state=state)
    everybody = SimpleNamespace(require=lambda permission, about: None)
    transition = next(each for each in MAIL if each.verb == verb)
    if state in transition.sources:
        MAIL.take(verb, row, everybody)
        assert row.state == transition.target
    else:
        with pytest.raises(Conflict):
            MAIL.take(verb, row, everybody)


def test_the_database_knows_the_same_transitions(superuser):
    told = superuser.execute(
        "select encode(tgargs, 'escape') from pg_trigger "
        "where tgname = 'legal_state' and tgrelid = 'mail_message'::regclass"
    ).fetchone()
    assert {tuple(pair.split(">")) for pair in told[0].split("\\000") if pair} == MAIL.pairs()


def test_every_notice_is_of_a_record_that_has_a_page_and_tells_what_has_a_name():
    assert {code.partition(".")[0] for code in NOTICES} <= RECORDS.keys()
    assert {name for notice in NOTICES.values() for name in notice.told} <= TOLD.keys()


def test_a_header_is_one_line_of_printable_signs():
    assert one_line(" a\r\nb\tc\u2028d\u202ee\x7f ") == "a b c d e"


def age(superuser, supplier, by: timedelta) -> None:
    superuser.execute(
        "update mail_message set created_at = created_at - %s where organisation_id = %s", [by, supplier.id]
    )


async def test_what_is_left_over_is_looked_after_in_batches_to_the_last(inbox, superuser, monkeypatch):
    company, supplier = await trading_pair()
    for _each in range(5):
        await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    superuser.execute("delete from dramatiq.queue")
    age(superuser, supplier, timedelta(hours=1))
    monkeypatch.setattr(commands, "BATCH", 2)
    await commands.look_after_remaining(Actor.system(supplier.id))
    assert len(await waiting_jobs(commands.SEND)) == 2
    await run_jobs(*MAILS, commands.REMAINING)
    left = "select count(*) from mail_message where organisation_id = %s and state = 'queued'"
    assert superuser.execute(left, [supplier.id]).fetchone() == (0,)


async def test_a_mail_whose_server_takes_it_and_never_says_so_is_not_sent_again(inbox, superuser, monkeypatch):
    monkeypatch.setattr(post, "SECONDS", 0.3)
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    (job,) = [each for each in await waiting_jobs(commands.SEND) if each["organisation_id"] == str(supplier.id)]
    inbox.verdict = ""
    with capture_logs() as told:
        await run_jobs(*MAILS)
    assert "a mail was handed over and not confirmed" in {line["event"] for line in told}
    assert (await state_of(superuser, supplier))[0] == "handed"

    inbox.verdict = "250 taken"
    age(superuser, supplier, timedelta(hours=1))
    await commands.look_after_remaining(Actor.system(supplier.id))
    await commands.send(Actor.system(supplier.id), UUID(job["message_id"]))
    await run_jobs(*MAILS)
    assert len(inbox.of(supplier.order_desk)) == 1
    waiting = superuser.execute("select number from portal.waiting() where kind = 'unconfirmed'").fetchone()
    assert waiting[0] >= 1


async def test_a_mail_that_a_killed_worker_had_handed_over_is_left_to_whoever_has_it(inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    (job,) = [each for each in await waiting_jobs(commands.SEND) if each["organisation_id"] == str(supplier.id)]
    system, mail = Actor.system(supplier.id), UUID(job["message_id"])
    first = commands.Handing(system, mail, new_id())
    assert await first.claim()
    assert await first.claim(), "whoever did not hear the answer asks again"
    assert not await commands.Handing(system, mail, new_id()).claim()
    await run_jobs(*MAILS)
    assert inbox.of(supplier.order_desk) == []
    await first.confirm()
    assert (await state_of(superuser, supplier))[0] == "sent"


async def test_a_mail_that_two_workers_send_at_the_same_time_arrives_once(inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    (job,) = [each for each in await waiting_jobs(commands.SEND) if each["organisation_id"] == str(supplier.id)]
    twice = [commands.send(Actor.system(supplier.id), UUID(job["message_id"])) for _each in range(2)]
    await asyncio.gather(*twice)
    assert len(inbox.of(supplier.order_desk)) == 1
    assert (await state_of(superuser, supplier))[0] == "sent"


async def test_a_mail_that_is_refused_after_its_text_is_sent_again_or_given_up_as_the_server_says(inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    inbox.verdict = "451 too busy to look into it"
    done = await run_jobs(*MAILS)
    assert {type(each.error).__name__ for each in done if each.name == commands.SEND} >= {"NotTaken"}
    assert (await state_of(superuser, supplier))[0] == "queued"

    inbox.verdict = "554 not with these words"
    age(superuser, supplier, timedelta(hours=1))
    await commands.look_after_remaining(Actor.system(supplier.id))
    await run_jobs(*MAILS)
    state, error = await state_of(superuser, supplier)
    assert (state, "not with these words" in error) == ("failed", True)


async def test_lines_of_a_mail_that_begin_with_a_dot_arrive_as_they_were(inbox):
    _company, supplier = await trading_pair()
    mail = EmailMessage()
    mail["From"], mail["To"] = "portal@portal.test", supplier.order_desk.email
    mail.set_content(".\n..two\n.one\nend")

    async def claim() -> bool:
        return True

    await post.deliver(UUID(int=1), mail, claim)
    assert inbox.of(supplier.order_desk)[0].get_content().splitlines() == [".", "..two", ".one", "end"]


async def test_a_mail_that_was_claimed_and_never_given_is_sent_by_whoever_comes_next(inbox, superuser, monkeypatch):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    (job,) = [each for each in await waiting_jobs(commands.SEND) if each["organisation_id"] == str(supplier.id)]
    system, mail = Actor.system(supplier.id), UUID(job["message_id"])

    async def broken_off(*_told):
        raise asyncio.CancelledError

    with monkeypatch.context() as broken, pytest.raises(asyncio.CancelledError):
        broken.setattr(Client, "_give", broken_off)
        await commands.send(system, mail)
    assert (await state_of(superuser, supplier))[0] == "handed"

    await commands.send(system, mail)
    assert len(inbox.of(supplier.order_desk)) == 1
    assert (await state_of(superuser, supplier))[0] == "sent"


def test_the_notebook_of_a_killed_worker_tells_what_it_never_gave(tmp_path):
    """Three attempts, in a process that ends without a word: claimed, given, over."""
    ids = [str(UUID(int=number)) for number in (1, 2, 3)]
    script = (
        "import os, sys, signal; from uuid import UUID; from portal.messaging.notebook import noted\n"
        "claimed, given, over = map(UUID, sys.argv[1:])\n"
        "with noted(over): pass\n"
        "with noted(claimed), noted(given) as note:\n"
        "    note.given(); print('ready', flush=True); signal.pause()"
    )
    told = {"PORTAL_DATA": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    begun = [sys.executable, "-c", script, *ids]
    worker = subprocess.Popen(begun, env=told, stdout=subprocess.PIPE)
    assert worker.stdout
    assert worker.stdout.readline()
    with override(data=tmp_path):
        assert [never_given(UUID(each)) for each in ids] == [False, False, False]
        worker.kill()
        worker.communicate()
        assert [never_given(UUID(each)) for each in ids] == [True, False, False]
