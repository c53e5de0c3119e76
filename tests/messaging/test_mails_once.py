"""Each mail is given to its server once, whoever is killed and however long the server is silent."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from portal.messaging import commands, post
from portal.messaging.notebook import never_given
from portal.messaging.smtp import Client
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.settings import override
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.world import issued_order, trading_pair
from tests.messaging.test_mail_post import MAILS, age, state_of


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
