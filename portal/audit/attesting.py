"""Reports that stand for themselves: signed by the key that signs checkpoints, checked by anybody with the public one.

What is signed names the kind of report, the log that it belongs to and the hash of its canonical bytes. The hash stands
in the sealed log too, so a report is neither changed nor exchanged for another that was signed as well.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.audit.checkpoints import signers, verifier_key
from portal.platform.canonical import canonical
from portal.platform.work import View


class Attested(NamedTuple):
    """What is said of a report: its kind, whose log it belongs to, the SHA-256 of its canonical bytes, and the
    signature."""

    kind: str
    origin: str
    sha256: str
    signature: str
    public_key: str


async def attest(view: View, kind: str, report: Any) -> Attested:
    """Sign a report of this kind with the newest key of the ring."""
    origin = await view.value("select origin from audit_origin")
    sha256 = hashlib.sha256(canonical(report)).hexdigest()
    signer = signers()[0]
    signature = b64encode(signer.private.sign(_signed(kind, origin, sha256))).decode()
    return Attested(kind, origin, sha256, signature, verifier_key(origin, signer.public))


def problem_of(attested: Attested, report: Any, public: bytes) -> str:
    """What is wrong: `report-changed`, `signature`, or nothing."""
    if hashlib.sha256(canonical(report)).hexdigest() != attested.sha256:
        return "report-changed"
    try:
        signed = _signed(attested.kind, attested.origin, attested.sha256)
        Ed25519PublicKey.from_public_bytes(public).verify(b64decode(attested.signature, validate=True), signed)
    except (InvalidSignature, NotBase64, ValueError):
        return "signature"
    return ""


def _signed(kind: str, origin: str, sha256: str) -> bytes:
    return f"portal.audit.report.v1\n{kind}\n{origin}\n{sha256}\n".encode()
