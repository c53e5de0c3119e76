"""A whole run: some calm cycles, then cycles under kills, then rest, then the verdict."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from tests.chaos.driver import STEPS, Driver
from tests.chaos.journal import Journal
from tests.chaos.judge import CALM, Judge, Verdict, at_rest
from tests.chaos.killer import Killer
from tests.chaos.sink import Sink
from tests.chaos.stage import PATIENCE, Stage

DESKS = 4
HANGS_AT = 60  # of so many mails one is taken by a server that never says so


class Tally(NamedTuple):
    """What was done to the portal, and what became of it."""

    cycles: int
    kills: dict[str, int]
    repeated: int
    starts: int
    mails: int
    unanswered: int
    verdict: Verdict
    seconds: float

    @property
    def clean(self) -> bool:
        return not any(self.verdict)

    def facts(self) -> dict[str, Any]:
        """For machines: numbers, and the first sentences of each kind."""
        told = self._asdict() | {name: len(found) for name, found in self.verdict._asdict().items()}
        examples = {name: found[:20] for name, found in self.verdict._asdict().items() if found}
        return told | {"verdict": examples, "kills": sum(self.kills.values()), "by_kind": self.kills}


async def run(
    folder: Path, cycles: int, kills: int, seed: int, say: Callable[[str], None] = lambda _line: None
) -> Tally:
    """Raises TimeoutError if the portal never answers again or never comes to rest."""
    began = time.monotonic()
    sink = Sink(HANGS_AT)
    await sink.start()
    stage = Stage(folder, sink, PORTAL_SMTP_URL=sink.url)
    try:
        await asyncio.to_thread(stage.start)
        journal = Journal(folder / "journal.jsonl")
        driver = Driver(stage.url, stage.told, journal)
        killer = await _cycles(driver, Killer(stage, kills, cycles * STEPS, seed), cycles, say)
        await _rest(stage, say)
        verdict = await Judge(stage, driver, sink).verdict()
        await driver.close()
        journal.close()
        code = await asyncio.to_thread(stage.stop)
        if code:
            verdict.wrong.append(f"the portal ended with code {code}")
    finally:
        await asyncio.to_thread(stage.stop)
        sink.stop()
    mails = sink.arrived.total()
    return Tally(
        cycles,
        dict(killer.struck),
        driver.repeated,
        stage.starts,
        mails,
        sink.unanswered,
        verdict,
        round(time.monotonic() - began, 1),
    )


async def _cycles(driver: Driver, killer: Killer, cycles: int, say: Callable[[str], None]) -> Killer:
    for _calm in range(CALM):
        await driver.run(1, 1)
        await _rest(killer.stage, say)
    working = asyncio.create_task(driver.run(cycles - CALM, DESKS))
    telling = asyncio.create_task(_tell(driver, killer, say))
    await killer.go(lambda: driver.steps, working.done)
    telling.cancel()
    await working
    return killer


async def _tell(driver: Driver, killer: Killer, say: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(10)
        say(f"{driver.steps // STEPS} cycles, {killer.struck.total()} kills, {driver.repeated} requests repeated")


async def _rest(stage: Stage, say: Callable[[str], None]) -> None:
    """Until nothing is left to do."""
    until, told = time.monotonic() + PATIENCE, ""
    while time.monotonic() < until:
        await asyncio.to_thread(stage.start)
        try:
            left = await asyncio.to_thread(lambda: list(at_rest(stage)))
        except psycopg.OperationalError:
            left = ["the database does not answer"]
        if not left:
            return
        if told != (told := "; ".join(left)):
            say(f"left to do: {told}")
        await asyncio.sleep(0.2)
    raise TimeoutError(f"This was never done: {told}.")
