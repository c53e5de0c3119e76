"""CPU time of processes and of all that they started, as the kernel counts it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """Seconds of CPU of the process, of its children that live and of those that it has waited for."""
    own = _times(pid)
    return own + sum(cpu_of(child) for child in _children(pid))


def tree(pid: int) -> list[int]:
    """The process and all that it started that live."""
    return [pid, *(one for child in _children(pid) for one in tree(child))]


@contextmanager
def held(*pids: int) -> Iterator[None]:
    """These processes, and all that they started, do nothing for a while."""
    stopped = [one for pid in pids for one in tree(pid)]
    for one in stopped:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in stopped:
            os.kill(one, signal.SIGCONT)


def memory_of(pid: int, *, alone: bool = False) -> float:
    """Megabytes of the process, and all that it started; what several share is counted once among them (PSS)."""
    return sum(_kilobytes(one) for one in ([pid] if alone else tree(pid))) / 1024


def _kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _times(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def described() -> str:
    """The machine in a line: its processor, how many cores the run may use, its memory."""
    facts = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in facts if line.startswith("model name")), "unknown")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024**2
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {memory} GiB"
