"""What a killed server may have left behind in a data folder that we now hold the lock of."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from portal.platform.postgres.lock import InUse

GRACE = 5.0  # seconds; a server whose supervisor was killed is told so by the kernel and needs a moment
STALE = ("postmaster.pid", ".s.PGSQL.5432.lock")


def clear(folder: Path) -> None:
    """Wait for, or end, the processes of an earlier server and remove its process id files.

    A process id file is never believed, since the number may by now belong to anybody: a process belongs to the
    server only if it is called postgres and works in this very folder. A complete server that does not go away was
    started by somebody else and is theirs to stop; single orphans of a killed one are ended.
    """
    if not Path("/proc/self/cwd").exists():
        return  # without /proc PostgreSQL's own, more timid check has to do
    remaining = servers(folder)
    patience = time.monotonic() + GRACE
    while remaining and time.monotonic() < patience:
        time.sleep(0.02)
        remaining = servers(folder)
    named = _pid_in_file(folder)
    if named in remaining:
        raise InUse(folder, str(named))
    for pid in remaining:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while remaining:
        time.sleep(0.02)
        remaining = servers(folder)
    for name in STALE:
        (folder / name).unlink(missing_ok=True)


def servers(folder: Path) -> list[int]:
    """Process ids of every live postgres whose working folder is `folder`."""
    home = folder.stat()
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with suppress(OSError):  # ended meanwhile, or another user's
            if Path(f"/proc/{entry}/comm").read_bytes().strip() != b"postgres":
                continue
            if os.path.samestat(os.stat(f"/proc/{entry}/cwd"), home):
                found.append(int(entry))
    return found


def _pid_in_file(folder: Path) -> int | None:
    try:
        return int((folder / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
