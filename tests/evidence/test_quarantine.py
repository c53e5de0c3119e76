"""Nothing is served before the scanner answered; what it finds is destroyed and told."""

import asyncio
import io

import pytest
from litestar.exceptions import LitestarException
from PIL import Image

from portal.evidence import commands
from portal.evidence.scanner import Unanswered
from portal.platform.settings import override
from tests.harness.evidence import API, EICAR, PDF, attached, clamd, file_row, picture, sent
from tests.harness.jobs import run_jobs
from tests.harness.world import accepted_order, trading_pair


@pytest.fixture
async def place(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    return company, order, await client_of(company.buyer), await client_of(supplier.order_desk)


@pytest.mark.parametrize("socket", [False, True])
async def test_a_clean_file_is_told_to_be_scanned(place, tmp_path, socket):
    _company, order, buyer, order_desk = place
    async with clamd(path=str(tmp_path / "clamd.ctl") if socket else None) as scanner:
        file = await attached(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
    assert (file["state"], scanner.seen) == ("clean", [len(PDF)])
    assert "Scanned" in (await order_desk.get(f"/orders/{order.id}")).text
    assert (await order_desk.get(f"/files/{file['id']}")).content == PDF


async def test_an_infected_file_is_never_served_and_administrators_are_told(place, superuser):
    company, order, buyer, order_desk = place
    async with clamd():
        file = await attached(buyer, "purchase-order", order.id, "offer.pdf", PDF + EICAR)
    await run_jobs()

    assert file["state"] == "infected"
    for client in (buyer, order_desk):
        assert (await client.get(f"/files/{file['id']}")).status_code == 409
        assert "Infected" in (await client.get(f"/orders/{order.id}")).text
    row = await file_row(company.buyer, file["id"])
    assert row.finding == "Win.Test.EICAR_HDB-1"
    sql = "select person_id from mail_message where organisation_id = %s and event = 'evidence-file.infected'"
    assert superuser.execute(sql, (company.id,)).fetchall() == [(company.administrator.person_id,)]


async def test_without_an_answer_a_file_waits_in_quarantine(place):
    company, order, buyer, order_desk = place
    with override(scanner_url="clamd://127.0.0.1:9"):
        file_id = await sent(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
        with pytest.raises(Unanswered):
            await commands.check(company.buyer, (await file_row(company.buyer, file_id)).id)
        for client in (buyer, order_desk):
            refused = await client.get(f"/files/{file_id}")
            assert (refused.status_code, "still being checked" in refused.text) == (409, True)
    async with clamd():
        await run_jobs(commands.CHECK)
    assert (await order_desk.get(f"/files/{file_id}")).status_code == 200


async def test_a_scanner_that_takes_no_such_large_files_is_no_verdict(place):
    company, order, buyer, _order_desk = place
    async with clamd(most=10):
        file_id = await sent(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
        with pytest.raises(Unanswered, match="size limit exceeded"):
            await commands.check(company.buyer, (await file_row(company.buyer, file_id)).id)
    assert (await file_row(company.buyer, file_id)).state == "quarantined"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b'{"result": "clean"}', "clean"),
        (b'{"result": "infected", "finding": "Worm.X"}', "infected"),
        (b'{"result": "perhaps"}', "quarantined"),
    ],
)
async def test_a_scanner_may_be_an_address(place, answer, state):
    company, order, buyer, _order_desk = place
    bodies = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        bodies.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(answer), answer))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    with override(scanner_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/scan"):
        file = await attached(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
    server.close()
    assert (file["state"], set(bodies)) == (state, {PDF})
    assert company.id


async def test_files_are_shut_in_wherever_they_are_opened(place):
    _company, order, buyer, _order_desk = place
    file = await attached(buyer, "purchase-order", order.id, 'it\'s "a" 漢.txt', b"plain words")
    for path in (f"/files/{file['id']}", f"{API}/{file['id']}/content"):
        headers = (await buyer.get(path)).headers
        assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert headers["content-disposition"].startswith("attachment; ")
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_preview_is_drawn_anew_without_what_else_the_file_says(place):
    company, order, buyer, order_desk = place
    exif = Image.Exif()
    exif[0x010E] = "GPS 48.1, 11.5 <script>alert(1)</script>"
    file = await attached(buyer, "purchase-order", order.id, "site.jpg", picture(edge=2_000, exif=exif))
    shown = await order_desk.get(f"/files/{file['id']}/preview")

    drawn = Image.open(io.BytesIO(shown.content))
    assert (shown.headers["content-type"], max(drawn.size)) == ("image/jpeg", 480)
    assert b"GPS" not in shown.content
    assert b"script" not in shown.content
    assert "content-disposition" not in shown.headers
    assert f"/files/{file['id']}/preview" in (await order_desk.get(f"/orders/{order.id}")).text
    assert company.id


async def test_damaged_bytes_are_never_handed_out_whole(place):
    from obstore import put_async

    from portal.documents.store import place as store
    from portal.evidence.commands.check import shelf

    company, order, buyer, _order_desk = place
    file = await attached(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
    digest = file["sha256"]
    lies = f"{shelf(company.id)}/{digest[:2]}/{digest[2:4]}/{digest}"
    await put_async(store(), lies, b"%PDF-1.7 forged")
    with pytest.raises(LitestarException, match="after response started"):
        await buyer.get(f"/files/{file['id']}")
    await put_async(store(), lies, PDF)  # what keeps a whole store finds it whole
