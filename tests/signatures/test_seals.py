"""The seal of a company stands beside each signature that somebody makes for it in the portal, and nowhere else."""

import asyncio
import base64
from io import BytesIO
from typing import Any

import psycopg
import pymupdf
import pytest
from PIL import Image

from portal.signatures import commands
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from tests.harness.papers import signed_outside
from tests.harness.world import trading_pair
from tests.signatures.test_signing import Pair, pdfsig

AT = "/api/v1/letterheads"
RED, GREEN = (200, 16, 46), (16, 120, 60)


@pytest.fixture
async def pair(connected) -> Pair:
    return Pair(*await trading_pair())


def drawn(colour: tuple[int, int, int]) -> str:
    target = BytesIO()
    Image.new("RGB", (120, 120), colour).save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


async def published(client: Any, **form: Any) -> Any:
    answer = await client.post(AT, json=form)
    assert answer.status_code == 201, answer.text
    return answer.json()


def seals(pdf: bytes) -> list[tuple[str, tuple[int, ...]]]:
    """The pictures on the page of signatures, by the field in whose place they stand."""
    with pymupdf.open(stream=pdf) as file:
        page: Any = file[file.page_count - 1]
        shown: Any = page.get_pixmap(dpi=72, annots=True)
        places = {
            widget.field_name: (int(widget.rect.x1) - 20, int(widget.rect.y0 + widget.rect.y1) // 2)
            for widget in page.widgets()
        }
        return [(name, shown.pixel(*at)) for name, at in sorted(places.items()) if shown.pixel(*at) != (255, 255, 255)]


async def test_each_side_has_its_own_seal_in_its_own_place(pair, client_of, tmp_path):
    ours = await published(await client_of(pair.company.administrator), seal=drawn(RED))
    theirs = await published(await client_of(pair.supplier.administrator), seal=drawn(GREEN))
    signing = await pair.opened()
    half = await commands.sign(pair.buyer, signing.id)
    done = await commands.sign(pair.desk, signing.id)

    assert seals(await kept(half.sha256)) == [("Signature1", RED)]
    assert seals(await kept(done.sha256)) == [("Signature1", RED), ("Signature2", GREEN)]
    shown = (await (await client_of(pair.desk)).get(f"/api/v1/signings/{signing.id}")).json()
    assert [each["seal"] for each in shown["signatories"]] == [ours["seal"], theirs["seal"]]
    assert (
        "The company’s seal stands beside it"
        in (await (await client_of(pair.desk)).get(f"/signings/{signing.id}")).text
    )
    found = await verdict(await kept(done.sha256))
    assert [each.holds for each in found.signatures] == [True, True]
    (tmp_path / "signed.pdf").write_bytes(await kept(done.sha256))
    assert (await asyncio.to_thread(pdfsig, tmp_path / "signed.pdf")).count("Signature is Valid") == 2


async def test_a_signature_keeps_the_seal_of_its_day_and_one_without_a_seal_has_none(pair, client_of, superuser):
    admin = await client_of(pair.company.administrator)
    first = await published(admin, seal=drawn(RED))
    signing = await pair.opened()
    half = await commands.sign(pair.buyer, signing.id)
    kept_on = await published(admin, colour="#14532d")
    taken_off = await published(admin, without_seal=True)
    assert (kept_on["seal"], taken_off["seal"]) == (first["seal"], None)

    later = await commands.sign(pair.buyer, (await pair.opened()).id)
    assert (seals(await kept(half.sha256)), seals(await kept(later.sha256))) == ([("Signature1", RED)], [])
    with pytest.raises(psycopg.errors.CheckViolation, match="never changes"), superuser.transaction():
        superuser.execute("update signatory set seal = '' where signing_id = %s and position = 1", [signing.id])


async def test_who_signs_outside_has_no_seal_of_the_portals(pair, client_of):
    await published(await client_of(pair.supplier.administrator), seal=drawn(GREEN))
    signing = await pair.opened()
    signed = await signed_outside(await kept(signing.sha256), "Jo Blake", "Signature2")
    await commands.bring_signed(pair.desk, signing.id, signed)
    shown = (await (await client_of(pair.desk)).get(f"/api/v1/signings/{signing.id}")).json()
    assert [each["seal"] for each in shown["signatories"]] == ["", ""]


async def test_a_seal_is_its_companys_to_publish_and_to_read(pair, client_of):
    made = await published(await client_of(pair.supplier.administrator), seal=drawn(GREEN))
    own = await (await client_of(pair.supplier.administrator)).get(f"{AT}/{made['id']}/seal.png")
    with Image.open(BytesIO(own.content)) as image:
        assert (image.size, image.getpixel((5, 5))) == ((120, 120), GREEN)
    for stranger in (pair.company.administrator, pair.supplier.order_desk):
        client = await client_of(stranger)
        assert (await client.get(f"{AT}/{made['id']}/seal.png")).status_code in (403, 404)
    refused = await (await client_of(pair.company.administrator)).post(AT, json={"seal": "AAAA", "logo": "AAAA"})
    assert {error["field"] for error in refused.json()["errors"]} == {"logo", "seal"}
