"""The portal's own certificate authority: a root that lasts, and the certificate that signs, renewed in time.

Both are made when they are first needed, kept sealed with the key ring, and never leave the portal. The signing
certificate attests that the portal saw a person sign; it is nobody's own. One of another authority, with its key, takes
its place once it is brought (`portal.signatures.bringing`), until it runs out.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from portal.platform import vault
from portal.platform.gate import gate
from portal.platform.ids import new_id
from portal.platform.settings import settings
from portal.signatures.hardware import SCHEME, Place

ROOT_LASTS: Final = timedelta(days=20 * 365)
SIGNS_FOR: Final = timedelta(days=3 * 365)
RENEWED: Final = timedelta(days=365)  # before its end: what is signed last can be checked for a year at least
SIGNS_DOCUMENTS: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # id-kp-documentSigning, RFC 9336


class Certified(NamedTuple):
    """A certificate, and the key that lies sealed beside it."""

    id: Any
    kind: str
    generation: int
    certificate: x509.Certificate
    sealed: bytes

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def has_key(self) -> bool:
        """The certificates of another authority came without theirs."""
        return bool(vault.open_secret(_purpose(self.id), bytes(self.sealed)))

    def key(self) -> Any:
        """The private key, or the `Place` in hardware where it lies; raises `vault.KeyLost` without the ring that
        sealed it."""
        text = vault.open_secret(_purpose(self.id), bytes(self.sealed))
        return Place.of(text) if text.startswith(SCHEME) else serialization.load_pem_private_key(text.encode(), None)

    def ends_before(self, moment: datetime) -> bool:
        return self.certificate.not_valid_after_utc < moment


class Authority(NamedTuple):
    """What the portal signs with now: the newest signing certificate, and all that it may rest on."""

    roots: list[Certified]
    signing: Certified


async def roots() -> list[bytes]:
    """The roots (DER) that the portal's own signatures rest on, which may be none yet."""
    return [each.der for each in await certificates() if each.kind == "root"]


async def certificates() -> list[Certified]:
    """All that were ever made, of each kind the newest first."""
    async with gate() as connection:
        found = await connection.fetch("select * from portal.signing_keys()")
    return [
        Certified(
            *(row["id"], row["kind"], row["generation"]),
            *(x509.load_der_x509_certificate(row["certificate"]), row["sealed"]),
        )
        for row in found
    ]


async def authority() -> Authority:
    """What the portal signs with, made where it is missing and renewed where it ends soon. Of processes that make one
    at the same moment the first one's is kept."""
    roots, signing = await _of("root"), await _of("signing")
    own = next((root for root in roots if root.has_key), None)
    if own is None:
        await _make("root", max((root.generation for root in roots), default=0) + 1, None)
        return await authority()
    if not signing or _ends(signing[0], own):
        await _make("signing", signing[0].generation + 1 if signing else 1, own)
        signing = await _of("signing")
    return Authority(roots, signing[0])


def _ends(signing: Certified, own: Certified) -> bool:
    """Whether it is time for the next one: early for the portal's own, at the last moment for one that was brought."""
    is_own = signing.certificate.issuer == own.certificate.subject
    return signing.ends_before(datetime.now(UTC) + (RENEWED if is_own else timedelta()))


async def _of(kind: str) -> list[Certified]:
    return [each for each in await certificates() if each.kind == kind]


async def _make(kind: str, generation: int, root: Certified | None) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    await keep(kind, generation, _root(key) if root is None else _signing(key, root, generation), key)


async def keep(kind: str, generation: int, made: x509.Certificate, key: Any) -> None:
    """Keep a certificate, with its private key or where that lies if it has one, unless another process kept one of
    this generation."""
    own, der = new_id(), made.public_bytes(serialization.Encoding.DER)
    values = (own, kind, generation, der, vault.seal_secret(_purpose(own), _plain(key)))
    async with gate() as connection:
        await connection.execute(
            "select portal.add_signing_key($1, $2, $3, $4, $5, $6, $7)",
            *(*values, made.not_valid_before_utc, made.not_valid_after_utc),
        )


def _plain(key: Any) -> str:
    if key is None:
        return ""
    if isinstance(key, Place):
        return key.address
    told = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*told).decode()


def _root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("root")
    builder = _begun(name, name, key, ROOT_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def _signing(key: ec.EllipticCurvePrivateKey, root: Certified, generation: int) -> x509.Certificate:
    """RFC 5280 and RFC 9336: an end certificate for documents, of this root."""
    builder = _begun(_name(f"attests {generation}"), root.certificate.subject, key, SIGNS_FOR)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([SIGNS_DOCUMENTS]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key().public_key())
    return builder.add_extension(issuer, critical=False).sign(root.key(), hashes.SHA256())


def _begun(subject: x509.Name, issuer: x509.Name, key: Any, lasts: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC).replace(microsecond=0)
    public = key.public_key()
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    builder = builder.not_valid_after(now + lasts)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(what: str) -> x509.Name:
    """Whose it is: the portal at this address."""
    host = (urlsplit(settings().url).hostname or "portal")[:40]
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{host} procurement portal, {what}")])


def _purpose(key_id: Any) -> str:
    return vault.PURPOSES["signing-key"].format(id=key_id)
