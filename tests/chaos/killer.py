"""Who kills: a part of the portal, with all that it started, or the whole tree, without a warning (SIGKILL)."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress

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
# How often each, of a hundred.
KINDS: dict[Kind, int] = {
    web: 22, worker: 22, scheduler: 8, press: 6, postgres: 18, backend: 10, whole: 8, power: 6,
}  # fmt: skip


class Killer:
    """Strikes at seeded points of the whole run's steps, with one kind after the other in a seeded order."""

    def __init__(self, stage: Stage, kills: int, steps: int, seed: int) -> None:
        self.stage, self.struck = stage, Counter[str]()
        self._chance = random.Random(seed)
        self._points = sorted(self._chance.randrange(steps // 50, steps) for _kill in range(kills))
        self._kinds = self._chance.choices(list(KINDS), list(KINDS.values()), k=kills)

    async def go(self, steps: Callable[[], int], over: Callable[[], bool]) -> None:
        """Strike whenever so many steps were acknowledged, until all is over; a tree that ended is started again."""
        waiting = list(zip(self._points, self._kinds, strict=True))
        while not over():
            if waiting and steps() >= waiting[0][0]:
                await asyncio.sleep(self._chance.random() * LATER)
                if self._strike(waiting[0][1]):
                    waiting.pop(0)
            if self.stage.ended():
                await asyncio.to_thread(self.stage.start)
            await asyncio.sleep(0.01)

    def _strike(self, kind: Kind) -> bool:
        """Whether somebody was there to be killed; where no press is at work, it is the worker's turn."""
        for each in (kind, worker):
            if kill(each(self.stage, self._chance)):
                self.struck[each.__name__] += 1
                return True
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
