"""Reading a PDF for its signatures and its earlier revisions, by pyHanko. Runs inside the examiner alone."""

import hashlib
import io
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.signatures.acting import active_parts
from portal.signatures.comparing import CHANGED, added
from portal.signatures.forms import Finding, Signed
from portal.signatures.rules import MOST_PAGES, MOST_REVISIONS, MOST_SIGNATURES

_END: Final = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")


def examine(pdf: bytes, roots: Iterable[bytes], since: int = 0) -> Finding:
    """All that is in the file; raises whatever pyHanko does about one that is broken."""
    revisions = list(_revisions(pdf))
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.encrypted:
        return Finding(fault="encrypted", encrypted=True, revisions=revisions)
    pages = int(reader.root["/Pages"]["/Count"])
    signatures = reader.embedded_signatures
    if pages > MOST_PAGES or len(signatures) > MOST_SIGNATURES:
        return Finding(fault="too large", pages=pages, revisions=revisions)
    anchors, active = [x509.Certificate.load(root) for root in roots], active_parts(pdf)
    return Finding(
        pages=pages,
        active=active,
        revisions=revisions,
        added=added(reader, pdf[:since]) if since and not active else "other",
        signatures=[_signed(each, anchors) for each in signatures],
    )


def _revisions(pdf: bytes) -> Iterable[tuple[int, str]]:
    """Where the file ended before each update, with the SHA-256 of what it was then; each with and without the line
    end behind its last mark, for writers differ."""
    seen, done = hashlib.sha256(), 0
    for found in list(islice(_END.finditer(pdf), MOST_REVISIONS)):
        for end in dict.fromkeys((found.start() + len(b"%%EOF"), found.end())):
            if end < len(pdf):
                seen.update(pdf[done:end])
                done = end
                yield end, seen.copy().hexdigest()


def _signed(embedded: Any, anchors: list[x509.Certificate]) -> Signed:
    """One signature; where it cannot be judged, it is not intact."""
    cert: x509.Certificate = embedded.signer_cert
    own = {anchor.sha256_fingerprint for anchor in anchors}
    stamped = embedded.sig_object_type == "/DocTimeStamp"
    told = Signed(
        field=str(embedded.field_name or ""),
        name=_named(cert),
        self_issued=cert.issuer == cert.subject,
        statement=_text(embedded, "/Reason"),
        certificate=cert.subject.human_friendly,
        issuer=cert.issuer.human_friendly,
        fingerprint=cert.sha256.hex(),
        valid_from=cert.not_valid_before,
        valid_until=cert.not_valid_after,
        at=embedded.self_reported_timestamp,
        is_timestamp=stamped,
        locks=embedded.docmdp_level is not None or embedded.fieldmdp is not None or "/Lock" in embedded.sig_field,
        reach=_reach(embedded),
    )
    try:
        status: Any = _judged(embedded, anchors, stamped)
    except Exception:  # what cannot be judged does not hold
        return told
    told.intact = bool(status.intact and status.valid and _lived(cert, told.at) and _signs(cert))
    told.whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    covers = status.coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    told.changed = CHANGED.get(status.modification_level, "other") if covers else "other"
    told.portal = bool(status.trusted and own)
    if told.portal:
        told.name = _text(embedded, "/Name")  # what the portal attests; anybody else could write any name there
    stamp = status if stamped else getattr(status, "timestamp_validity", None)
    if stamp is not None and stamp.intact and stamp.valid:
        told.stamped_at, told.stamped_by = stamp.timestamp, stamp.signing_cert.subject.human_friendly
    return told


def _named(cert: x509.Certificate) -> str:
    """Whom the certificate is for, by whoever issued it."""
    said = str(cert.subject.native.get("common_name") or cert.subject.human_friendly)
    return "".join(letter for letter in said if letter.isprintable())[:500]


def _judged(embedded: Any, anchors: list[x509.Certificate], stamped: bool) -> Any:
    """By the time that the signature tells: a certificate that has run out since was good when it signed."""
    moment = embedded.self_reported_timestamp
    context = ValidationContext(trust_roots=anchors, allow_fetching=False, moment=moment)
    if stamped:
        return validate_pdf_timestamp(embedded, context)
    return validate_pdf_signature(embedded, context, ts_validation_context=ValidationContext(allow_fetching=False))


def _lived(cert: x509.Certificate, at: datetime | None) -> bool:
    return at is None or cert.not_valid_before <= at <= cert.not_valid_after


def _signs(cert: x509.Certificate) -> bool:
    """Whether the certificate's key may make signatures, if it says what it is for (RFC 5280, 4.2.1.3)."""
    usage = cert.key_usage_value
    return usage is None or bool({"digital_signature", "non_repudiation"} & usage.native)


def _reach(embedded: Any) -> int:
    ranges = embedded.byte_range
    return int(ranges[-2]) + int(ranges[-1])


def _text(embedded: Any, key: str) -> str:
    return "".join(letter for letter in str(embedded.sig_object.get(key, "")) if letter.isprintable())[:500]
