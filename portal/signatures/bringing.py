"""A signing certificate of another authority, brought with its key as a PKCS#12 file (RFC 7292) by an operator."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from portal.signatures.authority import certificates, keep

LEAST_BITS = 2048  # of an RSA key (NIST SP 800-131A)


class Unfit(Exception):
    """The file is none that the portal could sign with; says why."""


class Brought(NamedTuple):
    """A certificate with its private key, and the certificates that it rests on."""

    certificate: x509.Certificate
    key: Any
    issuers: list[x509.Certificate]


def read(data: bytes, password: str) -> Brought:
    """Raises Unfit."""
    try:
        key, certificate, issuers = pkcs12.load_key_and_certificates(data, password.encode() or None)
    except ValueError as error:
        raise Unfit("This is no PKCS#12 file, or the password is another.") from error
    if certificate is None or key is None:
        raise Unfit("The file must hold a certificate and its private key.")
    if problem := next(_problems(certificate, key), None):
        raise Unfit(problem)
    return Brought(certificate, key, issuers)


async def take(brought: Brought) -> None:
    """From now on the portal signs with this certificate. Signatures of before go on being the portal's."""
    known = await certificates()
    told = {each.certificate for each in known}
    if brought.certificate in told:
        raise Unfit("The portal has this certificate already.")
    number = max((each.generation for each in known if each.kind == "root"), default=1)
    for issuer in brought.issuers or [brought.certificate]:
        if issuer not in told:
            number += 1
            await keep("root", number, issuer, None)
    newest = max((each.generation for each in known if each.kind == "signing"), default=0)
    await keep("signing", newest + 1, brought.certificate, brought.key)


def _problems(certificate: x509.Certificate, key: Any) -> Any:
    now = datetime.now(UTC)
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        yield "The certificate is not valid today."
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.content_commitment:
        yield "The certificate is none for signing documents: its key usage lacks nonRepudiation (RFC 5280, 4.2.1.3)."
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        yield "Only RSA and elliptic curve keys can sign here."
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < LEAST_BITS:
        yield f"The RSA key is shorter than {LEAST_BITS} bits."
