"""Second factors: codes of an app (TOTP, RFC 6238) and recovery codes, each taken once."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import pyotp
from pyotp.totp import TOTP

from portal.access import queries
from portal.access.commands.attempts import begin_code
from portal.access.commands.own_password import prove_password
from portal.access.commands.renewal import Opened, believed, renewed, signed_in
from portal.access.events import (
    RecoveryCodesMade,
    SecondFactorBegun,
    SecondFactorProved,
    SecondFactorRemoved,
    SecondFactorSetUp,
)
from portal.access.guards import require_proof
from portal.access.tables import Person
from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change, changing

STEP, DIGITS = 30, 6  # seconds that a code is shown, and its length
RECOVERY_CODES = 10
WRONG_CODE = _("This code is not right, or was used already.")


class SetUp(NamedTuple):
    """A second factor that counts from now on: the session under its new secret, and codes shown this once."""

    opened: Opened
    recovery_codes: list[str]


async def may_add_factor(actor: Actor, password: str | None, address: str) -> None:
    """Refuse whoever merely found an open window, or knows the password of somebody with a second factor: a further one
    takes a proof of one there is, the first takes the present password."""
    still_may_add(actor)
    if not actor.has_factor:
        await prove_password(actor, password, address)


def still_may_add(actor: Actor) -> None:
    """The same when the new factor is there: an older one may have come meanwhile."""
    signed_in(actor)
    if actor.has_factor:
        require_proof(actor)


async def begin_totp(actor: Actor, password: str | None, *, address: str) -> str:
    """A new secret for an authenticator app, which counts when a code of it was shown. Gives the secret."""
    await may_add_factor(actor, password, address)
    secret = pyotp.random_base32()
    async with changing(actor, Person, actor.person) as (change, person):
        if (await queries.factors(change)).codes_since is not None:
            raise Conflict(_("There is an app set up already. Remove it first."))
        change.sql(
            "insert into totp (person_id, sealed) values ($1, $2) "
            "on conflict (person_id) do update set sealed = excluded.sealed, created_at = now()",
            *(person.id, vault.seal_secret(f"totp {person.id}", secret)),
        )
        change.record(SecondFactorBegun(person.id, "app"), person)
    return secret


def address_of(secret: str, email: str) -> str:
    """What an app reads from the picture."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name="Portal")


async def confirm_totp(actor: Actor, code: str) -> SetUp:
    """The app works: its codes count from now on, and the session has proved one."""
    still_may_add(actor)
    async with changing(actor, Person, actor.person) as (change, person):
        row = await change.one(
            "select sealed, last_step from totp where person_id = $1 and confirmed_at is null for update", person.id
        )
        step = _step_of(row, person.id, code, change.now) if row else None
        if step is None:
            raise Invalid.field("code", WRONG_CODE)
        change.sql(
            "update totp set confirmed_at = $2, last_step = $3 where person_id = $1", person.id, change.now, step
        )
        codes = await new_codes(change)
        secret = await renewed(change, proved=True)
        change.record(SecondFactorSetUp(person.id, "app"), person)
    queries.forget_person(actor.person)
    return SetUp(await believed(*secret), codes)


async def make_recovery_codes(actor: Actor) -> list[str]:
    """New recovery codes in the place of all that were made before; a second factor must be proved for it."""
    require_proof(actor)
    async with changing(actor, Person, actor.person) as (change, person):
        codes = await new_codes(change)
        change.record(RecoveryCodesMade(person.id), person)
    return codes


async def remove_totp(actor: Actor) -> None:
    """Codes of the app count no more, and with the last second factor no recovery codes; takes a proof of one."""
    require_proof(actor)
    async with changing(actor, Person, actor.person) as (change, person):
        await change.fetch("delete from totp where person_id = $1", person.id)
        await drop_idle_codes(change)
        change.record(SecondFactorRemoved(person.id, "app"), person)
    queries.forget_person(actor.person)


async def drop_idle_codes(change: Change) -> None:
    """Recovery codes stand for a second factor: without one there are none."""
    if not await change.value("select portal.has_factor($1)", change.actor.person):
        await change.fetch("delete from recovery_code where person_id = $1", change.actor.person)


async def remove_factors(operator: Actor, person_id: UUID) -> None:
    """The operator takes the second factors of somebody who lost telephone and codes; no colleague can."""
    async with changing(operator, Person, person_id) as (change, person):
        change.require("members:edit")
        await change.fetch("select portal.drop_factors($1)", person_id)
        await change.fetch("select portal.end_sessions($1, null)", person_id)
        change.record(SecondFactorRemoved(person_id, "all"), person)
    queries.forget_person(person_id)


async def prove(actor: Actor, code: str, *, address: str) -> Opened:
    """Prove a second factor in this session, to be let in or to act: the session goes on under a new secret."""
    signed_in(actor)
    attempt = await begin_code(actor.email)
    async with changing(actor, Person, actor.person) as (change, person):
        how = await _spent(change, code)
        fresh = await renewed(change, proved=True) if how else None
        if how:
            change.record(SecondFactorProved(person.id, how), person)
    await attempt.end(bool(how))
    if fresh is None:
        raise Invalid.field("code", WRONG_CODE)
    assert actor.session is not None
    queries.forget_session(actor.session)
    return await believed(*fresh)


async def take_code(actor: Actor, email: str, code: str) -> bool:
    """Whether this is a code of the person's, used up by that; `TooMany` after too many wrong ones."""
    attempt = await begin_code(email)
    async with changing(actor, Person, actor.person) as (change, person):
        how = await _spent(change, code)
        if how:
            change.record(SecondFactorProved(person.id, how), person)
    await attempt.end(how is not None)
    return how is not None


async def _spent(change: Change, code: str) -> str | None:
    """How the code was right: no code is right twice."""
    person_id, plain = change.actor.person, "".join(sign for sign in code.upper() if sign.isalnum())
    row = await change.one(
        "select sealed, last_step from totp where person_id = $1 and confirmed_at is not null for update", person_id
    )
    step = _step_of(row, person_id, plain, change.now) if row else None
    if step is not None:
        change.sql("update totp set last_step = $2 where person_id = $1", person_id, step)
        return "app"
    taken = await change.value(
        "update recovery_code set used_at = $3 where person_id = $1 and hash = $2 and used_at is null returning true",
        *(person_id, _hash(person_id, plain), change.now),
    )
    return "recovery-code" if taken else None


def _step_of(record: Any, person_id: UUID, code: str, now: datetime) -> int | None:
    """The time step whose code this is, now or one step off, but none up to the last that was taken."""
    totp = TOTP(vault.open_secret(f"totp {person_id}", record["sealed"]))
    present = int(now.timestamp()) // STEP
    wanted = code.strip().encode()
    fitting = [step for step in (present, present - 1, present + 1) if step > record["last_step"]]
    return next((step for step in fitting if hmac.compare_digest(totp.generate_otp(step).encode(), wanted)), None)


async def new_codes(change: Change) -> list[str]:
    """Ten codes of 80 random bits each; only their hashes are kept."""
    person_id = change.actor.person
    plain = [base64.b32encode(secrets.token_bytes(10)).decode() for _number in range(RECOVERY_CODES)]
    await change.fetch("delete from recovery_code where person_id = $1", person_id)
    hashes = [_hash(person_id, code) for code in plain]
    change.sql("insert into recovery_code (person_id, hash) select $1, unnest($2::bytea[])", person_id, hashes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in plain]


def _hash(person_id: UUID, code: str) -> bytes:
    return hashlib.sha256(person_id.bytes + code.encode()).digest()
