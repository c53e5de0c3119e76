"""Secrets at rest: the key ring wraps each person's own key; that key seals the person's data in the log.

AES-256-GCM with a random nonce. The newest key of the ring wraps; all of them unwrap, so that a ring can be rotated.
Destroying a person's wrapped key makes every sealed field of theirs unreadable, while the log still verifies.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.platform.settings import settings

_NONCE = 12


class KeyLost(Exception):
    """No key of the ring opens this."""


def new_person_key() -> tuple[bytes, bytes]:
    """A fresh key and the same key wrapped by the ring's newest."""
    key = AESGCM.generate_key(256)
    return key, _encrypt(_ring()[0], key, b"person-key")


def unwrap_person_key(wrapped: bytes) -> bytes:
    for ring_key in _ring():
        try:
            return _decrypt(ring_key, wrapped, b"person-key")
        except InvalidTag:
            continue
    raise KeyLost("No key of the ring opens this person's key.")


def seal(person_id: UUID, key: bytes, value: Any) -> dict[str, str]:
    """A value as it stands in the log: readable only while the person's key exists."""
    ciphertext = _encrypt(key, msgspec.json.encode(value, enc_hook=str), person_id.bytes)
    return {"sealed": base64.urlsafe_b64encode(ciphertext).decode(), "person": str(person_id)}


def unseal(sealed: dict[str, str], key: bytes) -> Any:
    ciphertext = base64.urlsafe_b64decode(sealed["sealed"])
    return msgspec.json.decode(_decrypt(key, ciphertext, UUID(sealed["person"]).bytes))


def _ring() -> Sequence[bytes]:
    return [hashlib.sha256(secret.encode()).digest() for secret in settings().secret_keys]


def _encrypt(key: bytes, plain: bytes, purpose: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, purpose)


def _decrypt(key: bytes, ciphertext: bytes, purpose: bytes) -> bytes:
    return AESGCM(key).decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], purpose)
