"""W5: from the command to the first answer, with data that are there, and the memory of all that runs then.

    python -m tests.benchmarks.starting [--times 5] [--json]

`portal demo` starts PostgreSQL, web, worker and scheduler; `portal serve` only the web, on a database that runs. The
floor is a Python of its own that starts the same PostgreSQL and asks it for one row.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from portal.platform.postgres import Cluster
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import cpu_of, memory_of, tree

PORTAL = [sys.executable, "-c", "from portal.cli import main; main()"]
PATIENCE, STEP = 120.0, 0.005  # seconds
# What people look at first, so that what is loaded at its first use is.
PAGES = ("/", "/orders", "/invoices", "/receipts", "/suppliers", "/api/v1/purchase-orders", "/api/v1/invoices")
BARE = """
import asyncio, sys
from pathlib import Path
import asyncpg
from portal.platform.postgres import Cluster
with Cluster.open(Path(sys.argv[1])) as cluster:
    async def ask():
        connection = await asyncpg.connect(cluster.url("portal_app"))
        print(await connection.fetchval("select 1"), flush=True)
        await connection.close()
    asyncio.run(ask())
    sys.stdin.read()
"""


@contextmanager
def running(command: list[str], port: int, **settings: str) -> Iterator[tuple[int, float, float, str]]:
    """Start it; gives its process, seconds until it answered, processor time until then, and what it said."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | settings
    began = time.perf_counter()
    started = subprocess.Popen(command, env=known, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        _await(port, began)
        took, cpu = time.perf_counter() - began, cpu_of(started.pid)
        assert started.stdout is not None
        yield started.pid, took, cpu, started.stdout.readline() if "--json" in command else ""
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(30)


def _await(port: int, began: float) -> None:
    """Until a page is answered; asks again and again, as somebody would who waits for it."""
    while time.perf_counter() - began < PATIENCE:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            asked.request("GET", "/sign-in")
            if asked.getresponse().status == 200:
                return
        except OSError:
            time.sleep(STEP)
    raise TimeoutError("The portal did not answer.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _demo(folder: Path, port: int) -> list[str]:
    return [*PORTAL, "demo", "--json", "--port", str(port), "--data", str(folder), "--password", "portal demo 2026"]


def _figure(name: str, taken: list[tuple[float, float]], floor: float, **more: float) -> Figure:
    seconds, cpu = zip(*taken, strict=True)
    spent = statistics.mean(cpu) * 1000
    return Figure(
        name=name, orders=0, p50_ms=statistics.median(seconds) * 1000, p95_ms=max(seconds) * 1000, cpu_ms=spent,
        floor_ratio=spent / floor, more=more,
    )  # fmt: skip


def measure(times: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name) / "demo"
        with running(_demo(folder, port := _free_port()), port):
            pass
        floor = statistics.mean(_bare(folder / "pg") for _ in range(times)) * 1000
        demo, memory = [], {}
        for turn in range(times):
            with running(_demo(folder, port := _free_port()), port) as (pid, took, cpu, said):
                demo.append((took, cpu))
                if turn == times - 1:
                    memory = _warm(pid, port, json.loads(said))
        serve = list(_served(folder, times))
    return [
        _figure("W5 demo answers", demo, floor),
        _figure("W5 serve answers", serve, floor),
        Figure(name="W5 memory warm", orders=0, more=memory),
    ]


def _bare(cluster: Path) -> float:
    with subprocess.Popen(
        [sys.executable, "-c", BARE, str(cluster)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as of:
        assert of.stdout is not None
        of.stdout.readline()
        return cpu_of(of.pid)


def _served(folder: Path, times: int) -> Iterator[tuple[float, float]]:
    with Cluster.open(folder / "pg") as cluster:
        known = {"PORTAL_DATABASE_URL": cluster.url("portal_app"), "PORTAL_DATA": str(folder), "PORTAL_LOG": "error"}
        for _ in range(times):
            port = _free_port()
            with running([*PORTAL, "serve", "--port", str(port)], port, **known) as (_pid, took, cpu, _said):
                yield took, cpu


def _warm(pid: int, port: int, told: dict) -> dict[str, float]:
    """Somebody of each company looks around; megabytes of web, worker, scheduler and who watches over them."""
    for account in told["accounts"][:6]:
        _look_around(port, account["email"], told["password"])
    time.sleep(3)
    parts = [one for one in tree(pid) if _name(one) != "postgres"]
    whole = sum(memory_of(one, alone=True) for one in parts)
    return {"pss_mb": whole - memory_of(pid, alone=True), "with_supervisor_mb": whole, "processes": len(parts)}


def _look_around(port: int, email: str, password: str) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = json.dumps({"email": email, "password": password})
    asked.request("POST", "/api/v1/sessions", body, {"content-type": "application/json"})
    answer = asked.getresponse()
    answer.read()
    assert answer.status in (200, 201), answer.status
    cookie = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("set-cookie", []))
    for path in PAGES * 5:
        asked.request("GET", path, headers={"cookie": cookie})
        asked.getresponse().read()


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=5)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    figures = [each.rounded() for each in measure(given.times)]
    encoded = msgspec.json.encode(figures)
    print((encoded if given.json else msgspec.json.format(encoded)).decode())


if __name__ == "__main__":
    main()
