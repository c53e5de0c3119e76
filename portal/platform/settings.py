"""What may be set from outside, by environment variables: names, meanings, checks, and what holds without them.

`DECLARED` is the whole list; `portal settings` prints it. A variable `PORTAL_…` that is not on it, or a value that
makes no sense, is an error: a misspelt name that is silently ignored would be found out in production. An empty
value counts as not set, because compose files and unit files cannot leave a variable out.
"""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from portal.platform import setting_values as reading
from portal.platform.setting_values import LEVELS, SHORTEST_KEY, Network

PREFIX = "PORTAL_"
HIDDEN = "•••"


class BadSettings(Exception):
    """Settings that cannot be used: one sentence for each, naming the variable, all of them at once."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def home() -> Path:
    """Where data lies when nobody says otherwise."""
    if os.getuid() == 0:
        return Path("/var/lib/procurement-portal")
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(share) / "procurement-portal"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The present values; a field is named like its variable."""

    database_url: str | None = None
    owner_url: str | None = None
    database_replica_url: str | None = None
    broker_url: str | None = None
    data: Path = msgspec.field(default_factory=home)
    url: str = "http://127.0.0.1:8000"
    documents_url: str | None = None
    smtp_url: str | None = None
    secret_keys: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    oidc_networks: tuple[Network, ...] = ()
    audit_witnesses: tuple[str, ...] = ()
    scanner_url: str | None = None
    timestamp_url: str | None = None
    pkcs11_pin: str | None = None
    pkcs11_pin_file: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    time_url: str | None = None
    log: str = "info"
    slow: int = 1_000
    metrics_networks: tuple[Network, ...] = ()
    given: frozenset[str] = frozenset()  # the fields that the environment sets

    @property
    def documents(self) -> str:
        """URL of the store for documents: file:, s3:, gs: or az:."""
        return self.documents_url or (self.data / "documents").absolute().as_uri()

    @property
    def mail(self) -> str:
        """URL for outgoing mail: smtp:, smtps:, or file: for a folder that collects .eml files and sends nothing."""
        return self.smtp_url or (self.data / "mail").absolute().as_uri()

    @property
    def secure(self) -> bool:
        """Whether people come by https: Secure and __Host- cookies, HSTS."""
        return self.url.startswith("https:")


@dataclass(frozen=True)
class Setting:
    """A declared variable: what it means to an operator, what a value must be, and how to read one."""

    name: str
    meaning: str
    must: str
    parse: Callable[[str], Any]
    secret: bool = False

    @property
    def field(self) -> str:
        return self.name.removeprefix(PREFIX).lower()

    def show(self, values: Settings) -> str:
        """The present value for a person's eyes; secrets and passwords in URLs stay hidden."""
        value = getattr(values, self.field)
        if value in (None, ()):
            return ""
        if self.secret:
            return HIDDEN
        return ", ".join(map(str, value)) if isinstance(value, tuple) else without_password(str(value))


_DATABASE = reading.url("postgresql", "postgres")
_LIKE_DATABASE = "must be a URL like postgresql://user:password@host:5432/portal"

