"""What acts, or hides what it says, is not laid before anybody to be signed, however it is written down."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from portal.platform.refusals import Invalid
from tests.harness.signings import a_pdf, opened_signing
from tests.harness.world import Organised, trading_pair

ACTS = ["This PDF holds scripts, forms or layers that change what it shows. Print it to a new PDF."]


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def acts_on_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(script())


def leads_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.URI, URI=String("https://elsewhere.example"))


def launches(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.Launch, F=String("run.exe"))
    pdf.pages[0].Annots = Array([pdf.make_indirect(link)])


def acts_on_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=script())


def has_a_form(pdf: pikepdf.Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("total"), V=String("1"), Subtype=Name.Widget, Rect=Array([0, 0, 9, 9]))
    pdf.Root.AcroForm = Dictionary(NeedAppearances=True, Fields=Array([pdf.make_indirect(field)]))


def has_layers(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("hidden")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


KINDS = (acts_on_opening, leads_elsewhere, launches, acts_on_a_page, has_a_form, has_layers)


def written(act: Callable[[pikepdf.Pdf], None], **said: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf())) as pdf:
        act(pdf)
        pdf.save(out, **said)
    return out.getvalue()


async def refusal(company: Organised, supplier: Organised, pdf: bytes) -> list[str]:
    with pytest.raises(Invalid) as refused:
        await opened_signing(company, supplier, pdf)
    return [str(error.message) for error in refused.value.errors]


@pytest.mark.parametrize("act", KINDS)
async def test_what_acts_is_not_opened_for_signing(connected, act):
    company, supplier = await trading_pair()
    packed = written(act, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for bad in (written(act), packed):
        assert await refusal(company, supplier, bad) == ACTS


def by_hand(*objects: bytes) -> bytes:
    """A PDF of these objects, of which the first is its root."""
    pdf, places = b"%PDF-1.7\n", []
    for number, told in enumerate(objects, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, told)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    many = len(objects) + 1
    ending = b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (many, len(pdf))
    return pdf + b"xref\n0 %d\n0000000000 65535 f \n" % many + table + ending


async def test_a_name_that_is_written_another_way_is_the_same_name(connected):
    company, supplier = await trading_pair()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << >> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    bad = by_hand(b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /J#61vaScript /J#53 (x) >> >>", pages, page)
    good = by_hand(b"<< /Type /Catalog /Pages 2 0 R >>", pages, page)
    assert await refusal(company, supplier, bad) == ACTS
    assert (await opened_signing(company, supplier, good)).state == "open"


async def test_a_file_is_called_what_it_is(connected):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier, name="invoice.exe")
    assert signing.file_name == "invoice.exe.pdf"
