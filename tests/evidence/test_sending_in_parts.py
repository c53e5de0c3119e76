"""A file goes up in parts: who is cut off goes on, two senders never mix, and what is refused is refused early."""

import asyncio
import os

import pytest
from obstore.exceptions import GenericError

from portal.evidence import commands
from portal.platform.refusals import Conflict, Refusal
from tests.harness.deliveries import events_of
from tests.harness.evidence import API, PART, PDF, attached, begun_file, file_row, metadata, office, picture, sent
from tests.harness.jobs import run_jobs
from tests.harness.world import accepted_order, trading_pair

MOVIE = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 40


@pytest.fixture
async def place(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    return company, order, await client_of(company.buyer)


async def pieces(*given, breaks=False):
    for piece in given:
        yield piece
    if breaks:
        raise ConnectionError("gone")


async def test_a_program_that_speaks_tus_goes_on_where_it_was_cut_off(place):
    _company, order, client = place
    film = MOVIE + os.urandom(12_000_000)
    told = metadata(filename="unloading.mp4", kind="purchase-order", record_id=str(order.id), internal="true")
    made = await client.post(
        API, headers={"tus-resumable": "1.0.0", "upload-length": str(len(film)), "upload-metadata": told}
    )
    at = made.headers["location"]
    assert (made.status_code, made.headers["upload-offset"], made.headers["tus-resumable"]) == (201, "0", "1.0.0")

    first = await client.patch(at, content=film[:7_000_000], headers=PART | {"upload-offset": "0"})
    assert (first.status_code, first.headers["upload-offset"]) == (204, "7000000")
    wrong = await client.patch(at, content=film[:10], headers=PART | {"upload-offset": "0"})
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (409, "7000000")
    head = await client.head(at)
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("7000000", str(len(film)))
    assert head.headers["cache-control"] == "no-store"
    last = await client.patch(at, content=film[7_000_000:], headers=PART | {"upload-offset": "7000000"})
    assert last.headers["upload-offset"] == str(len(film))
    await run_jobs(commands.CHECK)

    file = (await client.get(at)).json()
    assert (file["state"], file["media_type"], file["internal"]) == ("unscanned", "video/mp4", True)
    assert (await client.get(file["href"])).content == film


async def test_what_came_before_a_broken_connection_is_kept(place):
    company, order, _client = place
    file = await begun_file(company.buyer, "purchase-order", order.id, "drawing.pdf", len(PDF))
    with pytest.raises(ConnectionError):
        await commands.take_part(company.buyer, file.id, 0, pieces(PDF[:20], breaks=True))
    assert await commands.progress(company.buyer, file.id) == (20, len(PDF))
    assert await commands.take_part(company.buyer, file.id, 20, pieces(PDF[20:])) == len(PDF)
    assert (await file_row(company.buyer, file.id)).state == "quarantined"


async def test_two_senders_of_one_file_never_mix(place):
    company, order, _client = place
    file = await begun_file(company.buyer, "purchase-order", order.id, "drawing.pdf", len(PDF))
    both = [commands.take_part(company.buyer, file.id, 0, pieces(PDF[:10])) for _each in range(2)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(isinstance(each, Conflict) for each in done) == [False, True]
    assert await commands.progress(company.buyer, file.id) == (10, len(PDF))


async def test_only_who_began_goes_on(place, client_of):
    company, order, _client = place
    file = await begun_file(company.buyer, "purchase-order", order.id)
    colleague = await client_of(company.payable)
    answer = await colleague.patch(f"{API}/{file.id}", content=b"x", headers=PART | {"upload-offset": "0"})
    assert answer.status_code == 404


async def test_more_than_was_announced_is_refused(place):
    company, order, client = place
    file = await begun_file(company.buyer, "purchase-order", order.id, "drawing.pdf", 20)
    answer = await client.patch(f"{API}/{file.id}", content=PDF, headers=PART | {"upload-offset": "0"})
    assert answer.status_code == 413
    assert (await client.head(f"{API}/{file.id}")).headers["upload-offset"] == "0"


async def test_a_part_of_another_kind_or_without_its_place_is_told_so(place):
    company, order, client = place
    file = await begun_file(company.buyer, "purchase-order", order.id)
    assert (await client.patch(f"{API}/{file.id}", content=b"x", headers=PART)).status_code == 400
    assert (
        await client.patch(f"{API}/{file.id}", content=b"<a/>", headers={"content-type": "text/html"})
    ).status_code == 415
    assert (
        await client.post(API, headers={"upload-length": "5", "upload-metadata": "filename ###"})
    ).status_code == 400
    assert (await client.post(API, headers={"upload-length": "200000001"})).status_code == 422


async def test_a_part_without_the_sessions_token_is_not_kept(place):
    company, order, client = place
    file = await begun_file(company.buyer, "purchase-order", order.id)
    del client.headers["x-csrf-token"]
    answer = await client.patch(f"{API}/{file.id}", content=b"%PDF-1.7 x", headers=PART | {"upload-offset": "0"})
    assert answer.status_code == 403
    assert await commands.progress(company.buyer, file.id) == (0, 10)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("setup.pdf", b"MZ" + b"\0" * 200),
        ("notes.txt", b"\x7fELF" + b"\0" * 200),
        ("run.txt", b"\xef\xbb\xbf  <html>"),
        ("binary.csv", bytes(range(256))),
    ],
)
async def test_what_a_file_holds_counts_not_its_name(place, name, content):
    company, order, client = place
    form = {"_csrf": client.headers["x-csrf-token"], "who": "both"}
    page = await client.post(
        f"/files/purchase-order/{order.id}", data=form, files={"file": (name, content, "image/png")}
    )
    assert page.status_code == 422
    assert "is none of these" in page.text

    file = await begun_file(company.buyer, "purchase-order", order.id, name, len(content))
    answer = await client.patch(f"{API}/{file.id}", content=content, headers=PART | {"upload-offset": "0"})
    assert answer.status_code == 422
    assert (await file_row(company.buyer, file.id)).state == "refused"


