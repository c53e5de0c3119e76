"""A real S3-compatible object store (OpenStack Swift) as processes of their own.

It checks signatures, keeps what it was given over a kill, and is started again at the same place. Its servers run on an
event loop (eventlet) that patches the libraries it finds; that is why none of them is ever imported here.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest
from obstore.store import S3Store

from portal.platform.ids import new_id
from portal.platform.processes import die_with_parent
from tests.harness.nginx import answers
from tests.harness.parts import eventually
from tests.harness.rabbit import free_port

BUCKET = "portal"
KEY, SECRET = "portal:stories", "of-the-object-store"
PROGRAM = Path(__file__).with_name("swift_servers.py")
WHOLE = "[swift-hash]\nswift_hash_path_suffix = stories\n[storage-policy:0]\nname = one\ndefault = yes\n"
SERVER = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
[app:{part}-server]
use = egg:swift#{part}
account_autocreate = true
[pipeline:main]
pipeline = {before} {part}-server
"""
FILTERS = """
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_portal_stories = {secret} .admin
[filter:slo]
use = egg:swift#slo
"""
PARTS = ("account", "container", "object", "proxy")


class ObjectStore:
    """It keeps what it was given in a folder of its own, whose file system must take extended attributes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ports = folder, {part: free_port() for part in PARTS}
        self.address = f"http://127.0.0.1:{self.ports['proxy']}"
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "devices" / "one").mkdir(parents=True)
        (folder / "swift.conf").write_text(WHOLE)
        for part, port in self.ports.items():
            before = "s3api tempauth slo" if part == "proxy" else ""
            user = pwd.getpwuid(os.getuid()).pw_name
            text = SERVER.format(part=part, port=port, user=user, folder=folder, before=before)
            (folder / f"{part}.conf").write_text(text + (FILTERS.format(secret=SECRET) if before else ""))

    def place(self) -> str:
        """URL of a place in the bucket that nobody used before."""
        return f"s3://{BUCKET}/{new_id().hex}"

    def environment(self, key: str = KEY, secret: str = SECRET) -> dict[str, str]:
        """How clients reach it."""
        return {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": self.address,
            "AWS_ALLOW_HTTP": "true",
        }

    def start(self) -> None:
        """Until it answers."""
        ports = [str(self.ports[part]) for part in PARTS if part != "proxy"]
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-I", PROGRAM, self.folder, *ports],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        server, ports = self.process, self.ports.values()
        eventually(lambda: all(map(answers, ports)) or server.poll() is not None, within=90)
        assert server.poll() is None, (self.folder / "said").read_text()[-4000:]
        there: Any = {name.lower(): value for name, value in self.environment().items()}
        bucket = S3Store(BUCKET, config=there)
        made = httpx.put(obstore.sign(bucket, "PUT", "", timedelta(minutes=1)), trust_env=False)
        assert made.status_code in (200, 409), made.text  # new, or ours already

    def kill(self) -> None:
        """All of it at once, as when the power goes."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def __enter__(self) -> "ObjectStore":
        self.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        assert "eventlet" not in sys.modules


@pytest.fixture(scope="session")
def only_object_store() -> Iterator[ObjectStore]:
    with ObjectStore(Path(tempfile.mkdtemp(prefix="portal-objects-"))) as store:
        yield store


@pytest.fixture
def object_store(only_object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """It runs, and this process has its credentials."""
    for name, value in only_object_store.environment().items():
        monkeypatch.setenv(name, value)
    if only_object_store.process is None:
        only_object_store.start()
    return only_object_store
