"""Who kills: a part of the portal, with all that it started, or the whole tree, without a warning (SIGKILL)."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.chaos.stage import Stage

LATER = 0.05  # seconds at most between the step that calls for a kill and the kill


def web(stage: Stage, chance: random.Random) -> list[int]:
    return _group(stage.pid(chance.choice(("web-1", "web-2"))))


def worker(stage: Stage, chance: random.Random) -> list[int]:
    return _group(stage.pid("worker"))


def scheduler(stage: Stage, chance: random.Random) -> list[int]:
    return _group(stage.pid("scheduler"))


def press(stage: Stage, chance: random.Random) -> list[int]:
    """One of the processes that set documents, alone."""
    at_work = stage.children(stage.pid("worker") or 0)
    return [chance.choice(at_work)] if at_work else []


def setting(stage: Stage, chance: random.Random) -> list[int]:
    """A process that is just setting a document."""
    return [pid for pid in stage.children(stage.pid("worker") or 0) if is_busy(pid)][:1]


def mailing(stage: Stage, chance: random.Random) -> list[int]:
    """The worker, while the mail server takes a mail of its."""
    return worker(stage, chance) if stage.sink.at_work else []


def postgres(stage: Stage, chance: random.Random) -> list[int]:
    """The server with all its processes."""
    return stage.servers()


def backend(stage: Stage, chance: random.Random) -> list[int]:
    """One process of the server, which then throws out everybody and recovers by itself."""
    return [chance.choice(stage.servers()[1:])] if len(stage.servers()) > 1 else []


def whole(stage: Stage, chance: random.Random) -> list[int]:
    """The supervisor: the kernel ends all that it started."""
    return [stage.tree]


def power(stage: Stage, chance: random.Random) -> list[int]:
    """Everything at once."""
    parts = ("web-1", "web-2", "worker", "scheduler")
    return [stage.tree, *(pid for part in parts for pid in _group(stage.pid(part))), *stage.servers()]


Kind = Callable[[Stage, random.Random], list[int]]
# How often each, of a hundred, beyond once.
KINDS: dict[Kind, int] = {
    web: 20, worker: 14, setting: 8, mailing: 8, scheduler: 6, press: 4, postgres: 18, backend: 10, whole: 6, power: 6,
}  # fmt: skip
AIMED = {setting, mailing}  # these wait for their moment
PATIENCE = 3.0  # seconds that a kill waits for its moment, and is the worker's then


class Due(NamedTuple):
    """A kill that may happen from then on; after `until` it is the worker's, whatever it waited for."""

    kind: Kind
    since: float
    until: float


class Killer:
    """Strikes at seeded points of the whole run's steps, with one kind after the other in a seeded order."""

    def __init__(self, stage: Stage, kills: int, steps: int, seed: int) -> None:
        self.stage, self.struck = stage, Counter[str]()
        self._chance = random.Random(seed)
        points = sorted(self._chance.randrange(steps // 50, steps) for _kill in range(kills))
        more = self._chance.choices(list(KINDS), list(KINDS.values()), k=max(kills - len(KINDS), 0))
        kinds = self._chance.sample([*KINDS, *more], kills)  # each at least once, if there are kills enough
        self._waiting = list(zip(points, kinds, strict=True))

    async def go(self, steps: Callable[[], int], over: Callable[[], bool]) -> None:
        """Strike whenever so many steps were acknowledged, until all is over; a tree that ended is started again."""
        due: list[Due] = []
        while due or not over():
            while self._waiting and steps() >= self._waiting[0][0]:
                due.append(self._due(self._waiting.pop(0)[1]))
            due = [each for each in due if not self._strike(each)]
            if self.stage.ended():
                await asyncio.to_thread(self.stage.start)
            await asyncio.sleep(0.004)

    def _due(self, kind: Kind) -> Due:
        now = time.monotonic()
        return Due(kind, now, now + PATIENCE) if kind in AIMED else Due(kind, now + self._chance.random() * LATER, now)

    def _strike(self, due: Due) -> bool:
        """Whether it was time, and somebody was there to be killed."""
        now = time.monotonic()
        kinds = [due.kind] * (now >= due.since) + [worker] * (now >= max(due.since, due.until))
        for kind in kinds:
            if kill(kind(self.stage, self._chance)):
                self.struck[kind.__name__] += 1
                return True
        return False


def is_busy(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "R"
    return False


def kill(pids: Iterable[int]) -> int:
    """Kill these; gives how many were there."""
    found = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            found += 1
    return found


def _group(pid: int | None) -> list[int]:
    """A part and all that it started: parts lead groups of their own."""
    if pid is None:
        return []
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                if os.getpgid(int(entry)) == pid:
                    found.append(int(entry))
    return sorted(found)
