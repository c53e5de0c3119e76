"""Folders to work in for a while with files that are too large for memory, and their end when somebody died in one."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WORKSHOP = "portal-work-"  # what the names of folders to work in begin with
JUST_MADE = 60  # seconds within which a folder may not be held yet


@contextmanager
def workshop() -> Iterator[str]:
    """A folder of one's own for a while, on a disk: /tmp is memory on some systems, and files are large. A lock tells
    that somebody is in it; whoever dies lets go of it."""
    with tempfile.TemporaryDirectory(prefix=WORKSHOP, dir=_workshops()) as folder, _held(Path(folder)):
        yield folder


def sweep() -> int:
    """Remove the workshops that nobody is in any more."""
    gone = 0
    for folder in _workshops().glob(f"{WORKSHOP}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > JUST_MADE:
                with _held(folder):
                    shutil.rmtree(folder)
                    gone += 1
    return gone


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder; BlockingIOError if another one does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _workshops() -> Path:
    lasting = "/var/tmp"  # noqa: S108 the folder is made by tempfile, for its owner alone
    return Path(os.environ.get("TMPDIR") or (lasting if os.access(lasting, os.W_OK) else tempfile.gettempdir()))
