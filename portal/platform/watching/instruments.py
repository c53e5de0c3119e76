"""What is counted, in Prometheus' words. Labels are routes, jobs and kinds: never what somebody typed."""

import os
from typing import Any, Final

from prometheus_client import Counter, Gauge, Histogram, multiprocess, values

from portal.platform.watching.slots import Slot

REQUEST: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
JOB: Final = (0.01, 0.05, 0.25, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 600.0)
RENDER: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
WAITING: Final = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0)


class Instruments:
    """The instruments of one process; their values lie in files, where the others of the machine read them."""

    def __init__(self, slot: Slot) -> None:
        self.slot, self.folder, part = slot, slot.folder, slot.part
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self.folder)
        values.ValueClass = values.MultiProcessValue(lambda: self.slot.name)
        self._requests = Counter("portal_http_requests", "Answers", ["method", "route", "status"], registry=None)
        self._latency = _histogram("portal_http_request_seconds", "Time to answer", ["method", "route"], REQUEST)
        self._jobs = _histogram("portal_job_seconds", "Runs of jobs", ["job", "outcome"], JOB)
        self._given_up = Counter("portal_jobs_given_up", "Jobs that are not tried again", ["job"], registry=None)
        self._rendering = _histogram("portal_render_seconds", "Documents set", ["kind", "outcome"], RENDER)
        self._waiting = _histogram("portal_database_wait_seconds", "Waits for a connection", ["part"], WAITING)
        self._statements = Counter("portal_database_statements", "Statements sent", ["part"], registry=None)
        self._pool = Gauge(
            "portal_database_connections",
            "Connections of the pools",
            ["part", "pool", "state"],
            registry=None,
            multiprocess_mode="livesum",
        )
        self._sent = self._statements.labels(part)
        self._waits = self._waiting.labels(part)
        self._part = part

    def request(self, method: str, route: str, status: int, seconds: float, statements: int) -> None:
        self._requests.labels(method, route, status).inc()
        self._latency.labels(method, route).observe(seconds)
        self._sent.inc(statements)

    def job(self, name: str, outcome: str, seconds: float, statements: int) -> None:
        self._jobs.labels(name, outcome).observe(seconds)
        self._sent.inc(statements)

    def given_up(self, name: str) -> None:
        self._given_up.labels(name).inc()

    def rendered(self, kind: str, outcome: str, seconds: float) -> None:
        self._rendering.labels(kind, outcome).observe(seconds)

    def waited(self, seconds: float) -> None:
        self._waits.observe(seconds)

    def connections(self, pool: str, used: int, idle: int, most: int) -> None:
        for state, number in (("used", used), ("idle", idle), ("most", most)):
            self._pool.labels(self._part, pool, state).set(number)

    def close(self) -> None:
        multiprocess.mark_process_dead(self.slot.name, str(self.folder))
        values.ValueClass.close_all_files()  # pyright: ignore[reportAttributeAccessIssue] the class made above has it


def _histogram(name: str, meaning: str, labels: list[str], buckets: tuple[float, ...]) -> Any:
    return Histogram(name, meaning, labels, buckets=buckets, registry=None)
