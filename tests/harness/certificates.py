"""Certificates of an authority of the tests, packed as operators get them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "a sentence of the tests"


def certificate(
    name: str, key: Any, *, issuer: Any = None, begins: int = -1, ends: int = 30, signs: bool = True
) -> Any:
    """A certificate that is valid between these days from today on; of its own key without an (issuer, key)."""
    now, own = datetime.now(UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by, with_key = issuer or (None, key)
    usage = {"content_commitment": signs, "digital_signature": True, "key_cert_sign": issuer is None}
    names = ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only", "decipher_only")
    builder = x509.CertificateBuilder().subject_name(own).issuer_name(by.subject if by else own)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now + timedelta(days=begins)).not_valid_after(now + timedelta(days=ends))
    builder = builder.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    builder = builder.add_extension(x509.KeyUsage(**usage, **dict.fromkeys(names, False)), critical=True)
    return builder.sign(with_key, hashes.SHA256())


def packed(leaf: Any, key: Any, *issuers: Any) -> bytes:
    sealed = BestAvailableEncryption(PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(b"portal", key, leaf, issuers, sealed)


@pytest.fixture
def brought(superuser: psycopg.Connection) -> Iterator[bytes]:
    """A company's certificate of some authority; what the portal had before is there again afterwards."""
    superuser.execute("create temp table certificates_of_before as select id from signing_key")
    root_key, key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    root = certificate("Authority of the tests", root_key)
    yield packed(certificate("Larkfield Seal", key, issuer=(root, root_key)), key, root)
    superuser.execute("set session_replication_role = replica")
    superuser.execute("delete from signing_key where id not in (select id from certificates_of_before)")
    superuser.execute("reset session_replication_role")
    superuser.execute("drop table certificates_of_before")
