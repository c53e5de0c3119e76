"""A security key in software: makes passkeys and answers for them as a browser with a device does (WebAuthn)."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def packed(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SecurityKey:
    """One passkey for one site; `count` is how often it says that it was used."""

    def __init__(self, origin: str = "http://portal.test", *, verifies: bool = True) -> None:
        self.origin = origin
        self.site = origin.partition("//")[2].partition(":")[0]
        self.id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.count = 1

    def make(self, options: str) -> str:
        """The answer to `navigator.credentials.create`."""
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        data = self._data(ATTESTED) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(cose)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", json.loads(options)["challenge"])
        return self._answer({"clientDataJSON": packed(said), "attestationObject": packed(attested)})

    def answer(self, options: str) -> str:
        """The answer to `navigator.credentials.get`."""
        self.count += 1
        said, data = self._said("webauthn.get", json.loads(options)["challenge"]), self._data()
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        told = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self._answer({name: packed(value) for name, value in told.items()})

    def _data(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        named = {"id": packed(self.id), "rawId": packed(self.id), "type": "public-key"}
        return json.dumps(named | {"response": response, "clientExtensionResults": {}})
