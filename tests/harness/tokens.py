"""A token for keys in software (SoftHSM), which behaves as one in hardware does (PKCS#11)."""

import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.signatures.hardware import Place
from tests.harness.certificates import certificate

MODULE = next(
    (path for path in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so")), Path("/usr/lib/softhsm/libsofthsm2.so")
)
PIN = "274-981-605"


class Token(NamedTuple):
    """A token named `portal` with the keys `curve` and `long` and no certificates, which are in files."""

    settings: dict[str, str]  # of the environment
    certificates: dict[str, bytes]  # PEM: that of the key, then of the authority

    def place(self, label: str, token: str = "portal") -> Place:
        return Place(str(MODULE), token, label)


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """The module reads its settings once in a process: they stay until its end."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    told = {"SOFTHSM2_CONF": str(folder / "softhsm.conf")}
    os.environ.update(told)
    _run("--init-token", "--free", "--label", "portal", "--so-pin", PIN)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root, certificates = certificate("Authority of the tests", root_key), {}
    keys: dict[str, Any] = {
        "curve": ec.generate_private_key(ec.SECP256R1()),
        "long": rsa.generate_private_key(65537, 2048),
    }
    for number, (label, key) in enumerate(keys.items(), start=1):
        file = folder / f"{label}.pem"
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _run("--import", str(file), "--token", "portal", "--label", label, "--id", f"0{number}")
        own = certificate(f"Larkfield {label}", key, issuer=(root, root_key))
        certificates[label] = _pem(own) + _pem(root)
    return Token(told, certificates)


def _run(*asked: str) -> None:
    subprocess.run(["softhsm2-util", *asked, "--pin", PIN], check=True, capture_output=True)


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(Encoding.PEM)
