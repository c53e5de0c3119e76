"""The letterhead of a company: published by an administrator, worn by documents made from then on, kept by edition."""

import base64
import hashlib
import struct
import zlib
from io import BytesIO
from typing import Any

import pikepdf
import psycopg
import pymupdf
import pytest
from PIL import Image, PngImagePlugin

from portal.letterheads.rules import contrast
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.world import Organised, issued_order, trading_pair
from tests.invoicing.test_hybrid_invoices import an_invoice

AT = "/api/v1/letterheads"
RED = (200, 16, 46)


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 120), **said: Any) -> bytes:
    """A picture that is half red, half see-through where its kind allows that."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, size[0] // 2, size[1]))
    target = BytesIO()
    (image if kind != "JPEG" else image.convert("RGB")).save(target, kind, **said)
    return target.getvalue()


def sent(image: bytes = b"", **more: Any) -> dict[str, Any]:
    return ({"logo": base64.b64encode(image).decode()} if image else {}) | more


async def printed(client: Any, path: str) -> bytes:
    await client.get(f"{path}/document.pdf")
    await run_jobs("documents.render")
    answer = await client.get(f"{path}/document.pdf")
    assert answer.status_code == 200, answer.text
    return answer.content


def words(pdf: bytes) -> str:
    with pymupdf.open(stream=pdf) as file:
        return " ".join(" ".join(str(page.get_text()) for page in file).split())


def pictures(pdf: bytes) -> list[Any]:
    with pymupdf.open(stream=pdf) as file:
        return [pymupdf.Pixmap(file, image[0]) for image in file[0].get_images()]


async def test_documents_made_from_then_on_wear_it_and_those_made_before_stay(client_of):
    company, supplier = await trading_pair()
    before, after = await issued_order(company, supplier), await issued_order(company, supplier)
    admin, buyer = await client_of(company.administrator), await client_of(company.buyer)
    first = await printed(buyer, f"/api/v1/purchase-orders/{before.id}")
    form = sent(picture(), colour="#8A1538", address="Gate 4\nBuilding 7", footer="Register A 1\nBank of B")

    made = await admin.post(AT, json=form)

    assert made.status_code == 201, made.text
    assert made.json() | {"id": 0, "logo": 0, "created_at": 0} == {
        "id": 0, "version": 1, "edition": 1, "colour": "#8a1538", "contrast": made.json()["contrast"],
        "address": ["Gate 4", "Building 7"], "footer": ["Register A 1", "Bank of B"], "logo": 0,
        "logo_text": company.name, "seal": None, "created_at": 0, "created_by_name": company.administrator.name,
    }  # fmt: skip
    pdf = await printed(await client_of(supplier.order_desk), f"/api/v1/purchase-orders/{after.id}")
    assert [said for said in ("Gate 4", "Building 7", "Register A 1", "Bank of B") if said not in words(pdf)] == []
    (logo,) = pictures(pdf)
    assert (logo.width, logo.height, logo.pixel(5, 5)) == (300, 120, RED)
    assert logo.pixel(290, 5) == (255, 255, 255)
    assert await printed(buyer, f"/api/v1/purchase-orders/{before.id}") == first
    assert "Gate 4" not in words(first)


async def test_an_invoice_under_a_letterhead_is_still_for_archives_and_read_aloud(client_of):
    company, supplier, invoice = await an_invoice()
    admin = await client_of(supplier.administrator)
    await admin.post(AT, json=sent(picture(), logo_text="A red flag", footer="HRB 1"))

    pdf = await printed(await client_of(company.payable), f"/api/v1/invoices/{invoice.id}")

    with pikepdf.open(BytesIO(pdf)) as file:
        images = [
            each for each in file.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
        assert len(images) == 1
        assert ("/SMask" in images[0], "/Mask" in images[0], bool(images[0].get("/Interpolate"))) == (False,) * 3
        assert images[0].ColorSpace == "/DeviceRGB"
        assert "/OutputIntents" in file.Root
        assert b"pdfaid:conformance" in file.Root.Metadata.read_bytes()
        told = [str(each.Alt) for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert told == ["A red flag"]


async def test_an_edition_never_changes_and_the_next_one_keeps_the_logo_unless_told_otherwise(client_of, superuser):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    first = (await admin.post(AT, json=sent(picture(), logo_text="Flag"))).json()
    second = (await admin.post(AT, json={"colour": "#14532d"})).json()
    third = (await admin.post(AT, json={"without_logo": True})).json()

    assert (second["logo"], second["logo_text"]) == (first["logo"], "Flag")
    assert (third["logo"], third["logo_text"]) == (None, "")
    assert [each["edition"] for each in (await admin.get(AT)).json()] == [3, 2, 1]
    logo = await admin.get(f"{AT}/{first['id']}/logo.png")
    assert hashlib.sha256(logo.content).hexdigest() == first["logo"]
    assert (await admin.get(f"{AT}/{third['id']}/logo.png")).status_code == 404
    for forbidden in ("update letterhead set colour = '#000000'", "delete from letterhead"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), superuser.transaction():
            superuser.execute("set local role portal_app")
            superuser.execute(forbidden)
    told = "select bool_and(octet_length(e.body::text) < 4000) from audit_entry e where e.subject_id = %s"
    assert superuser.execute(told, [first["id"]]).fetchone() == (True,)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_is_drawn_anew_without_what_it_carried(client_of, kind):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    carried: dict[str, Any] = (
        {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0 canary of the tests"} if kind != "PNG" else {"pnginfo": noted()}
    )
    made = (await admin.post(AT, json=sent(picture(kind, **carried)))).json()

    png = (await admin.get(f"{AT}/{made['id']}/logo.png")).content
    with Image.open(BytesIO(png)) as image:
        assert (image.format, image.mode, image.size, image.info) == ("PNG", "RGB", (300, 120), {})
    assert b"canary" not in png


def noted() -> PngImagePlugin.PngInfo:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "canary of the tests")
    return told


async def test_a_big_picture_comes_out_no_bigger_than_paper_shows(client_of):
    company, _supplier = await trading_pair()
    admin = await client_of(company.administrator)
    made = (await admin.post(AT, json=sent(picture(size=(4000, 1000))))).json()
    with Image.open(BytesIO((await admin.get(f"{AT}/{made['id']}/logo.png")).content)) as image:
        assert image.size == (1200, 300)


def flood() -> bytes:
    """A small PNG that says it is 60,000 by 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "An SVG is refused"),
        (b"GIF89a" + b"\0" * 60, "PNG, JPEG or WebP"),
        (flood(), "million pixels"),
        (picture(size=(8, 8)), "at least 16 pixels"),
        (picture()[:200], "cannot be read to its end"),
    ],
    ids=["svg", "gif", "flood", "tiny", "cut"],
)
async def test_what_is_no_picture_for_paper_is_refused_at_its_field(client_of, image, said):
    company, _supplier = await trading_pair()
    refused = await (await client_of(company.administrator)).post(AT, json=sent(image))
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["field"], said in error["message"]) == ("logo", True)


