"""Running the programs of PostgreSQL on a data folder: making a cluster, starting, awaiting and stopping the server."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.platform.postgres.account import Account
from portal.platform.postgres.address import SUPERUSER
from portal.platform.postgres.binaries import programs
from portal.platform.postgres.folder import MAJOR, MARKER, DataFolderRefused
from portal.platform.private import opener
from portal.platform.processes import die_with_parent

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}  # nothing of ours: PGPORT, PGOPTIONS and the like stay outside
STEP = 0.005  # seconds between two looks at whether the server is ready
INITDB = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--data-checksums",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
)
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_directories": ".",  # relative to the data folder, so that no length of path is too long to bind
    "port": "5432",
    "cluster_name": "procurement-portal",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_checkpoints": "off",
    "log_min_messages": "log",  # refused statements are the application's to report
    "log_parameter_max_length": "0",
}
# For tests: a crash loses data, and many portals share one server.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"}


@contextmanager
def _way_in(folder: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A name of `folder` that the account can use, and the descriptors that the name needs.

    Root's folder may lie in one that only root may enter. Instead of opening that to others, root opens the data
    folder and hands the descriptor down: its name below /proc leads straight to the folder.
    """
    if account.reaches([folder], os.R_OK | os.W_OK | os.X_OK):
        yield str(folder), ()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        name = f"/proc/self/fd/{descriptor}"
        if not os.path.exists(name):
            raise DataFolderRefused(
                f"The user {account.name}, who runs PostgreSQL for root, cannot enter {folder}: "
                "name a folder that it can enter."
            )
        yield name, (descriptor,)
    finally:
        os.close(descriptor)


def make(folder: Path, account: Account, log: Path, *, fsync: bool) -> None:
    """A new cluster at `folder`, all or nothing: it is made beside and renamed, so a killed attempt leaves no half."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    account.own(fresh)
    with _way_in(fresh, account) as (name, descriptors), open(log, "ab", opener=opener) as output:
        command = [programs(account) / "initdb", *INITDB, *(() if fsync else ("--no-sync",)), f"--pgdata={name}"]
        done = subprocess.run(  # noqa: S603 our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=descriptors,
            preexec_fn=die_with_parent(signal.SIGKILL),
            **account.process(),
        )
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise DataFolderRefused(f"No database could be made in {folder}: {last_words(log)}")
    marker = fresh / MARKER
    marker.write_text(f"A database of the procurement portal, PostgreSQL {MAJOR}. Only the portal writes here.\n")
    account.own(marker)
    fresh.rename(folder)


def start(
    folder: Path, account: Account, log: Path, *, fsync: bool, meanwhile: Callable[[], None] = lambda: None
) -> subprocess.Popen[bytes]:
    """The server as our direct child, ready for connections; while it gets ready, we do something else `meanwhile`.

    It dies with us however we end: the kernel sends it SIGQUIT, PostgreSQL's order to stop at once; what was
    committed is recovered at the next start.
    """
    settings = CONFIGURATION | _shared_memory() | ({} if fsync else CARELESS)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with _way_in(folder, account) as (name, descriptors), open(log, "ab", opener=opener) as output:
        before = output.tell()
        server = subprocess.Popen(  # noqa: S603 our own program
            [programs(account) / "postgres", "-D", name, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=descriptors,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGQUIT),
            **account.process(),
        )
    try:
        meanwhile()
        _await(server, folder, log, before)
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Politely (sessions are ended, everything written), then urgently, then by force."""
    for order, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, None)):
        if server.poll() is not None:
            return
        server.send_signal(order)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def last_words(log: Path, since: int = 0) -> str:
    """The reason a program gave in its log for giving up, as one sentence."""
    with log.open("rb") as lines:
        lines.seek(max(since, lines.seek(0, os.SEEK_END) - 20_000))
        said = [line.strip() for line in lines.read().decode("utf-8", "replace").splitlines() if line.strip()]
    reasons = [line for line in said if any(word in line for word in ("FATAL:", "PANIC:", "error:"))]
    reason = (reasons or said or ["no reason was given"])[-1]
    for word in ("FATAL:", "PANIC:", "error:"):
        reason = reason.split(word)[-1].strip()
    return f"{reason}. The whole log: {log}"


def _shared_memory() -> dict[str, str]:
    """Bare containers have no /dev/shm; then shared memory is mapped from files in the data folder.

    The folder is only asked for, never written to here: the linter's warning of predictable names is not about it.
    """
    usable = os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK | os.X_OK)  # noqa: S108
    return {} if usable else {"dynamic_shared_memory_type": "mmap"}


def _await(server: subprocess.Popen[bytes], folder: Path, log: Path, since: int) -> None:
    """Until the server says that it is ready. Recovery after a crash may take long, so only its end ends the wait."""
    while not _says_ready(folder, server.pid):
        if server.poll() is not None:
            raise DataFolderRefused(f"PostgreSQL does not start on {folder}: {last_words(log, since)}")
        time.sleep(STEP)


def _says_ready(folder: Path, pid: int) -> bool:
    """The server's own word in its process id file; the number tells it from an earlier server's file."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
