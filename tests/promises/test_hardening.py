"""Bad input is refused in time and memory that do not depend on it, and nothing made up by a client gets anywhere."""

import re
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from litestar import Litestar

from portal.evidence import commands
from portal.platform.settings import override
from portal.web.headers import POLICY
from tests.harness.bombs import MB, bounded, directory_of, flood, png_of, zipped
from tests.harness.evidence import API, attached, checked_file
from tests.harness.jobs import run_jobs
from tests.harness.mail import Inbox
from tests.harness.routes import address, routes
from tests.harness.world import accepted_order, trading_pair

EVIL = "evil.example"


@pytest.fixture
async def place(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    return company, order, await client_of(company.buyer)


@pytest.mark.parametrize("says", [True, False])
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_bodies_above_ten_megabytes_are_413(anonymous, place, kind, says):
    _company, _order, client = place
    part = b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n' if kind.startswith("multi") else b'{"note": "'
    paths = ("/api/v1/purchase-orders", "/api/v1/files") if kind.endswith("json") else ("/orders/new", "/profile")
    for path in paths:
        for asker in (client, anonymous):
            headers = {"content-type": kind} | ({"content-length": str(11 * MB)} if says else {})
            with bounded():
                answer = await asker.post(path, content=flood(11 * MB, part), headers=headers)
            assert answer.status_code in ((413,) if asker is client else (413, 401, 303)), (path, answer.status_code)


async def test_forms_of_ten_thousand_parts_are_refused_at_once(place):
    _company, order, client = place
    part = '--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n1\r\n'
    named = '--x\r\nContent-Disposition: form-data; name="file"; filename="{n}.pdf"\r\n\r\n%PDF-1.7\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    for path in ("/orders/new", f"/files/purchase-order/{order.id}", "/sign-in"):
        for shape in (part, named):
            body = "".join(shape.format(n=n) for n in range(10_000)) + "--x--\r\n"
            with bounded():
                answer = await client.post(path, content=body.encode(), headers=headers)
            assert 400 <= answer.status_code < 500, (path, answer.status_code)
    fields = "&".join(f"lines.{n}.note=1" for n in range(30_000))
    with bounded():
        answer = await client.post(
            "/orders/new", content=fields, headers={"content-type": "application/x-www-form-urlencoded"}
        )
    assert answer.status_code in (413, 422)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a zip bomb": ("book.xlsx", lambda: zipped(size=1_200 * MB)),
    "ten thousand entries": ("book.xlsx", lambda: zipped(names=10_000)),
    "a directory without an end": ("book.docx", lambda: directory_of(4_000_000_000)),
    "a flood of pixels": ("photo.png", lambda: png_of(60_000, 60_000)),
    "a long strip of pixels": ("photo.png", lambda: png_of(2_000_000_000, 2)),
}


@pytest.fixture(scope="session", params=BOMBS)
def bomb(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    name, make = BOMBS[request.param]
    return name, make()


async def test_bombs_are_refused_in_two_seconds_and_bounded_memory(place, bomb):
    company, order, client = place
    name, content = bomb
    form = {"_csrf": client.headers["x-csrf-token"], "who": "both"}
    with bounded():
        page = await client.post(f"/files/purchase-order/{order.id}", data=form, files={"file": (name, content)})
    assert page.status_code == 422, page.text
    with bounded(seconds=4):  # announced, sent and looked at by the worker
        file = await attached(client, "purchase-order", order.id, name, content)
    assert file["state"] == "refused"
    assert (await client.get(f"/files/{file['id']}")).status_code == 409
    assert company.id


async def test_a_picture_that_lies_about_itself_has_no_preview_and_harms_nobody(place):
    _company, order, client = place
    file = await attached(client, "purchase-order", order.id, "photo.png", png_of(7_000, 7_000))
    assert file["state"] == "unscanned"
    assert (await client.get(f"/files/{file['id']}/preview")).status_code == 404


async def test_workbooks_that_are_bombs_are_refused_by_the_import_desk_too(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.supplier_manager)
    content = zipped(size=500 * MB)
    with bounded(seconds=5):  # a process of its own looks at it
        form = {"_csrf": client.headers["x-csrf-token"]}
        answer = await client.post("/imports", data=form, files={"files": ("items.xlsx", content)})
    assert answer.status_code == 422


async def test_two_hundred_megabytes_go_up_and_down_in_bounded_memory(place):
    _company, order, client = place
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
    body = {"kind": "purchase-order", "record_id": str(order.id), "name": "unloading.mp4", "size": 200 * MB}
    at = (await client.post(API, json=body)).headers["location"]
    sent = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}

    async def movie(size: int) -> AsyncIterator[bytes]:
        yield film
        left = size - len(film)
        while left:
            yield bytes(min(left, MB))
            left -= min(left, MB)

    with bounded(seconds=60, memory=80 * MB):
        answer = await client.patch(at, content=movie(200 * MB), headers=sent)
        assert answer.status_code == 204, answer.text
        await run_jobs(commands.CHECK)
    assert (await client.get(at)).json()["state"] == "unscanned"


CONFIGURED = {"url": "https://portal.example", "given": frozenset({"url"})}


@pytest.mark.parametrize("host", [EVIL, f"portal.example.{EVIL}", "", "[", f"portal.example@{EVIL}", "127.0.0.1"])
async def test_a_name_that_is_not_the_portals_is_not_answered(anonymous, host):
    with override(**CONFIGURED):
        for path in ("/", "/sign-in", "/api/v1/me"):
            answer = await anonymous.get(path, headers={"host": host, "x-forwarded-host": "portal.example"})
            assert answer.status_code in (400, 421), (path, answer.status_code)
            assert EVIL not in answer.text
        assert (await anonymous.get("/healthz", headers={"host": host})).status_code == 200
        known = {"host": "PORTAL.example:443", "x-forwarded-host": EVIL}
        assert (await anonymous.get("/sign-in", headers=known)).status_code == 200
    with override(allowed_hosts=("intern.example",), **CONFIGURED):
        assert (await anonymous.get("/sign-in", headers={"host": "intern.example"})).status_code == 200


@pytest.mark.parametrize("hosts", [("127.0.0.1", "evil.example"), ("evil.example", "127.0.0.1"), ("same", "same"), ()])
def test_a_request_with_two_hosts_or_none_is_answered_400_by_the_served_portal(portal, hosts):
    at = urlsplit(portal.url)
    told = "".join(f"Host: {host}\r\n" for host in hosts)
    with socket.create_connection((at.hostname, at.port), timeout=20) as connection:
        connection.sendall(f"GET /sign-in HTTP/1.1\r\n{told}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    assert b"evil.example" not in answer


FORGED = {
    "host": EVIL,
    "x-forwarded-host": EVIL,
    "x-forwarded-proto": "gopher",
    "x-forwarded-for": "203.0.113.9",
    "forwarded": f"host={EVIL};proto=gopher",
    "x-original-url": f"//{EVIL}/",
    "x-rewrite-url": f"//{EVIL}/",
    "referer": f"https://{EVIL}/x",
}


async def test_headers_that_a_client_makes_up_reach_no_page_and_no_link(app: Litestar, place):
    company, order, client = place
    file_id = await checked_file(company.buyer, order.id, "drawing.pdf")
    ids = {"order_id": order.id, "file_id": file_id}
    for route in routes(app):
        if route.method == "GET":
            answer = await client.get(address(route, ids), headers=FORGED)
            told = answer.text + " ".join(answer.headers.values())
            assert EVIL not in told, route
            assert "gopher" not in told, route


async def test_nor_any_mail(anonymous, place, inbox: Inbox):
    company, _order, _client = place
    body = {"email": company.buyer.email}
    asked = await anonymous.post("/api/v1/password-links", json=body, headers=FORGED)
    assert asked.status_code in (200, 202, 204), asked.text
    await run_jobs("messaging.link")
    [mail] = inbox.mails
    assert EVIL not in mail.as_string()
    assert "http://portal.test/" in mail.as_string()


ELSEWHERE = [
    f"//{EVIL}", f"/\\{EVIL}", f"https://{EVIL}", f"\\/\\/{EVIL}", f"/\t/{EVIL}", f"/%0d%0aLocation:https://{EVIL}",
    f"javascript:alert('{EVIL}')", f"https:{EVIL}", f"///{EVIL}", f"/\u2025/{EVIL}", f".{EVIL}", f"@{EVIL}",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
async def test_no_redirect_leads_to_another_site(app: Litestar, place, anonymous, target):
    company, order, client = place
    parameters = {"next": target, "back": target, "url": target, "redirect": target, "return_to": target}
    for route in routes(app):
        if route.method == "GET" and not route.path.startswith("/api/"):
            for asker in (client, anonymous):
                answer = await asker.get(address(route, {"order_id": order.id}), params=parameters)
                assert _stays(answer.headers.get("location", "/")), (route, answer.headers["location"])
    for path in ("/preferences", "/organisation", "/sign-in"):
        answer = await client.post(path, data={"next": target, "theme": "dark", "organisation_id": str(company.id)})
        assert _stays(answer.headers.get("location", "/")), path


def _stays(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\")) and "\r" not in location


async def test_every_answer_keeps_the_browser_on_our_side(app: Litestar, place, anonymous):
    company, order, client = place
    file_id = await checked_file(company.buyer, order.id, "drawing.pdf")
    ids = {"order_id": order.id, "file_id": file_id}
    with override(url="https://portal.test"):
        for route in routes(app):
            for asker in (client, anonymous):
                answer = await asker.request(route.method, address(route, ids))
                told = answer.headers
                assert "unsafe" not in told["content-security-policy"], route
                assert told["content-security-policy"].startswith(("default-src 'none'", "sandbox; default-src 'none'"))
                assert told["strict-transport-security"].startswith("max-age=31536000"), route
                assert (told["x-content-type-options"], told["cache-control"]) == ("nosniff", "no-store"), route
                assert told["referrer-policy"] == "same-origin"
                assert "camera=()" in told["permissions-policy"]
                assert told["cross-origin-opener-policy"] == told["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in POLICY
    assert (await client.get("/")).headers.get("strict-transport-security") is None


async def test_cookies_of_a_secure_portal_are_bound_to_it(anonymous, place, app):
    with override(url="https://portal.test"):
        answer = await anonymous.post("/preferences", data={"theme": "dark"})
    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie and "samesite=lax" in cookie.lower() for cookie in cookies)


def test_no_page_holds_a_script_or_a_style_of_its_own():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.I
    )
    found = {
        str(path): match[0]
        for path in Path("templates").rglob("*.html")
        if not {"documents", "mails"} & set(path.parts) and (match := inline.search(path.read_text()))
    }
    assert found == {}


LINK = re.compile(r'href="(/[^"#]*)"')
MOST_PAGES = 60


@pytest.mark.parametrize("role", ["buyer", "supplier", "auditor"])
def test_a_browser_that_goes_everywhere_asks_no_other_host(enter: Callable[..., Any], portal: Any, role):
    """The window itself fails the story for a request elsewhere, a broken policy or a script's error."""
    page = enter(role)
    waiting, seen = ["/"], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{id}", path.partition("?")[0])
        if shape in seen or re.search(
            r"\.(csv|xlsx|pdf|xml|pem|json|zip|toml)|/file|sign-out|/static/|/retry|/docs", path
        ):
            continue
        seen.add(shape)
        page.goto(portal.url + path)
        waiting += LINK.findall(page.content())
    assert len(seen) > 8, seen
