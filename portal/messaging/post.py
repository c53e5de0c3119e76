"""Handing a mail over: to an SMTP server, or into a folder of .eml files that sends nothing.

PORTAL_SMTP_URL may name the sender: `smtp://user:password@host:587?from=portal@example.com`; else it is the user, if
that is an address, else `portal@` the host of PORTAL_URL.
"""

import asyncio
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from uuid import UUID

from portal.platform import private
from portal.platform.late import Late
from portal.platform.settings import settings

if TYPE_CHECKING:
    import aiosmtplib

    from portal.messaging import smtp
else:
    aiosmtplib, smtp = Late("aiosmtplib"), Late("portal.messaging.smtp")

SECONDS = 20  # that a server may take for each answer; whoever is not answered then is not asked twice
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
Claim = Callable[[], Awaitable[bool]]


class Undeliverable(Exception):
    """Nobody will ever take this mail."""


class NotTaken(Exception):
    """The server had the text and refuses the mail for now: it may be claimed again."""


class Unconfirmed(Exception):
    """The server had the text and did not say what it does with it: sending it again could double it."""


class Claimed(Exception):
    """Somebody else hands this mail over, or did."""


def sender() -> str:
    """The address that mails come from."""
    given = urlsplit(settings().mail)
    named = parse_qs(given.query).get("from", [""])[0] or unquote(given.username or "")
    host = urlsplit(settings().url).hostname or "localhost"
    return named if "@" in named else f"portal@{_literal(host)}"


async def deliver(message_id: UUID, mail: EmailMessage, claim: Claim, given: Callable[[], None] = lambda: None) -> None:
    """Hand the mail over once, after `claim` said that it is ours; `given` is called right before its text goes.

    Raises Undeliverable if it was refused for good, Claimed if somebody else has it, and after the claim NotTaken or
    Unconfirmed; any other exception means that nothing was claimed and it may be tried later.
    """
    to = urlsplit(settings().mail)
    if to.scheme == "file":
        await asyncio.to_thread(_keep, Path(unquote(to.path)), message_id, mail.as_bytes())
        await claim()  # afterwards: the same mail again takes the same place
        return
    try:
        await _send(to, mail, claim, given)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        codes = [each.code for each in refused.recipients]
        if all(code >= 500 for code in codes):
            raise Undeliverable(f"the address was refused: {refused.recipients[0].message}") from refused
        raise
    except aiosmtplib.SMTPAuthenticationError:
        raise  # ours to mend, not the mail's fault
    except aiosmtplib.SMTPResponseException as refused:
        if refused.code >= 500:
            raise Undeliverable(f"refused: {refused.code} {refused.message}") from refused
        raise


async def _send(to: SplitResult, mail: EmailMessage, claim: Claim, given: Callable[[], None]) -> None:
    """A password never travels unencrypted, unless to this very machine; without one TLS is used where offered."""
    implicit = to.scheme == "smtps"
    must = bool(to.username) and to.hostname not in LOOPBACK
    client = smtp.Client(
        claim,
        given,
        hostname=to.hostname,
        port=to.port,
        username=unquote(to.username) if to.username else None,
        password=unquote(to.password) if to.password else None,
        use_tls=implicit,
        start_tls=None if implicit or not must else True,
        timeout=SECONDS,
    )
    async with client:
        await client.send_message(mail)


def _keep(folder: Path, message_id: UUID, text: bytes) -> None:
    """The same mail again takes its own place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private.write(folder / f"{message_id}.eml", text)


def _literal(host: str) -> str:
    try:
        return f"[{'IPv6:' if ip_address(host).version == 6 else ''}{host}]"
    except ValueError:
        return host
