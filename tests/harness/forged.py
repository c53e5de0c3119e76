"""Files that begin with a genuine document and show another, made as forgers make them."""

import io
import re
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.harness.papers import signed_outside


def saved(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(pdf: bytes) -> bytes:
    """An update that puts other contents in the place of those of the first page; the page itself stays as it was."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    page: Any = writer.find_page_for_modification(0)[0].get_object()
    contents = page.raw_get("/Contents")
    drawn = contents if isinstance(contents, generic.IndirectObject) else contents[0]
    stream: Any = drawn.get_object()
    if isinstance(stream, generic.ArrayObject):
        stream = stream[0]
    stream._data, stream._encoded_data = b"0 0 400 400 re f", None
    writer.update_container(stream)
    return saved(writer)


def led_past(pdf: bytes, other: bytes) -> bytes:
    """The document's bytes, and behind them another one whole, which is all that a reader sees: its table of objects
    does not go on from the first one's. As many updates as the document has, so that counting them tells nothing."""
    out = pdf + _moved(_plain(other), len(pdf))
    for _update in range(pdf.count(b"startxref") - 1):
        writer = IncrementalPdfFileWriter(io.BytesIO(out), strict=False)
        writer.add_object(generic.DictionaryObject())
        writer.update_root()
        out = saved(writer)
    return out


def _plain(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _moved(pdf: bytes, by: int) -> bytes:
    """A file with one plain table of objects, which tells where they are once so many bytes stand before it."""
    at = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    table = re.sub(rb"(\d{10}) (\d{5}) n", lambda found: b"%010d %s n" % (int(found[1]) + by, found[2]), pdf[at:])
    return pdf[:at] + re.sub(rb"startxref\s+\d+", b"startxref\n%d" % (at + by), table)


async def acting(pdf: bytes) -> bytes:
    """Signed in a place of one's own that nobody sees and that runs a script when its page is shown."""
    return await signed_outside(_with_script(pdf), "Mallory", "Acting")


def _with_script(pdf: bytes) -> bytes:
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    append_signature_field(writer, SigFieldSpec("Acting", on_page=0, box=(0, 0, 0, 0)))
    place: Any = writer.root["/AcroForm"]["/Fields"][-1].get_object()
    name, text = generic.pdf_name, generic.pdf_string
    script = generic.DictionaryObject({name("/S"): name("/JavaScript"), name("/JS"): text("app.alert(1)")})
    place[name("/AA")] = generic.DictionaryObject({name("/PV"): script})
    writer.update_container(place)
    return saved(writer)
