"""A signed contract is as archivable as it was before: what PDF/A-3a (ISO 19005-3) asks of a file, as far as it can be
read off its structure, holds of each revision that a signature left."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types
from pikepdf import Name

from portal.signatures import commands as signatures
from portal.signatures.keeping import kept
from portal.signatures.tables import Signing
from tests.harness.banks import proved
from tests.harness.contracts import presented_contract
from tests.harness.world import trading_pair

AID, UA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
# Flags of an annotation (ISO 32000-1, table 165).
INVISIBLE, HIDDEN, PRINT, NO_VIEW, TOGGLE_NO_VIEW = 1, 2, 4, 32, 256


def faults(pdf: bytes) -> list[str]:
    """What of the standard does not hold, by its clause."""
    with pikepdf.open(BytesIO(pdf)) as file:
        return [fault for look in (_whole, _said, _tagged, _form, _annotations, _fonts) for fault in look(file)]


def _whole(file: pikepdf.Pdf) -> Iterator[str]:
    yield from (f"syntax: {each}" for each in file.check_pdf_syntax())
    if file.is_encrypted or Name.Encrypt in file.trailer:
        yield "6.1.3 encrypted"
    if len(file.trailer.get(Name.ID, [])) != 2:
        yield "6.1.3 no ID"
    intents = list(file.Root.get(Name.OutputIntents, []))
    if [each.S for each in intents] != [Name.GTS_PDFA1] or Name.DestOutputProfile not in intents[0]:
        yield "6.2.3 output intent"
    if Name.AA in file.Root or "JavaScript" in str(file.Root.get(Name.Names, "")):
        yield "6.5.1 actions"


def _said(file: pikepdf.Pdf) -> Iterator[str]:
    packet = etree.fromstring(file.Root.Metadata.read_bytes())
    if len(packet.findall(f".//{RDF}RDF")) != 1:
        yield "6.6.2.1 one packet, one RDF"
    said = {child.tag: child.text for each in packet.iter(f"{RDF}Description") for child in each}
    said |= {name: value for each in packet.iter(f"{RDF}Description") for name, value in each.attrib.items()}
    if (said.get(f"{AID}part"), said.get(f"{AID}conformance")) != ("3", "A"):
        yield "6.6.4 identification"
    if said.get(f"{UA}part") != "1":
        yield "PDF/UA identification"
    if Name.Filter in file.Root.Metadata:
        yield "6.6.2.1 metadata is filtered"


def _tagged(file: pikepdf.Pdf) -> Iterator[str]:
    if not file.Root.get(Name.MarkInfo, {}).get(Name.Marked) or Name.StructTreeRoot not in file.Root:
        yield "6.7.2 not tagged"
    if not file.Root.get(Name.Lang):
        yield "6.7.4 no language"


def _form(file: pikepdf.Pdf) -> Iterator[str]:
    form = file.Root.get(Name.AcroForm, {})
    if form.get(Name.NeedAppearances) or Name.XFA in form:
        yield "6.4.1 a form that readers draw"
    for field in form.get(Name.Fields, []):
        if Name.A in field or Name.AA in field:
            yield "6.4.1 a field with an action"


def _annotations(file: pikepdf.Pdf) -> Iterator[str]:
    for page in file.pages:
        for note in page.get(Name.Annots, []):
            flags = int(note.get(Name.F, 0))
            if not flags & PRINT or flags & (INVISIBLE | HIDDEN | NO_VIEW | TOGGLE_NO_VIEW):
                yield f"6.3.2 {note.Subtype} with flags {flags}"
            left, low, right, high = (float(each) for each in note.Rect)
            if (right - left) * (high - low) and note.Subtype != Name.Link and set(note.get(Name.AP, {})) != {"/N"}:
                yield f"6.3.3 {note.Subtype} without one appearance"


def _fonts(file: pikepdf.Pdf) -> Iterator[str]:
    for thing in file.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get(Name.Type) == Name.Font:
            below = thing.get(Name.DescendantFonts, [thing])[0]
            described = below.get(Name.FontDescriptor)
            if described is None or not set(described) & {"/FontFile", "/FontFile2", "/FontFile3"}:
                yield f"6.2.11.4 font {thing.get(Name.BaseFont)} is not embedded"


@pytest.fixture
async def signed(connected: None) -> list[bytes]:
    """The contract as it was laid before both sides, and after each signature."""
    company, supplier = await trading_pair()
    contract = await presented_contract(company, supplier)
    opened: Any = contract.signing_id
    first: Signing = await signatures.sign(proved(company.buyer), opened)
    second: Signing = await signatures.sign(proved(supplier.order_desk), opened)
    return [await kept(each) for each in (first.original_sha256, first.sha256, second.sha256)]


async def test_each_signature_leaves_an_archivable_file(signed):
    assert [faults(pdf) for pdf in signed] == [[], [], []]


async def test_this_check_finds_what_it_looks_for(signed):
    """A file that says it is PDF/A and is none."""
    with pikepdf.open(BytesIO(signed[0])) as file:
        del file.Root.OutputIntents, file.Root.StructTreeRoot
        file.Root.AcroForm = pikepdf.Dictionary(NeedAppearances=True, Fields=pikepdf.Array())
        target = BytesIO()
        file.save(target)
    assert {fault.partition(" ")[0] for fault in faults(target.getvalue())} == {"6.2.3", "6.7.2", "6.4.1"}
