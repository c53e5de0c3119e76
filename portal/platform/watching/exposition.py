"""All figures of this machine and of its database, as Prometheus reads them."""

import shutil
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from portal.platform.watching.slots import held, left
from portal.platform.watching.waiting import Waiting

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
TRIES, PAUSE = 5, 0.05  # seconds
UNREADY: Final = (OSError, ValueError, RuntimeError, struct.error)  # what a file that is being written raises
ALONE: Final = {  # kind: number of them, age of the oldest
    "mail": ("portal_mails_waiting", "portal_mails_oldest_seconds"),
    "unconfirmed": ("portal_mails_unconfirmed", "portal_mails_unconfirmed_oldest_seconds"),
    "unsealed": ("portal_log_unsealed_entries", "portal_log_unsealed_oldest_seconds"),
    "worker": ("portal_workers", "portal_worker_heartbeat_seconds"),
    "scheduler": ("portal_schedulers", "portal_scheduler_heartbeat_seconds"),
}
MEANINGS: Final = {
    "portal_mails_waiting": "Mails that are not sent yet",
    "portal_mails_oldest_seconds": "Age of the oldest mail that is not sent yet",
    "portal_mails_unconfirmed": "Mails that were handed over and not confirmed",
    "portal_mails_unconfirmed_oldest_seconds": "Age of the oldest mail that was handed over and not confirmed",
    "portal_log_unsealed_entries": "Entries of the log that wait for their seal",
    "portal_log_unsealed_oldest_seconds": "Age of the oldest entry that waits for its seal",
    "portal_workers": "Workers that were heard of",
    "portal_worker_heartbeat_seconds": "Since any worker was heard of",
    "portal_schedulers": "Schedulers that were ever heard of: 0 or 1",
    "portal_scheduler_heartbeat_seconds": "Since the scheduler was heard of",
}


class State:
    """A collector of what stands at this moment, beside what was counted."""

    def __init__(self, waiting: Sequence[Waiting] | None, folder: Path) -> None:
        self.waiting = waiting
        self.folder = folder

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("portal_database_up", "Whether the database answers", value=self.waiting is not None)
        yield from self._machine()
        if self.waiting is not None:
            yield from _queue(self.waiting)
            yield from _alone(self.waiting)

    def _machine(self) -> Iterator[GaugeMetricFamily]:
        info = GaugeMetricFamily("portal_info", "What runs here", labels=["release"])
        info.add_metric([version("procurement-portal")], 1)
        running = GaugeMetricFamily("portal_processes", "Processes of this machine that count", labels=["part"])
        parts = [name.rpartition("-")[0] for name in held(self.folder)]
        for part in sorted(set(parts)):
            running.add_metric([part], parts.count(part))
        free = shutil.disk_usage(self.folder).free
        yield from (info, running, GaugeMetricFamily("portal_disk_free_bytes", "Room for the data", value=free))


def text(folder: Path, waiting: Sequence[Waiting] | None) -> bytes:
    """The whole page. What a process counted stays after its end; how things stood with it does not.

    It reads files: call it in a thread. A file that another process begins or grows at this moment is read again.
    """
    for _again in range(TRIES - 1):
        with suppress(*UNREADY):
            return _text(folder, waiting)
        time.sleep(PAUSE)
    return _text(folder, waiting)


def _text(folder: Path, waiting: Sequence[Waiting] | None) -> bytes:
    for name in left(folder):
        mark_process_dead(name, str(folder))
    registry = CollectorRegistry(auto_describe=False)
    MultiProcessCollector(registry, str(folder))
    registry.register(State(waiting, folder))
    return generate_latest(registry)


def pools(folder: Path) -> dict[tuple[str, str], dict[str, float]]:
    """Of each part's pools that live: connections in use, idle, and how many there may be."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    files = [str(file) for name in held(folder) for file in folder.glob(f"gauge_livesum_{name}.db")]
    for family in MultiProcessCollector.merge(files):
        for sample in family.samples:
            where = (sample.labels["part"], sample.labels["pool"])
            found.setdefault(where, {})[sample.labels["state"]] = sample.value
    return found


def _queue(waiting: Iterable[Waiting]) -> Iterator[GaugeMetricFamily]:
    jobs = GaugeMetricFamily("portal_queue_jobs", "Jobs in the queue", labels=["job", "state"])
    oldest = GaugeMetricFamily("portal_queue_oldest_seconds", "Since the oldest job was due", labels=["job"])
    for each in waiting:
        if each.kind in ("queued", "running", "dead"):
            jobs.add_metric([each.name, each.kind], each.number)
        if each.kind == "queued":
            oldest.add_metric([each.name], each.seconds or 0)
    yield from (jobs, oldest)


def _alone(waiting: Iterable[Waiting]) -> Iterator[GaugeMetricFamily]:
    for each in waiting:
        if each.kind in ALONE:
            number, age = ALONE[each.kind]
            yield GaugeMetricFamily(number, MEANINGS[number], value=each.number)
            if each.seconds is not None:
                yield GaugeMetricFamily(age, MEANINGS[age], value=each.seconds)
