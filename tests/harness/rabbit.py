"""A real RabbitMQ of Debian's package, as a child of the test: its own node, ports, folder and unprivileged user."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.platform.postgres.account import account_for
from portal.platform.processes import die_with_parent
from tests.harness.parts import eventually

PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server"
CONF = """
listeners.tcp.local = 127.0.0.1:{port}
log.console = true
log.file = false
disk_free_limit.absolute = 20MB
"""


class Rabbit:
    """Starts, is killed, and starts again on what lies on its disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.account = account_for(folder)
        self.port, distribution, names = (free_port() for _ in range(3))
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        (folder / "rabbitmq.conf").write_text(CONF.format(port=self.port))
        (folder / "plugins").write_text("[].")
        self.account.own(folder)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"portal{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "detached": "1",  # its script then becomes the server, instead of waiting for it
        }
        self.said = (folder / "said").open("wb")
        self.names = self._child("epmd", "-port", str(names))
        self.server: subprocess.Popen[bytes] | None = None

    def _child(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=self.said,
            preexec_fn=die_with_parent(signal.SIGKILL),
            **self.account.process(),
        )

    def start(self) -> None:
        self.server = self._child(PROGRAM)
        try:
            eventually(self._answers, within=90)
        except AssertionError as late:
            late.add_note((self.folder / "said").read_text()[-4000:])
            raise

    def _answers(self) -> bool:
        """Whether it says the first word of AMQP 0-9-1 (4.2.2)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as line:
                line.sendall(b"AMQP\x00\x00\x09\x01")
                return line.recv(1) == b"\x01"
        except OSError:
            return False

    def kill(self) -> None:
        assert self.server is not None
        self.server.kill()
        self.server.wait()

    def end(self) -> None:
        for child in filter(None, (self.server, self.names)):
            child.kill()
            child.wait()
        self.said.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    """Not yet started; what it wrote goes with the test."""
    folder = Path(tempfile.mkdtemp(prefix="portal-rabbit-"))
    folder.chmod(0o755)
    found = Rabbit(folder)
    yield found
    found.end()
    shutil.rmtree(folder, ignore_errors=True)
