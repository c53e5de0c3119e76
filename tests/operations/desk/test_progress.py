"""While an import runs: how far it is, its end before its time, and workers that die."""

import asyncio
from collections import defaultdict
from typing import Any
from uuid import UUID

import pytest

from portal.operations import progress as stream
from portal.operations.desk import progress, runs
from portal.operations.desk.commands.start import RUN
from portal.operations.desk.outcome import Outcome, keep
from portal.operations.desk.pages import progress as telling
from portal.operations.desk.progress import Cancelled
from portal.platform.actor import Actor
from portal.platform.jobs import run
from tests.harness.jobs import run_jobs
from tests.harness.parts import eventually
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, brought, mapped
from tests.operations.nordwerk import ITEMS, records

MANY = "Nr;Bezeichnung;ME\n" + "".join(f"M-{n};Schraube M{n};Stk\n" for n in range(20_000))


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    """Stories do not wait half a second between two looks."""
    monkeypatch.setattr(progress, "EVERY", 0.02)
    monkeypatch.setattr(stream, "EVERY", 0.02)


@pytest.fixture
def held(monkeypatch) -> asyncio.Event:
    """A run that tells of a half and then waits for this event before it is what it is."""
    go_on, real = asyncio.Event(), runs.run_import

    async def waiting(actor: Actor, asked: Any, tell: Any) -> Any:
        tell(0.5, asked.files[0].name)
        await go_on.wait()
        return await real(actor, asked, tell)

    monkeypatch.setattr(runs, "run_import", waiting)
    return go_on


class Heard:
    """Which streams have told of an import."""

    def __init__(self) -> None:
        self._streams: dict[UUID, set[Any]] = defaultdict(set)
        self._more = asyncio.Event()

    def note(self, import_id: UUID) -> None:
        self._streams[import_id].add(asyncio.current_task())
        self._more.set()

    async def by(self, import_id: str, streams: int) -> None:
        async with asyncio.timeout(10):
            while len(self._streams[UUID(import_id)]) < streams:
                self._more.clear()
                await self._more.wait()


@pytest.fixture
def heard(monkeypatch) -> Heard:
    told, real = Heard(), telling._piece

    def noting(actor: Actor, shown: Any) -> str:
        told.note(shown.id)
        return real(actor, shown)

    monkeypatch.setattr(telling, "_piece", noting)
    return told


async def started(client_of, company, text=ITEMS, **how):
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", text))
    await mapped(client, made["id"], "items")
    await client.post(f"{API}/{made['id']}/start", json={"trial": False} | how)
    return client, made["id"]


async def its(client, import_id, wanted):
    """The import, as soon as it is in this state."""
    for _look in range(500):
        shown = (await client.get(f"{API}/{import_id}")).json()
        if shown["state"] == wanted and (wanted != "running" or shown["progress"]):
            return shown
        await asyncio.sleep(0.02)
    raise AssertionError(shown["state"])


async def test_who_comes_while_it_runs_sees_how_far_it_is_and_then_what_came_of_it(client_of, held, heard):
    company = await buying_company()
    client, import_id = await started(client_of, company)
    working = asyncio.create_task(run_jobs(RUN))
    shown = await its(client, import_id, "running")
    while shown["progress"]["done"] != 0.5:
        shown = await its(client, import_id, "running")
    page = await client.get(f"/imports/{import_id}")
    assert "50 %" in page.text
    assert f'sse-connect="/imports/{import_id}/progress"' in page.text

    listening = [asyncio.create_task(client.get(f"/imports/{import_id}/progress")) for _window in range(2)]
    await heard.by(import_id, 2)
    held.set()
    for answer in await asyncio.gather(*listening):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert "event: told" in answer.text
        assert "50 %" in answer.text
        assert "event: over\ndata: imported" in answer.text.replace("\r\n", "\n")
    await working


async def test_who_comes_after_the_end_is_told_of_it_at_once(client_of):
    company = await buying_company()
    client, import_id = await started(client_of, company)
    await run_jobs(RUN)
    answer = await client.get(f"/imports/{import_id}/progress")
    assert answer.text.replace("\r\n", "\n") == "event: over\ndata: imported\n\n"


async def test_a_stream_ends_after_a_while_and_may_be_asked_for_anew(client_of, monkeypatch):
    monkeypatch.setattr(stream, "LASTS", 0.1)
    company = await buying_company()
    client, import_id = await started(client_of, company)
    for _again in range(2):
        answer = await client.get(f"/imports/{import_id}/progress")
        assert "Waiting for its turn" in answer.text
        assert "retry: 300" in answer.text
        assert "over" not in answer.text
    await run_jobs(RUN)


async def test_who_signs_out_hears_no_more(client_of, held, heard):
    company = await buying_company()
    client, import_id = await started(client_of, company)
    listening = asyncio.create_task(client.get(f"/imports/{import_id}/progress"))
    await heard.by(import_id, 1)
    assert (await client.delete("/api/v1/sessions/current")).status_code == 204
    answer = await asyncio.wait_for(listening, 5)
    assert "over" not in answer.text
    held.set()
    await run_jobs(RUN)


