"""How many, how large, how long: bounds of batches, their turns and their end."""

import pytest

from portal.alerts import queries as alerts
from portal.documents.store import is_kept, remove
from portal.operations.batches import archive, chosen, commands
from portal.operations.batches.commands import making
from portal.operations.batches.commands.ending import LOOK_AFTER
from portal.operations.batches.rules import Names
from portal.platform.actor import Actor
from portal.platform.refusals import Conflict
from portal.platform.wiring import WIRING
from portal.platform.work import viewing
from tests.harness.batches import API, asked_batch, made_batch, sent_invoices, state_of, why_not
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.world import trading_pair


async def test_too_many_too_large_and_too_often_are_told_with_what_helps(connected, monkeypatch):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2")
    assert "nothing of this kind" in await why_not(company, month="2020-01")
    monkeypatch.setattr(chosen, "MOST", 1)
    assert "more than 1 documents" in await why_not(company)
    monkeypatch.setattr(chosen, "MOST", 2)
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000)
    told = await made_batch(company)
    assert told.state == "failed"
    assert told.problem == "Together these documents are larger than 0 MB. Ask for one partner."
    for _batch in range(3):
        await asked_batch(company)
    with pytest.raises(Conflict, match="3 batches of yours are under way"):
        await asked_batch(company)


async def test_a_turn_is_short_and_an_old_one_does_nothing(connected, monkeypatch, superuser):
    monkeypatch.setattr(making, "TURN", -1.0)
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2", "R-3")
    batch = await asked_batch(company)
    system = Actor.system(company.id)
    await commands.make(system, batch.id, 0)
    assert (await state_of(company.payable, batch)).done == 1
    await commands.make(system, batch.id, 0)
    assert (await state_of(company.payable, batch)).done == 1, "that turn was over"
    mine = [job["turn"] for job in await waiting_jobs(commands.MAKE) if job["batch_id"] == str(batch.id)]
    assert sorted(mine) == [0, 1]
    await run_jobs(commands.MAKE)
    assert (await state_of(company.payable, batch)).state == "ready"


async def test_a_file_goes_when_its_time_is_over_unless_a_younger_batch_has_the_same(connected, client_of, superuser):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    old, young = await made_batch(company), await made_batch(company)
    assert old.sha256 == young.sha256, "the same documents are the same bytes"
    superuser.execute("alter table batch disable trigger user")
    age = "update batch set expires_at = now() - interval '1 second' where id = %s"
    superuser.execute(age, [old.id])
    await commands.look_after(Actor.system(company.id))
    assert (await state_of(company.payable, old)).state == "expired"
    client = await client_of(company.payable)
    assert (await client.get(f"{API}/{old.id}/file")).status_code == 409
    assert "It was there until" in (await client.get(f"/batches/{old.id}")).text
    assert await is_kept(str(young.sha256), commands.shelf(company.id))
    superuser.execute(age, [young.id])
    superuser.execute("alter table batch enable trigger user")
    await commands.look_after(Actor.system(company.id))
    assert not await is_kept(str(young.sha256), commands.shelf(company.id))
    assert LOOK_AFTER in dict(WIRING.periodic)


async def test_what_nobody_makes_any_more_says_so(connected, superuser):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    batch = await asked_batch(company)
    await commands.look_after(Actor.system(company.id))
    assert (await state_of(company.payable, batch)).state == "asked"
    superuser.execute("update batch_turn set at = now() - interval '3 hours' where batch_id = %s", [batch.id])
    await commands.look_after(Actor.system(company.id))
    told = await state_of(company.payable, batch)
    assert (told.state, told.problem[:10]) == ("failed", "Nobody wen")


async def test_a_batch_counts_as_all_that_is_in_it_for_who_takes_out_very_much(connected, client_of, monkeypatch):
    monkeypatch.setattr("portal.alerts.rules.MOST_EXPORTS", 2)
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2", "R-3")
    told = await made_batch(company)
    client = await client_of(company.payable)
    assert (await client.get(f"{API}/{told.id}/file")).status_code == 200
    async with viewing(company.administrator) as view:
        assert [each.kind for each in (await alerts.alerts(view)).rows] == ["mass-export"]


async def test_a_file_that_is_lost_is_told_as_what_it_is(connected, client_of, superuser):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    told = await made_batch(company)
    await remove(str(told.sha256), commands.shelf(company.id))
    answer = await (await client_of(company.payable)).get(f"{API}/{told.id}/file")
    assert answer.status_code == 409
    assert "Ask for it again" in answer.json()["detail"]


def test_no_name_leads_out_of_its_folder_and_none_is_there_twice():
    names = Names()
    assert names.of("../../etc", "passwd") == "-..-etc/passwd"
    assert names.of("Müller & Söhne", "R/0815") == "Müller - Söhne/R-0815"
    assert names.of("MÜLLER & SÖHNE", "R\\0815") == "MÜLLER - SÖHNE/R-0815-2"
    assert names.of("…", " . ") == "-/-"
    assert names.of("ไม้ไผ่", "R-1") == "ไม้ไผ่/R-1", "marks of a letter stay on it"
    assert names.of("长" * 500, "号" * 500) == "长" * 40 + "/" + "号" * 40, "a disk takes 255 bytes a name"
