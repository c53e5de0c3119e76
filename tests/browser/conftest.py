"""A real browser for every story: Chromium as the system has it, watched while it works.

`open_page` opens a window of its own (nobody shares cookies) and, when the story ends, fails it for anything that the
portal promises never to do: break its own content policy, throw in a script, ask another host for anything.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from tests.harness.serving import Portal

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    (v) => `${v.id}: ${v.help} | ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`)"""
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "Browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        with _running(None):
            yield browser
        browser.close()


@contextlib.contextmanager
def _running(loop: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    """Playwright's loop counts as running in this thread for as long as it lives. Between its stories none may, or the
    asynchronous ones of the same process could not run."""
    before = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio.events._set_running_loop(before)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """`open_page(url, width=360, dark=True, javascript=False, language="zh-CN")` → a Playwright page at that address.

    What is not named goes to Playwright's `new_context` (`storage_state`, `timezone_id`, …).
    """
    with _running(getattr(chromium, "_loop", None)), contextlib.ExitStack() as windows:
        wrongs: list[str] = []

        def open_(url: str, *, width: int = 1280, dark: bool = False, javascript: bool = True, **more: Any) -> Page:
            window = chromium.new_context(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if dark else "light",
                java_script_enabled=javascript,
                locale=more.pop("language", "en-GB"),
                reduced_motion="reduce",
                **more,
            )
            windows.callback(window.close)
            page = window.new_page()
            _watch(page, url, wrongs)
            page.goto(url)
            return page

        yield open_
        assert wrongs == []


def _watch(page: Page, url: str, wrongs: list[str]) -> None:
    ours = urlsplit(url).netloc
    page.on("pageerror", lambda error: wrongs.append(f"script error: {error}"))
    page.on("console", lambda said: wrongs.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("request", lambda asked: wrongs.append(f"asked {asked.url}") if _elsewhere(asked.url, ours) else None)
    page.on("requestfailed", lambda asked: wrongs.append(f"failed {asked.url}") if _lost(asked) else None)
    page.on("response", lambda came: wrongs.append(f"{came.status} {came.url}") if _refused(came) else None)


def _lost(asked: Request) -> bool:
    """An asset that never came; one the browser itself dropped on its way to the next page is none."""
    return "/static/" in asked.url and asked.failure != "net::ERR_ABORTED"


def _refused(came: Response) -> bool:
    return "/static/" in came.url and came.status >= 400


def _elsewhere(url: str, ours: str) -> bool:
    asked = urlsplit(url)
    return asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != ours


def axe_violations(page: Page) -> list[str]:
    """What axe has against the page as it stands now; the script comes in past the page's own policy."""
    page.evaluate(AXE.read_text())
    return page.evaluate(RUN_AXE)


RAW = """() => {
  const code = /(?<![\\w.\\/-])[a-z]+(?:_[a-z0-9]+)+(?![\\w.])/;
  const id = /(?<![\\w\\/])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\\w+])/;
  const mark = /<\\/?[a-z]+[^<]*>|&[a-z]+;|&#\\d+;/;
  const told = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (told.nextNode()) {
    const text = told.currentNode.data;
    if ((code.test(text) || id.test(text) || mark.test(text)) && !told.currentNode.parentElement.closest(
      "code, pre, kbd, script, style, template, textarea, .technical")) found.push(text.trim());
  }
  return found;
}"""


def raw_codes(page: Page) -> list[str]:
    """Ids and names of fields that stand there as the database writes them, and marks of HTML, where people read; what
    is meant to be copied or checked letter by letter is marked as such."""
    return page.evaluate(RAW)


def scrolls_sideways(page: Page, width: int = 360) -> bool:
    page.set_viewport_size({"width": width, "height": 740})
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of a running gallery of all components (tests/web/gallery)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--no-log", "tests.web.gallery.app:app"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}/gallery", server)
    finally:
        server.terminate()
        server.wait(10)


def _answering(url: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(200):
        assert server.poll() is None, "the gallery did not start"
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/home", timeout=5):
            return url
        time.sleep(0.1)
    raise AssertionError("the gallery does not answer")


@pytest.fixture
def enter(open_page: OpenPage, portal: Portal) -> Callable[..., Page]:
    """`enter("buyer", "/orders", width=360)`: that person's own window, signed in by the sign-in page."""

    def enter_(role: str, path: str = "/", **window: Any) -> Page:
        page = open_page(f"{portal.url}/sign-in?next={quote(path)}", **window)
        page.locator("[name=email]").fill(portal.people[role])
        page.locator("[name=password]").fill(portal.password)
        page.locator("main [type=submit]").first.click()
        page.wait_for_url(f"{portal.url}{path}")
        return page

    return enter_
