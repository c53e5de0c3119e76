"""PDFs that are signed or looked at: the document of an order, and signatures on it by the portal or by strangers."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

from portal.documents import commands
from tests.harness.jobs import run_jobs
from tests.harness.world import issued_order, trading_pair


class Paper(NamedTuple):
    """A record's document as both sides have it."""

    company: Any
    supplier: Any
    record: Any
    pdf: bytes


async def document_of(client_of: Any, actor: Any, order_id: Any) -> bytes:
    await commands.request(actor, "purchase-order", order_id)
    await run_jobs("documents.render")
    answer = await (await client_of(actor)).get(f"/api/v1/purchase-orders/{order_id}/document.pdf")
    assert answer.status_code == 200, answer.text
    return answer.content


async def order_paper(client_of: Any) -> Paper:
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    return Paper(company, supplier, order, await document_of(client_of, company.buyer, order.id))


def somebodys_certificate(name: str, *, signs: bool = True) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A certificate that somebody made for themselves."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(whose).issuer_name(whose).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=300))
    usage = x509.KeyUsage(signs, signs, not signs, False, False, False, False, False, False)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()), key


async def signed_outside(
    pdf: bytes,
    name: str = "Own Hand",
    field: str = "Outside",
    box: tuple[int, int, int, int] | None = None,
    own: Any = None,
    **told: Any,
) -> bytes:
    """The file as another program signs it, with somebody's own certificate and key (`own`, else new ones); `box` is
    where its mark is drawn, `told` what else the program is told."""
    certified = own or somebodys_certificate(name)
    wanted = signers.PdfSignatureMetadata(field_name=field, name=name, subfilter=SigSeedSubFilter.PADES, **told)
    place = SigFieldSpec(field, on_page=0, box=box) if box else None
    return await asyncio.to_thread(_signed_outside, pdf, certified, wanted, place)


def _signed_outside(pdf: bytes, own: Any, wanted: Any, place: Any) -> bytes:
    made, key = own
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(plain),
        cert_registry=None,  # pyright: ignore[reportArgumentType]
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    signed: Any = signers.PdfSigner(wanted, signer=signer, new_field_spec=place).sign_pdf(writer)
    return signed.getvalue()


def written_into(pdf: bytes) -> bytes:
    """The file with an update that draws over its first page, as a forger's program adds one."""
    from pyhanko.pdf_utils.content import RawContent
    from pyhanko.pdf_utils.layout import BoxConstraints

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    square = RawContent(b"0 0 200 200 re f", box=BoxConstraints(width=200, height=200))
    stream = writer.add_object(square.as_form_xobject())
    page: Any = writer.find_page_for_modification(0)[0].get_object()
    page["/Annots"] = writer.add_object(_note(stream))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _note(stream: Any) -> Any:
    from pyhanko.pdf_utils import generic

    look = generic.DictionaryObject({generic.pdf_name("/N"): stream})
    rect = generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 200)))
    named = {"/Type": generic.pdf_name("/Annot"), "/Subtype": generic.pdf_name("/Stamp"), "/Rect": rect, "/AP": look}
    return generic.ArrayObject([generic.DictionaryObject({generic.pdf_name(k): v for k, v in named.items()})])
