"""A running cluster and its supervisor."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.platform.postgres import leftovers, server
from portal.platform.postgres.account import Account, account_for
from portal.platform.postgres.address import DATABASE, Address
from portal.platform.postgres.folder import DataFolderRefused, is_fresh
from portal.platform.postgres.lock import InUse, Lock

LONGEST_LOG = 10_000_000  # bytes; a longer log starts anew at the next start


class Cluster:
    """PostgreSQL on a data folder, as our child; beside the folder lie its lock and its log.

    Open it from the main thread, before other threads and before forking: the kernel ends the server when the
    thread that started it ends. Forked children may use `url`, only the process that opened it can stop it.
    """

    name = "PostgreSQL"

    def __init__(self, folder: Path, *, fsync: bool, meanwhile: Callable[[], None] = lambda: None) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("a cluster is opened from the main thread, with which the server lives and dies")
        self.folder = folder.resolve()
        self.address = Address(self.folder)
        self._fsync = fsync
        self._log = self.folder.with_name(f"{self.folder.name}.log")
        self._supervisor = os.getpid()
        self._lock = Lock(self.folder)
        try:
            self.account = self._settle()
            self._server = self._start(meanwhile)
        except OSError as error:
            self._lock.release()
            raise DataFolderRefused(f"The data folder {self.folder} cannot be used: {error}.") from error
        except BaseException:
            self._lock.release()
            raise

    @classmethod
    def open(cls, folder: Path, *, fsync: bool = True, meanwhile: Callable[[], None] = lambda: None) -> Self:
        """Start the cluster at `folder`, making it if there is none.

        Raises DataFolderRefused, with a sentence for a person, for anything but a new folder or a sound one of ours.
        Without `fsync` a crash of the machine loses data: for tests. While the server gets ready, the caller does
        something else `meanwhile`.
        """
        return cls(folder, fsync=fsync, meanwhile=meanwhile)

    @property
    def pid(self) -> int:
        return self._server.pid

    def url(self, role: str, database: str = DATABASE) -> str:
        return self.address.url(role, database)

    def alive(self) -> bool:
        return self._server.poll() is None

    def revive(self) -> None:
        """Start the server again after it died of itself; what was committed is recovered."""
        self._server = self._start()

    def stop(self) -> None:
        """Everything is written and the folder is free again; a second call does nothing, nor one in a child."""
        if os.getpid() == self._supervisor:
            server.stop(self._server)
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _settle(self) -> Account:
        """A sound data folder that belongs to the account which will run the server."""
        account = account_for(self.folder)
        if self._log.exists() and self._log.stat().st_size > LONGEST_LOG:
            os.truncate(self._log, 0)
        if is_fresh(self.folder):
            server.make(self.folder, account, self._log, fsync=self._fsync)
        elif account.drops and self.folder.stat().st_uid != account.uid:
            for parent, folders, files in os.walk(self.folder):  # restored by root from a copy
                for entry in (".", *folders, *files):
                    account.own(Path(parent, entry))
        return account

    def _start(self, meanwhile: Callable[[], None] = lambda: None) -> subprocess.Popen[bytes]:
        leftovers.clear(self.folder)
        return server.start(self.folder, self.account, self._log, fsync=self._fsync, meanwhile=meanwhile)


@contextmanager
def reach(folder: Path) -> Iterator[Address]:
    """The address of the cluster at `folder`: beside a running portal, or started for as long as needed."""
    try:
        cluster = Cluster.open(folder)
    except InUse:
        running = Address(folder.resolve())
        running.wait()
        yield running
        return
    with cluster:
        yield cluster.address


def remove(folder: Path) -> None:
    """Delete a cluster of ours; refused while it runs."""
    folder = folder.resolve()
    lock = Lock(folder)
    try:
        if folder.exists():
            leftovers.clear(folder)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()
