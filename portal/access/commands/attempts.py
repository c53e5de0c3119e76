"""Guessing: every attempt is counted before it is judged, by account and by address."""

import asyncio
import hashlib
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from portal.access.commands.passwords import is_right
from portal.access.commands.refused import note_refusal
from portal.platform.gate import gate
from portal.platform.i18n import _
from portal.platform.refusals import TooMany

# Failures within 15 minutes: of one account from one address, of one account from anywhere, from one address. And in
# one day: of one account from anywhere; links by mail lead in nevertheless.
MOST_FAILURES = (10, 50, 100, 500)
MOST_LINKS = (5, 10, 50, 1_000_000)
MOST_CODES = (10, 10, 10, 1_000_000)
_LINE = 64  # bits of an IPv6 address that name a line: whoever has one has all the addresses behind it
_WAITS, _WAIT = 50, 0.2


class Attempt(NamedTuple):
    """One that was let in, and who would be meant; None for an account that nobody has."""

    number: int
    candidate: Any

    async def end(self, passed: bool | None) -> None:
        """Judged; None counts neither way: right so far, and a code is to come."""
        async with gate() as connection:
            if passed is None:
                await connection.fetch("select portal.forget_attempt($1)", self.number)
            else:
                await connection.fetch("select portal.end_sign_in($1, $2)", self.number, passed)


async def begin(email: str, address: str) -> Attempt:
    """Begin an attempt, waiting while as many as may fail are being judged; `TooMany` when they have failed."""
    return Attempt(*await _let_in(_account(email), origin_of(address), MOST_FAILURES, email))


async def begin_code(email: str) -> Attempt:
    """Begin a guess at a second factor. Who comes so far knows the password, so these are counted by the account alone,
    apart from passwords: neither another address nor a right password forgets them."""
    account = _account(f"code {email}")
    return Attempt(*await _let_in(account, f"code {account.hex()}", MOST_CODES, email))


async def know(email: str, address: str) -> None:
    """Whoever had a link by mail used it here: guesses from elsewhere do not keep them out."""
    async with gate() as connection:
        await connection.fetch("select portal.know_address($1, $2)", _account(email), origin_of(address))


def origin_of(address: str) -> str:
    """What counts as one address: of IPv6, all that one line has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Network((parsed, _LINE), strict=False))


def _account(of: str) -> bytes:
    return hashlib.sha256(of.lower().encode()).digest()


async def count_link(email: str, address: str) -> None:
    """Links by mail are asked for a few times, whoever they are for; counted apart from guesses."""
    number, _nobody = await _let_in(_account(f"link {email}"), f"link {origin_of(address)}", MOST_LINKS, "")
    await Attempt(number, None).end(False)


async def judged(email: str, password: str, address: str) -> tuple[Attempt, bool]:
    """An attempt with its password judged, and not ended yet. Known and unknown accounts take the same time."""
    attempt = await begin(email, address)
    stored = attempt.candidate["password_hash"] if attempt.candidate else None
    return attempt, await is_right(password, stored)


async def _let_in(account: bytes, address: str, most: tuple[int, int, int, int], email: str) -> tuple[int, Any]:
    found: Any = None
    for _attempt in range(_WAITS):
        async with gate() as connection:
            told: Any = await connection.fetchrow(
                "select * from portal.begin_sign_in($1, $2, $3, $4, $5, $6)", account, address, *most
            )
            found = await candidate(connection, email)
            if told["admitted"] is not None:
                return told["admitted"], found
        if not told["wait"]:
            break
        await asyncio.sleep(_WAIT)
    note_refusal(found, address, "attempts")
    raise TooMany(_("There were too many failed attempts. Wait 15 minutes, then try again."), retry_after=900)


async def candidate(connection: Any, email: str) -> Any:
    """Whose account this is, if anybody's."""
    return await connection.fetchrow("select * from portal.sign_in_candidate($1)", email)
