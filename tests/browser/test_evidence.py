"""Attaching files in a browser: in parts with a script, whole without one, and on after a broken connection."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.conftest import Portal
from tests.harness.evidence import PDF, picture

Enter = Callable[..., Page]


def chosen(page: Page, *files: tuple[str, bytes]) -> Page:
    form = page.locator("form[data-evidence]")
    form.evaluate("form => { form.closest('details').open = true }")
    page.set_input_files(
        "form[data-evidence] input[type=file]",
        [FilePayload(name=name, mimeType="image/png", buffer=content) for name, content in files],
    )
    form.locator("button[type=submit]").click()
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_files_are_attached_with_a_script_and_without(enter: Enter, portal: Portal, javascript: bool):
    names = [f"pallet {javascript}.jpg", f"note {javascript}.pdf"]
    page = enter("receiver", f"/receipts/{portal.ids['receipt_id']}", javascript=javascript)
    if javascript:
        chosen(page, (names[0], picture()), (names[1], PDF + b"x" * 11_000_000))
    else:
        page.locator("#files summary", has_text="Attach files").click()
        files = [FilePayload(name=name, mimeType="text/html", buffer=PDF) for name in names]
        page.set_input_files("form[data-evidence] input[type=file]", files)
        page.locator("form[data-evidence] button[type=submit]").click()
        names = [names[0] + ".pdf", names[1]]
    for name in names:
        expect(page.locator("#files")).to_contain_text(name, timeout=20_000)


def test_a_broken_connection_costs_a_part_and_no_file(enter: Enter, portal: Portal):
    page = enter("receiver", f"/receipts/{portal.ids['receipt_id']}")
    broken: list[str] = []

    def now_and_then(route: Route) -> None:
        if route.request.method == "PATCH" and len(broken) < 2:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/files/*", now_and_then)
    chosen(page, ("certificate.pdf", PDF + b"y" * 6_000_000))
    expect(page.locator("#files .evidence")).to_contain_text("certificate.pdf", timeout=30_000)
    assert len(broken) == 2


def test_what_is_refused_is_told_beside_the_form(enter: Enter, portal: Portal):
    page = chosen(enter("receiver", f"/receipts/{portal.ids['receipt_id']}"), ("page.png", b"<!doctype html>"))
    expect(page.locator("form[data-evidence] [data-refused]")).to_contain_text("is none of these")
    expect(page.locator("form[data-evidence] button[type=submit]")).to_be_enabled()
