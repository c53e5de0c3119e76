"""What is no table, too large, or no form at all is refused with a sentence, fast, and leaves nothing behind."""

import io
import os
import stat
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from portal.operations.desk import reception
from portal.operations.imports.sources import LARGEST
from portal.platform.settings import settings
from portal.platform.workshop import workshop
from portal.web.upload import plain_name
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, brought, kept_bytes
from tests.operations.nordwerk import ITEMS

BOMB = "xl/worksheets/sheet1.xml"


def bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to more than a gigabyte."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(BOMB, "w", force_zip64=True) as sheet:
        for _block in range(1100):
            sheet.write(b"\0" * 1_000_000)
    return data.getvalue()


def no_workbook() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    return data.getvalue()


CASES: dict[str, tuple[str, bytes, str]] = {
    "NUL": ("a.csv", b"Nr;Name\n1;\0\n", "is no table"),
    "an image called CSV": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "is no table"),
    "no table": ("a.csv", b"", "no header row"),
    "blank lines": ("a.csv", b"\n\n\n", "no header row"),
    "a million columns": ("a.csv", b";".join([b"x"] * 1_000_000), "columns"),
    "a zip bomb": ("a.xlsx", bomb(), "unpacks to more than 400 MB"),
    "a zip of something else": ("a.xlsx", no_workbook(), "cannot be read as a workbook"),
    "text called XLSX": ("a.xlsx", b"PK\x03\x04 but no zip", "cannot be read as a workbook"),
    "another ending": ("a.pdf", b"%PDF-1.7", "none of these"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0", "none of these"),
    "no ending": ("README", b"Nr\n1\n", "none of these"),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_file_that_is_no_table_is_refused_with_a_sentence_within_seconds(client_of, case):
    name, content, sentence = CASES[case]
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    before = time.monotonic()
    answer = await client.post("/imports", files={"files": (name, content)})
    assert time.monotonic() - before < 4  # two seconds on a machine that does nothing else
    assert answer.status_code == 422, answer.text
    assert sentence in answer.text
    assert "There is a problem" in answer.text
    assert kept_bytes(company) == []


async def test_programs_get_the_same_sentence_as_a_problem(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client)
    answer = await client.put(f"{API}/{made['id']}/files/a.xlsx", content=CASES["a zip bomb"][1])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "files")
    assert kept_bytes(company) == []


