"""Where it happens: starts the tree of the portal, starts it again when all of it was killed, and knows its parts."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from portal.cli.web import answers
from portal.platform.postgres import APP, OWNER, SUPERUSER, Address
from portal.platform.postgres.leftovers import servers
from tests.chaos.sink import Sink
from tests.chaos.tree import TOLD
from tests.harness.cluster import RING

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0  # seconds; a wait ends when what it waits for is there, this only ends a run that hangs


class Stage:
    """A portal in this folder, on a free port of the loopback."""

    def __init__(self, folder: Path, sink: Sink | None = None, **environment: str) -> None:
        self.folder = folder
        self.sink = sink or Sink()
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment
        self._tree: subprocess.Popen[bytes] | None = None
        self.starts = 0

    @property
    def told(self) -> dict[str, Any]:
        return json.loads((self.folder / TOLD).read_text())

    @property
    def tree(self) -> int:
        assert self._tree is not None
        return self._tree.pid

    def start(self) -> None:
        """Begin the tree, unless it runs, and wait until it answers. It may be killed again meanwhile."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._tree is None or self._tree.poll() is not None:
                self._begin()
            if answers(self.url) and (self.folder / TOLD).exists():
                return
            time.sleep(0.1)
        raise TimeoutError(f"The portal did not answer: see {self.folder / 'tree.log'}.")

    def _begin(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        known = {"PYTHONPATH": str(ROOT), "PORTAL_LOG": "warning", "PORTAL_SECRET_KEYS": RING, "PORTAL_URL": self.url}
        command = [sys.executable, "-m", "tests.chaos.tree", str(self.folder), str(self.port)]
        with (self.folder / "tree.log").open("ab") as said:
            self._tree = subprocess.Popen(
                command, cwd=ROOT, env=clean | known | self._environment, stdout=said, stderr=said
            )
        self.starts += 1

    def ended(self) -> bool:
        return self._tree is not None and self._tree.poll() is not None

    def pid(self, part: str) -> int | None:
        """The process of this part, if the tree has one that lives: a number of an earlier one may be anybody's."""
        with suppress(OSError, ValueError):
            pid = int((self.folder / "pids" / part).read_text())
            status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return pid if int(status[1]) == self.tree and status[0] != "Z" else None
        return None

    def servers(self) -> list[int]:
        """Every process of PostgreSQL."""
        return servers(self.folder / "pg")

    def children(self, pid: int) -> list[int]:
        """Processes that any thread of this one began."""
        with suppress(OSError):
            return [
                int(each) for told in Path(f"/proc/{pid}/task").glob("*/children") for each in told.read_text().split()
            ]
        return []

    def connect(self, role: str = SUPERUSER) -> psycopg.Connection:
        return psycopg.connect(Address(self.folder / "pg").url(role), autocommit=True, connect_timeout=30)

    def environment(self) -> dict[str, str]:
        """For commands that work beside the tree."""
        address = Address(self.folder / "pg")
        urls = {"PORTAL_DATABASE_URL": address.url(APP), "PORTAL_OWNER_URL": address.url(OWNER)}
        known = {"PYTHONPATH": str(ROOT), "PORTAL_DATA": str(self.folder), "PORTAL_SECRET_KEYS": RING}
        return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | known | urls

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the portal's own."""
        begin = [sys.executable, "-c", "from portal.cli import main; main()", *words]
        return subprocess.run(begin, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False)

    def signal(self, order: signal.Signals) -> None:
        os.kill(self.tree, order)

    def stop(self) -> int | None:
        """End the tree as an operator does; gives its exit code."""
        if self._tree is None:
            return None
        with suppress(ProcessLookupError):
            self._tree.send_signal(signal.SIGTERM)
        return self._tree.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
