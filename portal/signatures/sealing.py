"""Signing PDFs by pyHanko: a page with places for signatures, then one signature after the other (PAdES B-B, or B-T
with a time stamp).

All of it is added behind the file as it was (incremental updates, ISO 32000-1, 7.5.6), so the document and every
earlier signature stay byte for byte what they were. Slow to load, and blocking: call it in a thread.
"""

import binascii
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import structlog
from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment as Align
from pyhanko.pdf_utils.layout import BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signatures.authority import Authority
from portal.signatures.hardware import KeyAway, NotThere, Place, opened, signer
from portal.signatures.layout import box, field
from portal.signatures.stamping import UNSTAMPED, Unstamped, stamper

log = structlog.get_logger("signatures")
RESERVED = 8_192  # digits in the file for a signature
STAMPED = 32_768  # the same with the certificates of a time-stamp authority
_OF_ITS_FILE = ("/Parent", "/StructParents", "/Tabs", "/Annots")


class _Drawn(PdfContent):
    """The first page of a small PDF as what is drawn in a signature's place."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        super().__init__()

    def render(self) -> bytes:
        drawn: Any = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        name = b"/Import" + binascii.hexlify(uuid4().bytes)
        self.resources.xobject[name.decode()] = drawn
        left, bottom, right, top = map(float, drawn.get_object()["/BBox"])
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return name + b" Do"


def with_places(pdf: bytes, page: bytes, labels: Sequence[str]) -> bytes:
    """The file with one more page and an empty signature field for each of the labels on it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    source: Any = PdfFileReader(io.BytesIO(page)).root["/Pages"]["/Kids"][0].get_object()
    for key in _OF_ITS_FILE:
        source.pop(key, None)
    added: Any = writer.import_object(source)
    before, after = (writer.add_object(StreamObject(stream_data=part)) for part in (b"/Artifact BMC q\n", b"\nQ EMC"))
    added["/Contents"] = _around(before, added.raw_get("/Contents"), after)
    writer.insert_page(added)
    for position, label in enumerate(labels, start=1):
        spec = SigFieldSpec(field(position), on_page=-1, box=box(position), readable_field_name=label)
        append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _around(before: Any, contents: Any, after: Any) -> Any:
    """What the page draws, marked as no part of the document's own text (PDF/UA-1, 7.1)."""
    from pyhanko.pdf_utils.generic import ArrayObject

    return ArrayObject([before, contents, after])


def sign(pdf: bytes, position: int, block: bytes, name: str, statement: str, authority: Authority) -> bytes:
    """The file signed in this place by the portal's certificate, which attests for the person; `block` is what is seen
    there. Raises pyHanko's SigningError where the place is taken, Unstamped where the time-stamp authority fails,
    KeyAway where the key lies in hardware that does not answer."""
    shown = SimpleBoxLayoutRule(Align.ALIGN_MID, Align.ALIGN_MID, margins=Margins(0, 0, 0, 0))
    look = StaticStampStyle(background=_Drawn(block), background_opacity=1, border_width=0, background_layout=shown)
    wanted = signers.PdfSignatureMetadata(
        field_name=field(position),
        name=name,
        reason=statement,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
    )
    stamping = stamper()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    reserved = STAMPED if stamping else RESERVED
    try:
        with _signer(authority) as own:
            signing = signers.PdfSigner(wanted, signer=own, stamp_style=look, timestamper=stamping)
            signed: Any = signing.sign_pdf(writer, existing_fields_only=True, bytes_reserved=reserved)
    except UNSTAMPED as error:
        log.warning("a signature was not stamped", error=str(error))
        raise Unstamped() from error
    except NotThere as error:
        log.warning("the key for signatures is away", error=str(error))
        raise KeyAway() from error
    return signed.getvalue()


@contextmanager
def _signer(authority: Authority) -> Iterator[signers.Signer]:
    key, certificate = authority.signing.key(), x509.Certificate.load(authority.signing.der)
    chain = SimpleCertificateStore()
    for each in authority.roots:
        chain.register(x509.Certificate.load(each.der))
    if isinstance(key, Place):
        with opened(key) as session:
            yield signer(session, key, certificate, list(chain))
        return
    told = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    plain = keys.PrivateKeyInfo.load(key.private_bytes(*told))
    yield signers.SimpleSigner(signing_cert=certificate, signing_key=plain, cert_registry=chain)
