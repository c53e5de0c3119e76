"""What leaves the portal for a browser: pages, files, headers, refusals."""

import gzip
import re

import pytest
from litestar.testing import TestClient

from portal.web.assets import FOLDER, asset, static
from portal.web.context import current
from portal.web.preferences import local_path
from tests.web.gallery.app import REFUSALS, SIGNED_IN, app


@pytest.fixture
def browser() -> TestClient:
    return TestClient(app, raise_server_exceptions=True)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("name", [*SIGNED_IN, *REFUSALS, "profile", "plain/sign-in", "plain/404"])
def test_a_page_says_its_language_and_holds_no_script_or_style_of_its_own(
    browser: TestClient, name: str, language: str
) -> None:
    answer = browser.get(f"/gallery/{name}?language={language}")
    expected = REFUSALS[name][0] if name in REFUSALS else 404 if name == "plain/404" else 200
    assert answer.status_code == expected
    assert f'<html lang="{language}"' in answer.text
    assert not re.search(r"<style|<script(?![^>]* src=)|\s(style|on\w+)=", answer.text)


def test_every_answer_carries_the_policy_also_one_that_found_no_route(browser: TestClient) -> None:
    for path in ("/gallery/home", "/nowhere", static("app.js")):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_are_never_stored_and_files_for_ever(browser: TestClient) -> None:
    assert browser.get("/gallery/home").headers["cache-control"] == "no-store"
    assert "immutable" in browser.get(static("app.js")).headers["cache-control"]


def test_an_old_address_of_a_file_is_answered_but_not_kept(browser: TestClient) -> None:
    answer = browser.get("/static/000000000000/app.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    again = browser.get("/static/000000000000/app.js", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_files_travel_packed_to_those_who_can_unpack(browser: TestClient) -> None:
    assert browser.get(static("app.js")).headers["content-encoding"] == "gzip"
    plain = browser.get(static("app.js"), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(asset("app.js").packed or b"") == plain.content


@pytest.mark.parametrize(
    "path", ["../assets.py", "..%2fassets.py", "%2e%2e/assets.py", "/etc/passwd", "", "vendor", "app.js%00"]
)
def test_nothing_outside_the_folder_of_files_is_served(browser: TestClient, path: str) -> None:
    assert browser.get(f"/static/{asset('app.js').digest}/{path}").status_code == 404


def test_a_style_sheet_names_fonts_that_are_there() -> None:
    named = re.findall(rb'url\("([^"]+)"\)', asset("base.css").body or b"")
    assert named
    for address in named:
        _empty, _static, digest, name = address.decode().split("/", 3)
        assert asset(name).digest == digest
        assert (FOLDER / name).stat().st_size > 100_000


def test_a_theme_is_remembered_without_a_script_and_leads_back(browser: TestClient) -> None:
    answer = browser.post(
        "/preferences", data={"theme": "dark", "next": "/orders?state=issued"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?state=issued")
    assert answer.cookies["theme"] == "dark"
    assert "theme" not in browser.post("/preferences", data={"theme": "<b>"}, follow_redirects=False).cookies


@pytest.mark.parametrize(
    "crafted",
    ["https://elsewhere.test", "//elsewhere.test", "/\\elsewhere.test", "\\\\x", "/a\nb", "/%0d", "javascript:1", ""],
)
def test_no_crafted_link_leads_out_of_the_portal(crafted: str) -> None:
    assert local_path(crafted) in ("/", "/%0d")


def test_a_refusal_says_why_what_happened_and_what_to_do(browser: TestClient) -> None:
    told = browser.get("/gallery/409").text
    for words in ("approved by Jonas Weber", "What happened meanwhile", "Open the record again", "01936f00-7e1c"):
        assert words in told


def test_a_piece_of_a_page_that_is_refused_goes_to_the_corner(browser: TestClient) -> None:
    answer = browser.get("/gallery/note")
    assert (answer.status_code, answer.headers["hx-retarget"]) == (409, "#notes")
    assert "<html" not in answer.text


def test_a_visitor_has_no_menu(browser: TestClient) -> None:
    assert current.get().actor is None
    assert "/sign-out" not in browser.get("/gallery/plain/404").text
