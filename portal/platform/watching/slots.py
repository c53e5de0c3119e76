"""Places for the figures of each process of a machine, in a folder that they share.

Prometheus' own library keeps a file for each process id: that grows with every restart, or loses what a killed process
had counted. Here a process holds a place, such as `web-1`, by a lock that ends with it, however it ends; the next one
that takes the place counts on from there. When nobody holds a place any more, the next to come begins at nothing.
"""

import fcntl
import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO

FOLDER = "metrics"


class Slot:
    """A place that this process holds until it ends, or gives it back."""

    def __init__(self, folder: Path, part: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder, self.part = folder, part
        with (folder / "door").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            if not any(_is_held(file) for file in folder.glob("*.slot")):
                _clear(folder)
            self.name, self._lock = next(filter(None, (_taken(folder, f"{part}-{n}") for n in count(1))))

    def give_back(self) -> None:
        self._lock.close()


def held(folder: Path) -> list[str]:
    """The places that somebody holds now."""
    return sorted(file.stem for file in folder.glob("*.slot") if _is_held(file))


def left(folder: Path) -> list[str]:
    """The places that somebody held who is gone."""
    return sorted(file.stem for file in folder.glob("*.slot") if not _is_held(file))


def _taken(folder: Path, name: str) -> tuple[str, IO[str]] | None:
    file = (folder / f"{name}.slot").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return name, file


def _is_held(file: Path) -> bool:
    with suppress(FileNotFoundError), file.open() as slot:
        try:
            fcntl.flock(slot, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _clear(folder: Path) -> None:
    for file in (*folder.glob("*.db"), *folder.glob("*.slot")):
        with suppress(FileNotFoundError):
            os.unlink(file)
