"""Where a cluster is reached: a unix socket inside its data folder, or a short way to it."""

import hashlib
import os
import re
import socket
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

DATABASE = "portal"
SUPERUSER = "postgres"
OWNER = "portal_owner"
APP = "portal_app"

SOCKET = ".s.PGSQL.5432"
PATIENCE = 30.0  # seconds
LONGEST_PATH = 100  # bytes; the kernel takes 107 for a socket, macOS 103
PLAIN = re.compile(r"[\w./+@=-]+", re.ASCII)  # a host in a URL may hold neither commas nor spaces


class Address:
    """The socket of the cluster in `folder`, as the folder's owner, and root, see it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def host(self) -> str:
        """The folder to give to libpq or asyncpg as host."""
        inside = str(self.folder)
        if len(os.fsencode(inside)) + 1 + len(SOCKET) <= LONGEST_PATH and PLAIN.fullmatch(inside):
            return inside
        return str(_short_way(self.folder))

    def wait(self) -> None:
        """Until the server takes connections, since a portal may be met while it starts; at most PATIENCE."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
                probe.connect(f"{self.host}/{SOCKET}")
                return
            time.sleep(0.05)

    def url(self, role: str, database: str = DATABASE) -> str:
        """A URL that asyncpg, psycopg and libpq read alike."""
        return f"postgresql://{role}@/{quote(database)}?host={quote(self.host, safe='')}"


def _short_way(folder: Path) -> Path:
    """A symbolic link to `folder` with a short, plain name.

    The name follows from the folder's, so every process of one user finds the same link and killed ones leave no
    trail of new ones. The link lies in a folder that nobody else can write.
    """
    link = _private_folder() / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    while not (link.is_symlink() and Path(os.readlink(link)) == folder):
        fresh = link.with_name(f"{link.name}.{os.getpid()}")
        with suppress(FileNotFoundError):
            fresh.unlink()
        fresh.symlink_to(folder)
        fresh.replace(link)
    return link


def _private_folder() -> Path:
    home = Path(f"/tmp/procurement-portal-{os.getuid()}")  # noqa: S108 a known name, checked below before it is used
    with suppress(FileExistsError):
        home.mkdir(mode=0o700)
    found = home.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
        return home
    return Path(tempfile.mkdtemp(prefix="procurement-portal-"))
