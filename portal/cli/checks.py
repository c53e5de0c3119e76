"""What the doctor asks, one function a question; each answers with a Finding and changes nothing."""

import ctypes
import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.cli.settle import settle
from portal.platform.paths import resource
from portal.platform.settings import override, settings, without_password

OLDEST_PYTHON = (3, 11)
LOCK = Path(__file__).parents[2] / "requirements.lock"  # in a checkout; an installed wheel has none
PACKAGE = "procurement-portal"
NEED = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?[^;=]*(?:==(?P<version>[^\s;]+))?[^;]*(?P<only>;)?")
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LEAST_ROOM = 1_000_000_000  # bytes
OLDEST_SERVER = 180_000


@dataclass(frozen=True)
class Finding:
    """An answer: `state` is ok, bad, or note for what may be meant so."""

    what: str
    state: str
    found: str
    mend: str = ""

    def facts(self) -> dict[str, str]:
        return asdict(self)


def judged(what: str, good: bool, found: str, mend: str, otherwise: str = "bad") -> Finding:
    return Finding(what, "ok", found) if good else Finding(what, otherwise, found, mend)


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return judged("Python", sys.version_info >= OLDEST_PYTHON, version, "install Python 3.11 or later")


def packages() -> Finding:
    """Against the lock in a checkout, else against what the installed package asks for.

    What is needed on some systems only is not missed here; another version of it is noticed all the same.
    """
    lines = LOCK.read_text().splitlines() if LOCK.exists() else importlib.metadata.requires(PACKAGE) or ()
    needs = [need for need in map(NEED.match, lines) if need]
    present = {_plain(found.name): found.version for found in importlib.metadata.distributions()}
    other = []
    for need in needs:
        version = present.get(_plain(need["name"]))
        if (version is None and not need["only"]) or (version and need["version"] not in (None, version)):
            other.append(f"{need['name']} {version or 'missing'}")
    said = f"{', '.join(other[:5])}{', …' if len(other) > 5 else ''}" if other else f"all {len(needs)}"
    return judged("Packages", not other, said, "make setup" if LOCK.exists() else f"pip install --upgrade {PACKAGE}")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def libraries() -> Finding:
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    install = f"sudo apt-get install --no-install-recommends {' '.join(missing)}"
    return judged("Libraries for PDF", not missing, f"missing: {', '.join(missing)}" if missing else "all", install)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def fonts() -> Finding:
    found = sorted(path.stem for path in resource("fonts").glob("*.ttf"))
    return judged("Fonts", len(found) > 0, ", ".join(found) or "none", "make setup")


def assets() -> Finding:
    stamp = resource("static") / "vendor" / ".stamp"
    return judged("Assets of pages", stamp.exists(), "built" if stamp.exists() else "not built", "make setup")


def browser() -> Finding:
    found = next(filter(None, map(shutil.which, BROWSERS)), "")
    return judged("Browser for tests", bool(found), found or "none", "make setup", "note")


def data(folder: Path) -> Finding:
    if not folder.exists():
        return Finding("Data folder", "note", f"{folder} is not there yet", "the first start makes it")
    usable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    return judged("Data folder", usable, str(folder), f"chown {os.getuid()} {folder}")


def room(folder: Path) -> Finding:
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    return judged("Room on disk", free >= LEAST_ROOM, f"{free / 1e9:,.1f} GB free", f"make room on {place}")


def addresses(folder: Path) -> tuple[str | None, str | None]:
    """Of the application and of the owner: the configured database, else the demo's if it is running."""
    from portal.platform.postgres import APP, OWNER, Address

    present = settings()
    if present.database_url is not None:
        return present.database_url, present.owner_url
    if not (folder / "pg" / "postmaster.pid").exists():
        return None, None
    address = Address((folder / "pg").resolve())
    return address.url(APP), address.url(OWNER)


def database(app: str | None, owner: str | None) -> Iterator[Finding]:
    """The database that is there; nothing is started to ask it."""
    from portal.cli.safety import clock_of_database

    if app is None:
        mend = "set PORTAL_DATABASE_URL, or start 'portal demo'"
        yield Finding("Database", "note", "none is set and no demo runs", mend)
        return
    yield from _ask(app)
    yield from clock_of_database(app)
    if owner:
        yield _migrations(owner)


def _ask(url: str) -> Iterator[Finding]:
    import psycopg

    question = """select current_setting('server_version_num')::int, current_setting('server_version'),
        rolsuper or rolbypassrls from pg_roles where rolname = current_user"""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            number, version, mighty = connection.execute(question).fetchone() or (0, "?", True)
    except psycopg.Error as error:
        reason = without_password(str(error)).strip()
        yield Finding("Database", "bad", reason, "start it, or correct PORTAL_DATABASE_URL")
        return
    yield judged("Database", number >= OLDEST_SERVER, f"PostgreSQL {version}", "upgrade it to PostgreSQL 18")
    said = "may pass over row-level security" if mighty else "bound by row-level security"
    yield judged("Database role", not mighty, said, "alter role … nosuperuser nobypassrls")


def _migrations(owner: str) -> Finding:
    try:
        with override(owner_url=owner):
            from portal.platform.migrations import pending

            names = settle(pending(owner))
    except Exception as error:  # whatever it is, the other answers are still wanted
        return Finding("Migrations", "bad", without_password(str(error)), "correct PORTAL_OWNER_URL")
    return judged("Migrations", not names, f"{len(names)} pending" if names else "up to date", "portal migrate")