async def test_all_that_is_wrong_is_told_at_once_and_a_pale_colour_with_its_ratio(client_of):
    company, _supplier = await trading_pair()
    form = sent(b"nothing", colour="#ffcc00", address="a\n" * 5, footer="x" * 151)
    refused = await (await client_of(company.administrator)).post(AT, json=form)
    told = {error["field"]: error["message"] for error in refused.json()["errors"]}
    assert (refused.status_code, set(told)) == (422, {"colour", "address", "footer", "logo"})
    assert "1.51 : 1" in told["colour"]
    assert "4.5 : 1" in told["colour"]


@pytest.mark.parametrize(("colour", "ratio"), [("#000000", "21.00"), ("#ffffff", "1.00"), ("#767676", "4.54")])
def test_contrast_is_that_of_the_guidelines(colour, ratio):
    assert str(contrast(colour)) == ratio


async def test_administrators_publish_auditors_read_and_nobody_else_does_either(client_of):
    company, supplier = await trading_pair()
    for whose in (company, supplier):
        assert (await (await client_of(whose.administrator)).post(AT, json={})).status_code == 201
        auditor = await client_of(whose.auditor)
        assert [each["edition"] for each in (await auditor.get(AT)).json()] == [1]
        assert (await auditor.post(AT, json={})).status_code == 403
    for nobody in (company.buyer, supplier.order_desk):
        assert (await (await client_of(nobody)).get(AT)).status_code == 403


async def test_a_partners_editions_are_not_ones_own_to_read(client_of):
    company, supplier = await trading_pair()
    made = (await (await client_of(supplier.administrator)).post(AT, json=sent(picture()))).json()
    admin = await client_of(company.administrator)
    assert (await admin.get(AT)).json() == []
    assert (await admin.get(f"{AT}/{made['id']}/logo.png")).status_code == 404
    assert (await admin.get(f"/settings/letterhead/{made['id']}/preview.pdf")).status_code == 404


async def posted(company: Organised, client: Any, place: str, image: bytes, **typed: str) -> Any:
    page = await Reader(client).open("/settings/letterhead")
    fields = page.form("/settings/letterhead").values | typed
    fields.pop("logo")
    files = {"logo": ("logo.png", image, "image/png")} if image else {"logo": ("", b"", "application/octet-stream")}
    return await client.post(place, data=fields, files=files)


async def test_an_administrator_tries_one_on_then_publishes_it_on_the_page(client_of, superuser):
    company, _supplier = await trading_pair()
    client = await client_of(company.administrator)
    typed = {"footer": "Register A 1", "colour": "#14532d"}

    paper = await posted(company, client, "/settings/letterhead/preview", picture(), **typed)
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    assert "Register A 1" in words(paper.content)
    assert len(pictures(paper.content)) == 1
    kept = "select count(*) from letterhead where organisation_id = %s"
    assert superuser.execute(kept, [company.id]).fetchone() == (0,)

    done = await posted(company, client, "/settings/letterhead", picture(), **typed)
    assert done.status_code == 303
    shown = await Reader(client).open("/settings/letterhead")
    assert "Register A 1" in shown.text
    assert shown.form("/settings/letterhead").values["colour"] == "#14532d"
    again = await client.get(shown.links["1"])
    assert (again.status_code, "Register A 1" in words(again.content)) == (200, True)


async def test_a_refused_form_keeps_what_was_typed(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.administrator)
    refused = await posted(company, client, "/settings/letterhead", b"", colour="#ffcc00", footer="Register A 1")
    assert refused.status_code == 422
    assert "Register A 1" in refused.text
    assert "1.51 : 1" in refused.text
