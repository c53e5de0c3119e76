"""The key ring: secrets that sign cookies and seal what is stored, newest first.

New things are made with the first key, old ones are still read with the others, so a key is replaced by putting a
new one in front and taking the old one away when nothing made with it is left.
"""

import os
import secrets
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

from portal.platform import private
from portal.platform.settings import SHORTEST_KEY, BadSettings, settings

FILE = "secret.keys"


def key_ring() -> tuple[str, ...]:
    """The keys of PORTAL_SECRET_KEYS, else of the file in the data folder, which is made once with one random key."""
    return settings().secret_keys or _from_file(settings().data / FILE)


@cache
def _from_file(path: Path) -> tuple[str, ...]:
    if not path.exists():
        _make(path)
    return ring_of(path)


def ring_of(path: Path) -> tuple[str, ...]:
    """The keys of a file that only its owner may read; raises BadSettings for one that is none."""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadSettings([f"{path} can be read by others: make new keys, or run 'chmod 600 {path}'."])
    text = path.read_bytes().decode("ascii", "replace")
    keys = tuple(text.split())
    if not keys or not text.isascii() or any(len(key) < SHORTEST_KEY for key in keys):
        raise BadSettings([f"{path} must hold one key a line, each of at least {SHORTEST_KEY} plain characters."])
    return keys


def add_key(path: Path) -> tuple[str, ...]:
    """A new random key in front of those in the file, which stay; gives the ring. Processes read it when they start."""
    ring = (secrets.token_urlsafe(32), *_from_file(path))
    private.write(path, "".join(f"{key}\n" for key in ring).encode())
    _from_file.cache_clear()
    return ring


def _make(path: Path) -> None:
    """Whole or not at all, and never over another's: two processes may start at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{secrets.token_urlsafe(32)}\n")
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
