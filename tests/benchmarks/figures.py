"""What a workload measured, in the one shape that all workloads tell, and how one is measured over HTTP."""

import asyncio
import resource
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from tests.benchmarks.machine import cpu_of
from tests.benchmarks.stage import Spent, Stage

Act = Callable[[], Awaitable[Any]]
WARM = 10
SETTLED = 0.15  # seconds until the kernel has counted what just ran


class Asked(NamedTuple):
    """How much is measured."""

    orders: int
    times: int = 100
    documents: int = 1000


class Figure(msgspec.Struct, kw_only=True):
    """One line of a report: of one operation, the milliseconds on the clock, the milliseconds of processor time of web,
    worker and PostgreSQL together, the SQL statements, and the processor time as a multiple of the floor's. `more` is
    what only this workload has, by name."""

    name: str
    orders: int
    p50_ms: float | None = None
    p95_ms: float | None = None
    cpu_ms: float | None = None
    statements: float | None = None
    floor_ratio: float | None = None
    per_second: float | None = None
    more: dict[str, float] = {}

    def rounded(self) -> "Figure":
        values = {
            name: round(value, 3 if abs(value) < 1 else 2)
            for name in self.__struct_fields__
            if isinstance(value := getattr(self, name), float)
        }
        return msgspec.structs.replace(self, **values, more={name: round(of, 3) for name, of in self.more.items()})


class Taken(msgspec.Struct):
    """What one operation took: milliseconds on the clock of each, and the mean of what it spent."""

    times: list[float]
    spent: Spent

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1] if len(self.times) > 1 else self.times[0]

    @property
    def per_second(self) -> float:
        return 1000 * len(self.times) / sum(self.times)

    def figure(self, name: str, orders: int, floor_ms: float | None = None, **more: float) -> Figure:
        cpu = self.spent.cpu * 1000
        return Figure(
            name=name, orders=orders, p50_ms=self.p50, p95_ms=self.p95, cpu_ms=cpu, statements=self.spent.statements,
            floor_ratio=cpu / floor_ms if floor_ms else None, per_second=self.per_second, more=more,
        )  # fmt: skip


async def measured(stage: Stage, act: Act, times: int, warm: int = WARM) -> Taken:
    """So many times the same, one after the other."""
    for _ in range(warm):
        await act()
    await asyncio.sleep(SETTLED)
    before, took = await stage.spent(), []
    for _ in range(times):
        at = time.perf_counter()
        await act()
        took.append((time.perf_counter() - at) * 1000)
    await asyncio.sleep(SETTLED)
    return Taken(took, (await stage.spent()).since(before, times))


async def floor_cpu(stage: Stage, act: Act, times: int, warm: int = WARM) -> float:
    """Milliseconds of processor time of this process and PostgreSQL for one of these, done by bare SQL."""
    for _ in range(warm):
        await act()
    await asyncio.sleep(SETTLED)
    own, server = own_cpu(), cpu_of(stage.cluster.pid)
    for _ in range(times):
        await act()
    mine = own_cpu() - own
    await asyncio.sleep(SETTLED)
    return (mine + cpu_of(stage.cluster.pid) - server) / times * 1000


def own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def told(name: str, orders: int, seconds: Sequence[float], **others: Any) -> Figure:
    """A figure of seconds on the clock."""
    taken = Taken([each * 1000 for each in seconds], Spent(0, 0, 0, 0))
    return Figure(name=name, orders=orders, p50_ms=taken.p50, p95_ms=taken.p95, per_second=taken.per_second, **others)