DECLARED = (
    Setting("PORTAL_DATABASE_URL", "database, as the application's role", _LIKE_DATABASE, _DATABASE),
    Setting("PORTAL_OWNER_URL", "the same database, as its owner; for migrations", _LIKE_DATABASE, _DATABASE),
    Setting(
        "PORTAL_DATABASE_REPLICA_URL",
        "a copy of it that follows, for lists and reports; without it they are read from the database itself",
        _LIKE_DATABASE,
        _DATABASE,
    ),
    Setting(
        "PORTAL_BROKER_URL",
        "queue for jobs; without it they queue in the database",
        "must be a URL like amqp://user:password@host/ or redis://host:6379/0",
        reading.url("amqp", "amqps", "redis", "rediss"),
    ),
    Setting("PORTAL_DATA", "folder for everything that is kept in files", "must be a folder", reading.folder),
    Setting(
        "PORTAL_URL",
        "public address; https turns on Secure cookies and HSTS",
        "must be an address like https://portal.example.com, without a path",
        reading.public,
    ),
    Setting(
        "PORTAL_DOCUMENTS_URL",
        "store for documents; without it, the folder documents in PORTAL_DATA",
        "must be a folder or a URL like s3://bucket/prefix (file, s3, gs, az)",
        reading.store,
    ),
    Setting(
        "PORTAL_SMTP_URL",
        "server for outgoing mail; without it, mails are only kept in the folder mail in PORTAL_DATA",
        "must be a URL like smtp://user:password@host:587, smtps://… or file:///folder",
        reading.url("smtp", "smtps", "file"),
    ),
    Setting(
        "PORTAL_SECRET_KEYS",
        "key ring for cookies and stored secrets, newest first; without it, the file secret.keys in PORTAL_DATA",
        f"must be different keys of at least {SHORTEST_KEY} characters, with commas between them",
        reading.keys,
        secret=True,
    ),
    Setting(
        "PORTAL_TRUSTED_PROXIES",
        "addresses whose X-Forwarded-* headers are believed",
        "must be addresses or networks like 10.0.0.0/8, with commas between them",
        reading.networks,
    ),
    Setting(
        "PORTAL_OIDC_NETWORKS",
        "private networks in which identity providers may stand; without it, they have public addresses and https",
        "must be addresses or networks like 10.0.0.0/8, with commas between them",
        reading.networks,
    ),
    Setting(
        "PORTAL_AUDIT_WITNESSES",
        "who is shown the checkpoints of the sealed log, so that nobody can rewrite it unseen",
        "must be files or addresses like file:///media/checkpoints, https://witness.example or "
        "timestamp+https://tsa.example, with commas between them",
        reading.witnesses,
    ),
    Setting(
        "PORTAL_SCANNER_URL",
        "scanner that is asked about every attached file; without it, pages say that files are not scanned",
        "must be an address like clamd://127.0.0.1:3310, clamd:///run/clamav/clamd.ctl or https://scanner.example/scan",
        reading.scanner,
    ),
    Setting(
        "PORTAL_TIMESTAMP_URL",
        "time-stamp authority (RFC 3161) that stamps every signature; without it, their time is the portal's",
        "must be an address like https://tsa.example/stamp",
        reading.url("http", "https"),
    ),
    Setting(
        "PORTAL_PKCS11_PIN_FILE",
        "file with the PIN of the token that holds the key for signing documents",
        "must be a file",
        reading.folder,
    ),
    Setting(
        "PORTAL_PKCS11_PIN",
        "the same PIN itself, where no file can hold it",
        "must be the PIN of the token",
        str,
        secret=True,
    ),
    Setting(
        "PORTAL_ALLOWED_HOSTS",
        "names besides that of PORTAL_URL under which requests may come",
        "must be host names without ports, with commas between them",
        reading.hosts,
    ),
    Setting(
        "PORTAL_TIME_URL",
        "clock that the doctor compares this machine's with",
        "must be an address like ntp://time.example.com or https://www.example.com, whose Date header counts",
        reading.url("ntp", "http", "https"),
    ),
    Setting("PORTAL_LOG", "least level that is logged", f"must be one of {', '.join(LEVELS)}", reading.level),
    Setting(
        "PORTAL_SLOW",
        "milliseconds from which a request or a job is logged with its SQL statements; 0 logs all of them",
        "must be a whole number of milliseconds",
        reading.milliseconds,
    ),
    Setting(
        "PORTAL_METRICS_NETWORKS",
        "networks that may read /metrics, besides this machine",
        "must be addresses or networks like 10.0.0.0/8, with commas between them",
        reading.networks,
    ),
)


def load(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment gives; raises BadSettings for all that is wrong in it."""
    declared = {setting.name: setting for setting in DECLARED}
    problems, values = [], {}
    for name in sorted(name for name in environment if name.startswith(PREFIX)):
        setting = declared.get(name)
        if setting is None:
            problems.append(_unknown(name, list(declared)))
        elif value := environment[name].strip():
            try:
                if not value.isprintable():
                    raise ValueError
                values[setting.field] = setting.parse(value)
            except ValueError:
                hidden = setting.secret or "@" in value  # what is no URL may hold a password anywhere
                problems.append(f"{name} {setting.must}; it is {HIDDEN if hidden else repr(value)}.")
    if problems:
        raise BadSettings(problems)
    return Settings(**values, given=frozenset(values))


def _unknown(name: str, known: list[str]) -> str:
    bare = [setting.removeprefix(PREFIX) for setting in known]
    near = difflib.get_close_matches(name.removeprefix(PREFIX), bare, 1)
    return (
        f"{name} is not a setting{f': {PREFIX}{near[0]} is meant?' if near else '.'} 'portal settings' lists them all."
    )


_present: Settings | None = None


def settings() -> Settings:
    """The settings of this process, read from the environment at first use."""
    global _present
    if _present is None:
        _present = load(os.environ)
    return _present


class override:
    """Other values from now on, in this process and the children it forks; as a context, only until its end."""

    def __init__(self, **changes: Any) -> None:
        global _present
        self._before = settings()
        _present = msgspec.structs.replace(self._before, **changes)

    def __enter__(self) -> Settings:
        return settings()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _present
        _present = self._before


_PASSWORD = re.compile(r"(?<=://)([^/?#@:\s]*):[^/?#\s]*@|(?<=[?&]password=)[^&#\s]*")


def without_password(text: str) -> str:
    """The text with every password in a URL hidden."""
    return _PASSWORD.sub(lambda found: f"{found[1]}:{HIDDEN}@" if found[1] is not None else HIDDEN, text)
