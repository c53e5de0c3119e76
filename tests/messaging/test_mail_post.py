"""The way of a mail: refused, delayed, into a folder, and never more headers than ours."""

import email
from datetime import timedelta
from email.policy import default
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from portal.messaging import commands
from portal.messaging.post import sender
from portal.messaging.rules import NOTICES, RECORDS, TOLD, one_line
from portal.messaging.states import MAIL
from portal.platform.actor import Actor
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
