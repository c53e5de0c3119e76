"""Checkpoints: the size and root of the log at one moment, signed with Ed25519.

Their text is the signed note of transparency logs (C2SP `tlog-checkpoint`): origin, size, root, our time, an empty
line, and a line with the signature, so that any witness of such logs can read and countersign it. The key is derived
from the key ring; whoever has only the database can sign nothing.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.platform.settings import settings

_ED25519: Final = b"\x01"
_LENGTH: Final = 33  # the kind of key, and its bytes
_NAMED: Final = re.compile(r"[^+]+\+[0-9a-f]{8}\+(?P<key>.+)")
_DASH: Final = "\u2014"


class NoCheckpoint(ValueError):
    """This text is no checkpoint of such a log."""


class Checkpoint(NamedTuple):
    """What a checkpoint says: of which log, how many entries, their root, and when it was signed."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n{self.at.isoformat()}\n"

    @classmethod
    def of(cls, note: str) -> Self:
        """Raises `NoCheckpoint` for what cannot be read."""
        try:
            origin, size, root, at = note.partition("\n\n")[0].split("\n")[:4]
            if not size.isdecimal() or len(size) > 18:
                raise ValueError(size)
            return cls(origin, int(size), b64decode(root, validate=True), datetime.fromisoformat(at).astimezone(UTC))
        except (ValueError, NotBase64) as error:
            raise NoCheckpoint(note[:200]) from error


class Signer(NamedTuple):
    """One key of the ring: what it signs checkpoints with, and what it marks seals with."""

    private: Ed25519PrivateKey
    mark: bytes

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    def note(self, checkpoint: Checkpoint) -> str:
        """The checkpoint with its signature."""
        return signed_text(checkpoint.text, checkpoint.origin, self)

    def marked(self, position: int, entry_id: bytes, leaf: bytes, written: bytes | None) -> bytes:
        """The mark of a seal: over the place, the entry and its writer's mark, which the oldest entries have not."""
        sealed = position.to_bytes(8) + entry_id + leaf + (written or b"")
        return hashlib.blake2b(sealed, key=self.mark, digest_size=16).digest()


def signed_text(text: str, origin: str, signer: Signer) -> str:
    """A text of this log as a signed note."""
    signature = key_id(origin, signer.public) + signer.private.sign(text.encode())
    return f"{text}\n{_DASH} {origin} {b64encode(signature).decode()}\n"


def signers() -> list[Signer]:
    """The keys of the ring, newest first."""
    return [_signer(secret) for secret in settings().secret_keys]


def signer_of(named: str) -> Signer:
    """The key of the ring with this public one, else the newest: the ring holds it no more."""
    ring, public = signers(), public_of(named)
    return next((signer for signer in ring if signer.public == public), ring[0])


def key_id(origin: str, public: bytes) -> bytes:
    return hashlib.sha256(f"{origin}\n".encode() + _ED25519 + public).digest()[:4]


def verifier_key(origin: str, public: bytes) -> str:
    """The public key as witnesses take it: name, id and key."""
    return f"{origin}+{key_id(origin, public).hex()}+{b64encode(_ED25519 + public).decode()}"


def public_of(named: str) -> bytes:
    """The key behind such a name, or given without one; base64 has plus signs of its own. Raises `ValueError`."""
    found = _NAMED.fullmatch(named.strip())
    raw = b64decode(found["key"] if found else named.strip(), validate=True)
    if raw[:1] != _ED25519 or len(raw) != _LENGTH:
        raise ValueError("This is no public key of a log.")
    return raw[1:]


def is_signed(note: str, public: bytes) -> bool:
    """Whether one of the note's signatures is this key's."""
    text, _blank, signatures = note.partition("\n\n")
    origin = text.partition("\n")[0]
    for line in signatures.splitlines():
        try:
            dash, name, signature = line.split(" ")
            raw = b64decode(signature, validate=True)
            if dash == _DASH and name == origin and raw[:4] == key_id(origin, public):
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], f"{text}\n".encode())
                return True
        except (ValueError, NotBase64, InvalidSignature):
            continue
    return False


@lru_cache(maxsize=16)
def _signer(secret: str) -> Signer:
    return Signer(Ed25519PrivateKey.from_private_bytes(_derived(secret, b"sign")), _derived(secret, b"mark"))


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"portal.audit.v1 " + purpose).derive(secret.encode())
