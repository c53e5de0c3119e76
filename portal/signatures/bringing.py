"""A signing certificate of another authority, brought by an operator: with its key as a PKCS#12 file (RFC 7292), or for
a key that stays in hardware (PKCS#11)."""

import asyncio
from datetime import UTC, datetime
from typing import Any, NamedTuple

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from portal.signatures.authority import certificates, keep
from portal.signatures.hardware import NotThere, Place, opened, signer

LEAST_BITS = 2048  # of an RSA key (NIST SP 800-131A)
_TRIAL = b"whether the key is that of the certificate"


class Unfit(Exception):
    """The portal could not sign with it; says why."""


class Brought(NamedTuple):
    """A certificate with its private key or the place of it, and the certificates that it rests on."""

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
    if problem := next(_problems(certificate), None):
        raise Unfit(problem)
    return Brought(certificate, key, issuers)


def on_token(place: Place, chain: bytes = b"") -> Brought:
    """The certificate that lies on a token under the label of its key; `chain` are those it rests on (PEM), itself
    first where the token holds none. Raises Unfit where the token is not there, or its key is another."""
    try:
        given = x509.load_pem_x509_certificates(chain) if chain else []
    except ValueError as error:
        raise Unfit("This file holds no certificates (PEM).") from error
    try:
        with opened(place) as session:
            lies = _lying(session, place.label)
            certificate, issuers = (lies, given) if lies else (next(iter(given), None), given[1:])
            if certificate is None:
                raise Unfit(f"The token holds no certificate {place.label}. Give it in a file with --certificate.")
            if problem := next(_problems(certificate), None):
                raise Unfit(problem)
            if not _fits(session, place, certificate):
                raise Unfit(f"The key {place.label} is not that of the certificate.")
    except NotThere as absent:
        raise Unfit(str(absent)) from absent
    return Brought(certificate, place, issuers)


def _lying(session: Any, label: str) -> x509.Certificate | None:
    from pkcs11 import Attribute, ObjectClass

    found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: label}))
    return x509.load_der_x509_certificate(found[0][Attribute.VALUE]) if found else None


def _fits(session: Any, place: Place, certificate: x509.Certificate) -> bool:
    """Whether the key makes signatures that the certificate's holds for."""
    made = signer(session, place, asn1.Certificate.load(certificate.public_bytes(Encoding.DER)))
    signature = asyncio.run(made.async_sign_raw(_TRIAL, "sha256"))
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, _TRIAL, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, _TRIAL, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


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


def _problems(certificate: x509.Certificate) -> Any:
    now, key = datetime.now(UTC), certificate.public_key()
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        yield "The certificate is not valid today."
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.content_commitment:
        yield "The certificate is none for signing documents: its key usage lacks nonRepudiation (RFC 5280, 4.2.1.3)."
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        yield "Only RSA and elliptic curve keys can sign here."
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_BITS:
        yield f"The RSA key is shorter than {LEAST_BITS} bits."