@pytest.mark.parametrize(
    ("name", "content", "kept", "kind"),
    [
        ("photo.jpg.exe", picture(), "photo.jpg.exe.jpg", "image/jpeg"),
        ("../../etc/p*ss\u202ewd.png", picture("PNG"), "p_sswd.png", "image/png"),
        ("C:\\Users\\x\\scan.TIFF", picture("TIFF"), "scan.tiff", "image/tiff"),
        (
            "angebot.docx",
            office("word/"),
            "angebot.docx",
            office and "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("werte.csv", "Größe;Menge\n1;2\n".encode(), "werte.csv", "text/csv"),
        ("质检报告.pdf", PDF, "质检报告.pdf", "application/pdf"),
    ],
)
async def test_names_are_cleaned_and_end_as_the_bytes_say(place, name, content, kept, kind):
    _company, order, client = place
    form = {"_csrf": client.headers["x-csrf-token"], "who": "us"}
    answer = await client.post(f"/files/purchase-order/{order.id}", data=form, files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    await run_jobs(commands.CHECK)
    [file] = (await client.get(API, params={"kind": "purchase-order", "record_id": str(order.id)})).json()["items"]
    assert (file["name"], file["media_type"], file["state"]) == (kept, kind, "unscanned")


DAMAGED = {
    "scan.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40, "image/jpeg"),
    "plan.tiff": (b"II*\0" + b"\xff" * 40, "image/tiff"),
    "chart.gif": (b"GIF89a", "image/gif"),
}


@pytest.mark.parametrize("name", DAMAGED)
async def test_a_damaged_picture_is_refused_in_words_and_waits_for_nobody(place, name):
    company, order, client = place
    content, kind = DAMAGED[name]
    form = {"_csrf": client.headers["x-csrf-token"], "who": "both"}
    page = await client.post(f"/files/purchase-order/{order.id}", data=form, files={"file": (name, content, kind)})
    assert (page.status_code, "not a picture that can be read" in page.text) == (422, True)

    file = await attached(client, "purchase-order", order.id, name, content)
    assert file["state"] == "refused"
    assert "evidence-file.refused" in await events_of(company.buyer, order.id)


async def test_a_picture_of_several_is_a_picture(place):
    _company, order, client = place
    file = await attached(client, "purchase-order", order.id, "both-eyes.jpg", picture("MPO"))
    assert (file["state"], file["media_type"]) == ("unscanned", "image/jpeg")


async def test_an_empty_file_is_refused_in_words(place):
    _company, order, client = place
    form = {"_csrf": client.headers["x-csrf-token"], "who": "both"}
    page = await client.post(f"/files/purchase-order/{order.id}", data=form, files={"file": ("empty.txt", b"")})
    assert (page.status_code, "empty.txt is empty" in page.text) == (422, True)


async def test_a_program_gets_a_file_as_what_it_is(place):
    _company, order, client = place
    for name, content, kind in (("plan.pdf", PDF, "application/pdf"), ("site.png", picture("PNG"), "image/png")):
        file = await attached(client, "purchase-order", order.id, name, content)
        assert (await client.get(f"{API}/{file['id']}/content")).headers["content-type"] == kind


async def test_macros_and_archives_are_no_evidence(place):
    _company, order, client = place
    for content in (office("xl/", {"xl/vbaProject.bin": b"x"}), office("other/")):
        file = await attached(client, "purchase-order", order.id, "book.xlsx", content)
        assert file["state"] == "refused"
        assert (await client.get(f"/files/{file['id']}")).status_code == 409


async def test_a_full_disk_is_a_sentence_and_loses_nothing(place, monkeypatch):
    company, order, client = place
    file_id = (await begun_file(company.buyer, "purchase-order", order.id, "drawing.pdf", len(PDF))).id
    await commands.take_part(company.buyer, file_id, 0, pieces(PDF[:20]))

    async def full(*_given, **_named):
        raise GenericError("Unable to write: No space left on device (os error 28)")

    with monkeypatch.context() as patched:
        patched.setattr("obstore.put_async", full)
        answer = await client.patch(f"{API}/{file_id}", content=PDF[20:], headers=PART | {"upload-offset": "20"})
        assert (answer.status_code, "disk is full" in answer.json()["detail"]) == (507, True)
        form = {"_csrf": client.headers["x-csrf-token"], "who": "us"}
        page = await client.post(f"/files/purchase-order/{order.id}", data=form, files={"file": ("a.pdf", PDF)})
        assert (page.status_code, "disk is full" in page.text) == (507, True)
    assert await commands.progress(company.buyer, file_id) == (20, len(PDF))


async def test_a_record_takes_only_so_many_files(place, monkeypatch):
    company, order, client = place
    monkeypatch.setattr("portal.evidence.commands.bring.MOST_OF_RECORD", 2)
    for name in ("a.pdf", "b.pdf"):
        await sent(client, "purchase-order", order.id, name, PDF)
    with pytest.raises(Refusal, match="all it takes"):
        await begun_file(company.buyer, "purchase-order", order.id)
