"""The writer's mark: a keyed hash of an entry's leaf, so that what came into the log past the portal is known.

The leaf itself needs no secret: whoever writes to the database could reckon it. The mark needs the key ring.
"""

import hashlib
from functools import lru_cache
from typing import Final

from portal.platform.settings import settings

BYTES: Final = 16
_PURPOSE: Final = b"portal.writer.v1"


def mark(leaf: bytes) -> bytes:
    """By the newest key of the ring."""
    return _hashed(_key(settings().secret_keys[0]), leaf)


def keys() -> list[bytes]:
    """What marks may be made with, newest first."""
    return [_key(secret) for secret in settings().secret_keys]


def is_marked(leaf: bytes, found: bytes | None, by: list[bytes]) -> bool:
    """Whether this is the mark of one of these keys."""
    return found is not None and any(_hashed(key, leaf) == found for key in by)


def _hashed(key: bytes, leaf: bytes) -> bytes:
    return hashlib.blake2b(leaf, key=key, digest_size=BYTES).digest()


@lru_cache(maxsize=16)
def _key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), person=_PURPOSE, digest_size=32).digest()
