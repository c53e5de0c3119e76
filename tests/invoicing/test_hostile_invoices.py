"""Files that are no invoices, or made to harm whoever reads them: a sentence each, and nothing is kept."""

import zlib
from collections.abc import Iterator

import pikepdf
import pytest

from portal.platform.einvoice import checking
from tests.harness.received import brought, carrying, e_traders, edited, own_file
from tests.harness.world import selling_company

MB = 1_000_000
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'
FILE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LARGE = "What this PDF carries inside is larger than an e-invoice may be."
OTHER = b'<Invoice xmlns="urn:example:another"/>'


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()


@pytest.mark.parametrize(
    ("file", "status", "says"),
    [
        (b"", 422, "no well-formed XML"),
        (b"PK\x03\x04 a letter", 422, "no well-formed XML"),
        (b"\xff\xfe\x00<", 422, "no well-formed XML"),
        (BOMB, 422, "document type"),
        (FILE, 422, "document type"),
        (OTHER, 422, "This is no e-invoice"),
        (b"<a>" * 5000 + b"</a>" * 5000, 422, "no well-formed XML"),
        (b"<a>" + b"x" * 20 * MB + b"</a>", 413, ""),
        (b"%PDF-1.7 and no more", 422, "This PDF cannot be read"),
    ],
    ids=["empty", "archive", "text", "bomb", "entity", "namespace", "deep", "large", "pdf"],
)
async def test_what_is_no_invoice_is_refused_with_a_sentence(client_of, connected, file, status, says):
    client = await client_of((await selling_company()).billing)
    answer = await brought(client, file)
    assert answer.status_code == status, answer.text
    assert says in answer.text
    assert "root:" not in answer.text


def _bomb(pdf: pikepdf.Pdf) -> None:
    """Inside it says it is small, and unpacks to 3 GB."""
    packer, parts = zlib.compressobj(9), []
    for _piece in range(3000):
        parts.append(packer.compress(bytes(MB)))
    inside = pikepdf.Stream(pdf, b"".join([*parts, packer.flush()]))
    inside.Filter = pikepdf.Name.FlateDecode
    inside.Type = pikepdf.Name.EmbeddedFile
    spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="factur-x.xml", UF="factur-x.xml")
    spec.EF = pikepdf.Dictionary(F=pdf.make_indirect(inside), UF=pdf.make_indirect(inside))
    pdf.Root.Names.EmbeddedFiles.Names[1] = pdf.make_indirect(spec)


async def test_a_pdf_that_unpacks_to_gigabytes_breaks_nothing(client_of, connected):
    client = await client_of((await selling_company()).billing)
    answer = await brought(client, carrying(b"<a/>", change=_bomb))
    assert answer.status_code == 422
    assert [each["message"] for each in answer.json()["errors"]] in (["This PDF cannot be read."], [LARGE])


async def test_every_rule_that_a_file_breaks_is_said_at_once_with_its_id(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    wrong = edited(
        file,
        (">148.75<", ">149.75<"),
        ("<cbc:DueDate>", "<cbc:TaxPointDate>"),
        ("</cbc:DueDate>", "</cbc:TaxPointDate>"),
    )
    answer = await brought(client, wrong)
    assert answer.status_code == 422
    said = " ".join(each["message"] for each in answer.json()["errors"])
    assert "(XSD)" in said or "(BR-CO-25)" in said
    sums = await brought(client, edited(file, (">148.75<", ">149.75<")))
    assert "(BR-CO-15)" in " ".join(each["message"] for each in sums.json()["errors"])


async def test_scripts_in_texts_are_texts(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    script = "&lt;script&gt;alert(1)&lt;/script&gt;"
    told = await brought(
        client, edited(file, ("<cbc:DocumentCurrencyCode>", f"<cbc:Note>{script}</cbc:Note><cbc:DocumentCurrencyCode>"))
    )
    assert told.status_code == 201, told.text
    page = await client.get(f"/invoices/{told.json()['id']}")
    assert script in page.text
    assert "<script>alert(1)" not in page.text