async def test_every_wrong_file_of_a_form_is_named_at_once(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    files = [("files", ("a.csv", b"\0")), ("files", ("b.csv", ITEMS.encode())), ("files", ("c.csv", b""))]
    answer = await client.post("/imports", files=files)
    assert answer.status_code == 422
    assert "a.csv is no table" in answer.text
    assert "c.csv has no header row" in answer.text


async def test_a_form_without_a_file_says_what_is_missing(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    for sent in ({"data": {"kind": "items"}}, {"files": {"files": ("", b"")}}, {"json": {}}, {"content": b"x"}):
        answer = await client.post("/imports", **sent)
        assert answer.status_code == 422, (sent, answer.text)
        assert "Choose at least one file." in answer.text


async def test_two_files_of_one_name_are_told_apart_by_nobody(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    answer = await client.post("/imports", files=[("files", ("a.csv", ITEMS.encode()))] * 2)
    assert (answer.status_code, "Two files have the same name: a.csv." in answer.text) == (422, True)


async def test_a_form_of_ten_thousand_parts_is_refused_before_it_is_read(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    many = [(f"f{n}", (None, "x")) for n in range(10_000)]
    before = time.monotonic()
    answer = await client.post("/imports", files=many)
    assert (answer.status_code, "too many parts" in answer.text) == (413, True)
    assert time.monotonic() - before < 2
    files = [("files", (f"{n}.csv", ITEMS.encode())) for n in range(11)]
    assert (await client.post("/imports", files=files)).status_code == 413


async def test_what_says_it_is_too_long_is_refused_before_any_of_it_is_read(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    read = []

    async def body():
        read.append(1)
        yield b"x"

    headers = {"content-type": "multipart/form-data; boundary=b", "content-length": str(LARGEST * 3)}
    answer = await client.post("/imports", content=body(), headers=headers)
    assert (answer.status_code, "larger than 201 MB" in answer.text) == (413, True)
    made = await brought(client)
    path = f"{API}/{made['id']}/files/a.csv"
    assert (await client.put(path, content=body(), headers={"content-length": str(LARGEST + 1)})).status_code == 413


async def test_a_file_that_does_not_say_how_long_it_is_is_stopped_at_its_limit(client_of, monkeypatch):
    monkeypatch.setattr(reception, "LARGEST", 1_000_000)
    monkeypatch.setattr(reception, "WANTED", reception.WANTED._replace(largest=1_000_000))
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client)

    async def endless():
        for _block in range(100):
            yield b"x;y\n" * 25_000

    answer = await client.put(f"{API}/{made['id']}/files/a.csv", content=endless())
    assert (answer.status_code, "a.csv is larger than 1 MB" in answer.text) == (413, True)
    form = await client.post("/imports", files={"files": ("b.csv", b"x;y\n" * 300_000)})
    assert (form.status_code, "b.csv is larger than 1 MB" in form.text) == (413, True)
    assert kept_bytes(company) == []


@pytest.mark.parametrize(
    "body",
    [
        b"--b\r\n",
        b"--b\r\nContent-Disposition: form-data; name=files; filename=a.csv\r\n\r\nNr\n1",
        b"--b\r\nContent-Disposition: form-data; name=\xff\xfe; filename=a.csv\r\n\r\nNr\r\n--b--",
        b"--b\r\n" + b"x" * 10_000 + b"\r\n\r\n",
        b"--c\r\n\r\n--c--",
        b"--b\r\nContent-Disposition: form-data; name=kind\r\n\r\n\xff\xfe\r\n--b--\r\n",
    ],
)
async def test_a_form_that_breaks_off_or_was_never_one_is_no_error_of_ours(client_of, body):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    answer = await client.post("/imports", content=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code in (400, 413, 422), answer.text
    assert kept_bytes(company) == []


async def test_a_program_that_goes_away_in_the_middle_leaves_nothing(client_of, app):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client)
    told = [{"type": "http.request", "body": b"Nr;Name\n", "more_body": True}, {"type": "http.disconnect"}]
    request = client.build_request("PUT", f"{API}/{made['id']}/files/a.csv")
    path = request.url.path
    scope = {
        "type": "http", "method": "PUT", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "server": ("portal.test", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
        "headers": [(name.lower(), value) for name, value in request.headers.raw if name.lower() != b"content-length"],
    }  # fmt: skip
    answers: list[Any] = []

    async def receive() -> Any:
        return told.pop(0)

    async def send(message: Any) -> None:
        answers.append(message)

    await app(scope, receive, send)
    assert answers[0]["status"] == 400
    assert kept_bytes(company) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\me\\Orders 2026.csv", "Orders 2026.csv"),
        ("[a]*?.csv", "(a)__.csv"),
        ("\u202egnp.csv", "gnp.csv"),
        ("a\0b\n.csv", "ab.csv"),
        ("..", "file"),
        ("x" * 500 + ".csv", "x" * 196 + ".csv"),
        ("订单.xlsx", "订单.xlsx"),
        ("漢" * 110 + ".csv", "漢" * 65 + ".csv"),
    ],
)
def test_a_name_keeps_what_names_a_file_and_nothing_else(given, kept):
    assert plain_name(given) == kept


async def test_a_name_full_of_tricks_is_one_name_everywhere(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    name = "..%2F[x]<script>{{7*7}}'.csv"
    answer = await client.post("/imports", files={"files": (name, ITEMS.encode())})
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "<script>{{" not in page.text
    assert "49" not in page.text.split("<h1")[1].split("</h1>")[0]


async def test_what_was_brought_is_readable_by_its_owner_alone_whatever_the_umask(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    before = os.umask(0)
    try:
        await brought(client, ("Artikel.csv", ITEMS))
    finally:
        os.umask(before)
    folder = Path(unquote(urlsplit(settings().documents).path)) / "imports"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(kept_bytes(company)) == 1


def test_work_on_files_is_done_on_a_disk(tmp_path, monkeypatch):
    monkeypatch.delenv("TMPDIR", raising=False)
    with workshop() as folder:
        assert folder.startswith("/var/tmp/")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with workshop() as folder:
        assert folder.startswith(str(tmp_path))
