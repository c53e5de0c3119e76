"""One PDF for people and machines: PDF/A-3a and PDF/UA-1 with the XML of the invoice inside, as Factur-X 1 asks for.

WeasyPrint sets pages, tags, colours and the attachment, but knows either PDF/A or PDF/UA and no Factur-X. What is still
to be said of the file stands in the one `rdf:RDF` of its XMP: validators ignore a second one, and signing drops it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

import msgspec

NAME: Final = "factur-x.xml"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FX: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
UA: Final = "http://www.aiim.org/pdfua/ns/id/"
EXTENSION: Final = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA: Final = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY: Final = "http://www.aiim.org/pdfa/ns/property#"
FACTUR_X: Final = {
    "DocumentType": "INVOICE",
    "DocumentFileName": NAME,
    "Version": "1.0",
    "ConformanceLevel": "EN 16931",
}


class Attached(msgspec.Struct, frozen=True):
    """The XML that goes into the PDF; `stamp` is the document's own moment (ISO 8601), so that bytes are the same."""

    xml: bytes
    stamp: str


class Extension(msgspec.Struct, frozen=True):
    """A schema that PDF/A does not know by itself, and what each of its properties is for."""

    title: str
    namespace: str
    prefix: str
    category: str
    properties: Mapping[str, tuple[str, str]]


EXTENSIONS: Final = (
    Extension("PDF/UA Universal Accessibility Schema", UA, "pdfuaid", "internal", {
        "part": ("Integer", "Part of ISO 14289 that the file keeps"),
    }),
    Extension("Factur-X PDFA Extension Schema", FX, "fx", "external", {
        "DocumentFileName": ("Text", "Name of the XML inside"),
        "DocumentType": ("Text", "Kind of document in capitals"),
        "Version": ("Text", "Version of Factur-X that the XML follows"),
        "ConformanceLevel": ("Text", "Profile of Factur-X that the XML keeps"),
    }),
)  # fmt: skip


def attachment(attached: Attached) -> Any:
    """What WeasyPrint puts inside, as the same document for machines (AFRelationship Alternative)."""
    from weasyprint import Attachment

    at = datetime.fromisoformat(attached.stamp).astimezone(UTC).replace(tzinfo=None)
    told = {"name": NAME, "description": "Factur-X (EN 16931)", "relationship": "Alternative"}
    return Attachment(string=attached.xml, created=at, modified=at, **told)


def said_of(pdf: bytes, *, hybrid: bool) -> bytes:
    """The same PDF, which says of itself that it is PDF/UA-1 and, if it is `hybrid`, Factur-X; the same input gives the
    same bytes."""
    import pikepdf
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

    with pikepdf.open(BytesIO(pdf)) as file:
        packet = etree.fromstring(file.Root.Metadata.read_bytes())
        rdf = packet.find(f"{{{RDF}}}RDF")
        _describe(rdf, UA, "pdfuaid", {"part": "1"})
        if hybrid:
            _describe(rdf, FX, "fx", FACTUR_X)
        _extend(rdf, EXTENSIONS if hybrid else EXTENSIONS[:1])
        told = etree.tostring(packet, encoding="UTF-8")
        file.Root.Metadata = file.make_stream(
            b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' + told + b'\n<?xpacket end="w"?>',
            Type=pikepdf.Name.Metadata,
            Subtype=pikepdf.Name.XML,
        )
        target = BytesIO()
        file.save(target, deterministic_id=True, compress_streams=True)
    return target.getvalue()


def _describe(rdf: Any, namespace: str, prefix: str, values: Mapping[str, str]) -> None:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    described = etree.SubElement(rdf, f"{{{RDF}}}Description", nsmap={prefix: namespace})
    described.set(f"{{{RDF}}}about", "")
    for name, value in values.items():
        etree.SubElement(described, f"{{{namespace}}}{name}").text = value


def _extend(rdf: Any, extensions: Iterable[Extension]) -> None:
    """Declare the schemas: PDF/A takes properties of no others (ISO 19005-3, 6.6.2.3)."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    spaces = {"pdfaExtension": EXTENSION, "pdfaSchema": SCHEMA, "pdfaProperty": PROPERTY}
    described = etree.SubElement(rdf, f"{{{RDF}}}Description", nsmap=spaces)
    described.set(f"{{{RDF}}}about", "")
    bag = etree.SubElement(etree.SubElement(described, f"{{{EXTENSION}}}schemas"), f"{{{RDF}}}Bag")
    for extension in extensions:
        item = _resource(bag, SCHEMA, {
            "schema": extension.title, "namespaceURI": extension.namespace, "prefix": extension.prefix,
        })  # fmt: skip
        listed = etree.SubElement(etree.SubElement(item, f"{{{SCHEMA}}}property"), f"{{{RDF}}}Seq")
        for name, (kind, meaning) in extension.properties.items():
            told = {"name": name, "valueType": kind, "category": extension.category, "description": meaning}
            _resource(listed, PROPERTY, told)


def _resource(within: Any, namespace: str, values: Mapping[str, str]) -> Any:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    item = etree.SubElement(within, f"{{{RDF}}}li")
    item.set(f"{{{RDF}}}parseType", "Resource")
    for name, value in values.items():
        etree.SubElement(item, f"{{{namespace}}}{name}").text = value
    return item
