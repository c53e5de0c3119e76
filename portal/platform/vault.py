"""Secrets at rest: the key ring wraps each person's own key; that key seals the person's data in the log. Secrets that
the portal itself needs again (of second factors, of identity providers, numbers of bank accounts) are sealed with the
ring. A file is sealed with a key of its own, which the ring wraps: a ring that turns leaves the file as it lies.

AES-256-GCM with a random nonce. The newest key of the ring wraps; all of them unwrap, so that a ring can be rotated.
Destroying a person's wrapped key makes every sealed field of theirs unreadable, while the log still verifies.
"""

import base64
import hashlib
import hmac
import os
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.platform.keyring import FILE
from portal.platform.settings import settings

_NONCE = 12
SAMPLES: Final = "select * from portal.sealed_samples(200)"  # the oldest and the newest of each kind
# Whatever is sealed with the ring, by the kinds of `portal.sealed_secrets`, and the purpose that it is sealed for.
PURPOSES: Final = MappingProxyType(
    {
        "person-key": "person-key",
        "totp": "totp {id}",
        "oidc": "oidc {id}",
        "oidc-proposal": "oidc-proposal {id}",
        "bank-account": "bank-account {id}",
        "fingerprint-key": "fingerprint-key {id}",
        "signing-key": "signing-key {id}",
        "received-file": "received-file {id}",
    }
)


class KeyLost(Exception):
    """No key of the ring opens this."""


class Damaged(Exception):
    """What is sealed here was changed since, or belongs elsewhere."""


async def require_ring(url: str) -> None:
    """Raise `KeyLost` when something lies in the database that was sealed with a ring which is not here: the keys of
    people's data, secrets of second factors and of identity providers, bank accounts; each by its oldest and newest.

    A database that cannot be reached, or has no schema yet, is for others to report.
    """
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return
    try:
        await require_opens(connection)
    except (asyncpg.UndefinedFunctionError, asyncpg.InvalidSchemaNameError):
        return
    finally:
        await connection.close()


async def require_opens(connection: asyncpg.Connection) -> None:
    """The same of a database that is open already."""
    rows = await connection.fetch(SAMPLES)
    if lost := unopened(rows):
        kinds = ", ".join(sorted({row["kind"] for row in lost}))
        raise KeyLost(
            f"The key ring does not open what is sealed here ({len(lost)} of {len(rows)} looked at; {kinds}): "
            f"bring back {settings().data / FILE}, or PORTAL_SECRET_KEYS, as it was."
        )


def unopened(samples: Iterable[Any]) -> list[Any]:
    """Those rows of `SAMPLES` that no key of the ring opens."""
    return [row for row in samples if not _opens(PURPOSES[row["kind"]].format(id=row["id"]), row["sealed"])]


def _opens(purpose: str, sealed: bytes) -> bool:
    try:
        resealed(purpose, sealed)
    except KeyLost:
        return False
    return True


def new_person_key() -> tuple[bytes, bytes]:
    """A fresh key and the same key wrapped by the ring's newest."""
    key = AESGCM.generate_key(256)
    return key, _encrypt(_ring()[0], key, b"person-key")


def unwrap_person_key(wrapped: bytes) -> bytes:
    key = open_person_key(wrapped)
    if key is None:
        raise KeyLost("No key of the ring opens this person's key.")
    return key


def open_person_key(wrapped: bytes) -> bytes | None:
    """The key, or None if no key of the ring opens it."""
    for ring_key in _ring():
        with suppress(InvalidTag):
            return _decrypt(ring_key, wrapped, b"person-key")
    return None


def seal(person_id: UUID, key: bytes, value: Any) -> dict[str, str]:
    """A value as it stands in the log: readable only while the person's key exists."""
    ciphertext = _encrypt(key, msgspec.json.encode(value, enc_hook=str), person_id.bytes)
    return {"sealed": base64.urlsafe_b64encode(ciphertext).decode(), "person": str(person_id)}


def unseal(sealed: dict[str, str], key: bytes) -> Any:
    """The value; raises `KeyLost` if it was sealed with an earlier key of the person, which is destroyed."""
    ciphertext = base64.urlsafe_b64decode(sealed["sealed"])
    try:
        return msgspec.json.decode(_decrypt(key, ciphertext, UUID(sealed["person"]).bytes))
    except InvalidTag as error:
        raise KeyLost("This person's key of that time is destroyed.") from error


def seal_secret(purpose: str, plain: str) -> bytes:
    """A secret as it is stored; `purpose` names what it is of, and whose, so that none serves for another."""
    return wrap(purpose, plain.encode())


def open_secret(purpose: str, sealed: bytes) -> str:
    """The secret; raises `KeyLost` if no key of the ring opens it."""
    return unwrap(purpose, sealed).decode()


def wrap(purpose: str, key: bytes) -> bytes:
    """A key as it is stored, by the ring's newest."""
    return _encrypt(_ring()[0], key, purpose.encode())


def unwrap(purpose: str, wrapped: bytes) -> bytes:
    """The key; raises `KeyLost` if no key of the ring opens it."""
    for ring_key in _ring():
        with suppress(InvalidTag):
            return _decrypt(ring_key, wrapped, purpose.encode())
    raise KeyLost("No key of the ring opens this secret.")


def new_key() -> bytes:
    """For one file and no other."""
    return AESGCM.generate_key(256)


def seal_file(key: bytes, part: str, plain: bytes) -> bytes:
    """A part of a file under the file's own key, squeezed first: sealed bytes can be squeezed by nobody."""
    return _encrypt(key, zlib.compress(plain), part.encode())


def open_file(key: bytes, part: str, sealed: bytes) -> bytes:
    """The part, byte by byte; raises `Damaged` for what was not sealed as this part under this key."""
    try:
        return zlib.decompress(_decrypt(key, sealed, part.encode()))
    except InvalidTag as error:
        raise Damaged(f"The sealed {part} is not as it was sealed.") from error


def resealed(purpose: str, sealed: bytes) -> bytes:
    """The same sealed anew with the ring's newest key; raises `KeyLost` if no key of the ring opens it."""
    try:
        return wrap(purpose, unwrap(purpose, sealed))
    except KeyLost:
        raise KeyLost("No key of the ring opens what is to be sealed anew: bring back the ring as it was.") from None


def tokens(purpose: str, identity: UUID) -> list[str]:
    """What a link by mail carries: made from the ring whenever it is needed and stored nowhere; the newest key's first.

    Whoever holds the database holds its hash alone, and a mail that is sent twice is the same mail.
    """
    keyed = (hmac.new(key, purpose.encode() + identity.bytes, hashlib.sha256).digest() for key in _ring())
    return [base64.urlsafe_b64encode(digest).decode().rstrip("=") for digest in keyed]


def marks(purpose: str, data: bytes = b"") -> list[bytes]:
    """What only who holds the ring can make of these data: by each of its keys, the newest first."""
    return [hmac.new(key, f"{purpose}\0".encode() + data, hashlib.sha256).digest() for key in _ring()]


def fingerprints() -> list[str]:
    """A name for each key of the ring, which says nothing of the key; the newest first."""
    return [mark.hex()[:32] for mark in marks("fingerprint")]


def _ring() -> Sequence[bytes]:
    return [hashlib.sha256(secret.encode()).digest() for secret in settings().secret_keys]


def _encrypt(key: bytes, plain: bytes, purpose: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, purpose)


def _decrypt(key: bytes, ciphertext: bytes, purpose: bytes) -> bytes:
    return AESGCM(key).decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], purpose)
