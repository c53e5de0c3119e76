"""What the doctor asks about safety: settings that would betray people, and a clock that would betray the log."""

import ipaddress
import socket
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from urllib.request import Request

from portal.cli.checks import Finding, judged
from portal.platform.calling import called
from portal.platform.settings import Settings, settings, without_password

DRIFT = 2.0  # seconds that clocks may differ: time-based codes, sessions and sealed entries hang on it
COARSE = 1.0  # seconds: all that a Date header says
PATIENCE = 5  # seconds
SINCE_1900 = 2_208_988_800  # seconds from the epoch of NTP to that of Unix


def safe_settings(present: Settings | None = None) -> Iterator[Finding]:
    """One finding for each setting that is unsafe as it is, or one that says that none is."""
    present = present or settings()
    wrong = [finding for finding in _unsafe(present) if finding is not None]
    yield from wrong or [Finding("Settings", "ok", "none is unsafe")]
    yield _scanner(present)


def _unsafe(present: Settings) -> Iterator[Finding | None]:
    serves = present.database_url is not None
    if serves and "url" not in present.given:
        yield _bad("PORTAL_URL is not set: links in mails lead to this machine", "set PORTAL_URL to the public address")
    if not present.secure and not _is_loopback(urlsplit(present.url).hostname or ""):
        yield _bad("PORTAL_URL is http: sessions and passwords travel in the open", "serve https and set PORTAL_URL so")
    if any(proxy.prefixlen == 0 for proxy in present.trusted_proxies):
        yield _bad("PORTAL_TRUSTED_PROXIES trusts everybody: addresses can be made up", "name the proxies alone")
    if serves and not present.secret_keys:
        said = "the key ring lies in a file of PORTAL_DATA, beside what it protects"
        yield Finding("Settings", "note", said, "set PORTAL_SECRET_KEYS")


def _bad(said: str, mend: str) -> Finding:
    return Finding("Settings", "bad", said, mend)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")


def _scanner(present: Settings) -> Finding:
    """Whether somebody looks at attached files; a clamd is asked whether it lives."""
    if present.scanner_url is None:
        return Finding("Scanner of files", "note", "none: files are served unscanned", "set PORTAL_SCANNER_URL")
    shown = without_password(present.scanner_url)
    if not present.scanner_url.startswith("clamd:"):
        return Finding("Scanner of files", "ok", shown)
    return judged("Scanner of files", _pongs(present.scanner_url), shown, "start clamd, or correct PORTAL_SCANNER_URL")


def _pongs(address: str) -> bool:
    parts = urlsplit(address)
    try:
        if parts.hostname:
            line = socket.create_connection((parts.hostname, parts.port or 3310), PATIENCE)
        else:
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(PATIENCE)
            line.connect(parts.path)
        with line:
            line.sendall(b"zPING\0")
            return line.recv(64).startswith(b"PONG")
    except OSError:
        return False


def clock_of_database(url: str) -> Iterator[Finding]:
    """This machine's clock beside PostgreSQL's: both date what the log tells. One that does not answer was told of."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            before = time.time()
            row = connection.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
            here = (before + time.time()) / 2
    except psycopg.Error:
        return
    yield _compared("Clock and database", here - (row or (here,))[0], DRIFT)


def clock_of_world(address: str | None) -> Iterator[Finding]:
    """This machine's clock beside the one of PORTAL_TIME_URL, if there is one."""
    if address is None:
        return
    ask = _by_ntp if address.startswith("ntp:") else _by_http
    try:
        drift, coarse = ask(address)
    except (OSError, ValueError) as error:
        said = f"{without_password(address)}: {error}"
        yield Finding("Clock and world", "note", said, "start it, or correct PORTAL_TIME_URL")
        return
    yield _compared("Clock and world", drift, DRIFT + coarse)


def _compared(what: str, drift: float, most: float) -> Finding:
    return judged(what, abs(drift) <= most, f"{drift:+.1f} s", "set the clock; run chronyd or systemd-timesyncd")


def _by_http(address: str) -> tuple[float, float]:
    before = time.time()
    with called(Request(address, method="HEAD"), PATIENCE) as answer:  # noqa: S310 the operator's own setting
        told = answer.headers.get("date", "")
    theirs = parsedate_to_datetime(told).timestamp() + COARSE / 2
    return (before + time.time()) / 2 - theirs, COARSE


def _by_ntp(address: str) -> tuple[float, float]:
    """SNTP (RFC 4330): a question of 48 bytes, and the moment at which the answer left."""
    parts = urlsplit(address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(PATIENCE)
        before = time.time()
        line.sendto(b"\x1b" + bytes(47), (parts.hostname or "", parts.port or 123))
        answer = line.recv(512)
    if len(answer) < 48:
        raise ValueError("an answer that is none")
    theirs = int.from_bytes(answer[40:44], "big") - SINCE_1900 + int.from_bytes(answer[44:48], "big") / 2**32
    return (before + time.time()) / 2 - theirs, 0.0
