"""The worker: takes jobs from the broker and runs each as its organisation's system actor."""

import asyncio
import signal
import threading

import structlog
from dramatiq import Worker

from portal.access.following import keep_following
from portal.documents import pressroom
from portal.platform import jobs
from portal.worker.brokers import broker
from portal.worker.middleware import THREADS

log = structlog.get_logger("worker")
IDLE = 500  # milliseconds; how soon an idle thread notices that it should stop
GLANCE = 1.0  # seconds
PATIENCE = 8_000  # milliseconds that running jobs have to end; what does not is done again elsewhere


def run_worker() -> None:
    """Do jobs until SIGTERM; running ones are finished first. Raises if the database does not answer."""
    from portal.app import wire

    wire()
    source = broker()
    jobs.declare(source)
    source.emit_after("process_boot")
    worker = Worker(source, worker_timeout=IDLE, worker_threads=THREADS)
    stopped = _until_told()
    threading.Thread(target=lambda: asyncio.run(keep_following()), name="policy", daemon=True).start()
    worker.start()
    log.info("worker is ready", jobs=len(source.actors))
    while not stopped.wait(GLANCE):
        pass  # a signal that came while the process was paused may reach another thread, and wakes nobody
    worker.stop(timeout=PATIENCE)
    pressroom.close()
    source.close()


def _until_told() -> threading.Event:
    stopped = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda _signal, _frame: stopped.set())
    return stopped