async def test_a_run_that_is_cancelled_in_the_middle_leaves_nothing(client_of):
    company = await buying_company()
    client, import_id = await started(client_of, company, MANY)
    working = asyncio.create_task(run_jobs(RUN))
    await its(client, import_id, "running")
    assert (await client.post(f"{API}/{import_id}/cancel")).status_code == 200
    again = await client.post(f"{API}/{import_id}/cancel")
    assert again.status_code in (200, 409), "twice is once, unless the run has ended by then"
    await working
    shown = await its(client, import_id, "cancelled")
    assert shown["cancel_asked_at"] is not None
    assert await records(company, "select 1 from item union all select 1 from import_run") == []

    again = await client.post(f"{API}/{import_id}/start", json={"trial": False})
    assert again.json()["state"] == "queued"
    await run_jobs(RUN)
    assert len(await records(company, "select 1 from item")) == 20_000


async def test_who_cancels_after_the_commit_is_told_that_it_is_imported(client_of, monkeypatch):
    async def too_late(actor: Actor, import_id: UUID, work: Any) -> Any:
        await work(lambda _done, _what: None)
        raise Cancelled

    monkeypatch.setattr(runs, "watched", too_late)
    company = await buying_company()
    client, import_id = await started(client_of, company)
    await run_jobs(RUN)
    shown = (await client.get(f"{API}/{import_id}")).json()
    assert (shown["state"], shown["counts"]["items"]["created"]) == ("imported", 2)


async def test_a_second_delivery_while_the_first_runs_does_nothing(client_of, held):
    company = await buying_company()
    client, import_id = await started(client_of, company)
    working = asyncio.create_task(run_jobs(RUN))
    await its(client, import_id, "running")
    await run(RUN, organisation_id=str(company.id), import_id=import_id)
    assert (await client.get(f"{API}/{import_id}")).json()["state"] == "running"
    held.set()
    await working
    assert (await its(client, import_id, "imported"))["counts"]["items"]["created"] == 2


async def test_a_second_delivery_after_a_death_tells_that_it_was_interrupted(client_of, superuser):
    company = await buying_company()
    client, import_id = await started(client_of, company)
    superuser.execute("update file_import set state = 'running' where id = %s", [import_id])
    await run_jobs(RUN)
    page = await client.get(f"/imports/{import_id}")
    assert "It was interrupted, and nothing was changed" in page.text
    await client.post(f"{API}/{import_id}/start", json={"trial": False})
    await run_jobs(RUN)
    assert (await its(client, import_id, "imported"))["errors"] == 0


async def test_a_death_after_the_commit_lost_nothing(client_of, monkeypatch):
    async def dying(actor: Actor, import_id: UUID, outcome: Outcome) -> None:
        if outcome.verb == "complete":
            monkeypatch.undo()
            raise ConnectionError("the worker died")
        await keep(actor, import_id, outcome)

    monkeypatch.setattr(runs, "keep", dying)
    company = await buying_company()
    client, import_id = await started(client_of, company)
    await run_jobs(RUN)
    shown = (await client.get(f"{API}/{import_id}")).json()
    assert (shown["state"], shown["counts"]["items"]["created"]) == ("imported", 2)


async def test_two_imports_at_once_take_turns(client_of):
    company = await buying_company()
    imports = [await started(client_of, company, MANY) for _twice in range(2)]
    arguments = [{"organisation_id": str(company.id), "import_id": import_id} for _client, import_id in imports]
    await asyncio.gather(*(run(RUN, **each) for each in arguments))
    states = {(await client.get(f"{API}/{import_id}")).json()["state"] for client, import_id in imports}
    assert states == {"imported", "unchanged"}
    assert len(await records(company, "select 1 from item")) == 20_000
    await run_jobs(RUN)


async def test_what_nobody_foresaw_fails_the_run_and_says_so(client_of, monkeypatch):
    async def broken(*_given: Any) -> Any:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(runs, "run_import", broken)
    company = await buying_company()
    client, import_id = await started(client_of, company)
    await run_jobs(RUN)
    shown = (await client.get(f"{API}/{import_id}")).json()
    assert (shown["state"], shown["refusal"]) == ("failed", "Something went wrong on our side (RuntimeError).")


async def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_and_the_next_one_tells(client_of, start, superuser):
    company = await buying_company()
    many = MANY + "".join(f"N-{n};Mutter M{n};Stk\n" for n in range(60_000))
    client, import_id = await started(client_of, company, many)
    state = f"select state from file_import where id = '{import_id}'"
    first = start("worker")
    eventually(lambda: superuser.execute(state).fetchone() == ("running",))
    eventually(lambda: superuser.execute("select 1 from import_progress where done > 0.05").fetchone())
    first.kill()

    start("worker")
    eventually(lambda: superuser.execute(state).fetchone() == ("interrupted",), 30)
    assert await records(company, "select 1 from item union all select 1 from import_run") == []
    assert superuser.execute("select count(*) from import_item").fetchone() == (0,)
    await client.post(f"{API}/{import_id}/start", json={"trial": False})
    eventually(lambda: superuser.execute(state).fetchone() == ("imported",), 60)
    assert len(await records(company, "select 1 from item")) == 80_000
