"""Pages that are read closely, in a real browser: accessible, on a phone, in the dark, in Chinese."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe_violations, scrolls_sideways
from tests.harness.serving import Portal

LOOKS = ({"width": 1440}, {"width": 360, "dark": True, "language": "zh-CN"})


@pytest.mark.parametrize("window", LOOKS, ids=("desk", "phone"))
def test_an_entry_of_the_log_leads_to_its_record_and_shows_before_and_after(
    enter: Callable[..., Page], window: dict[str, object]
) -> None:
    page = enter("auditor", "/audit?event=purchase-order.issued", **window)
    page.locator("main tbody a").first.click()
    expect(page.locator("main table").first).to_be_visible()
    for more in page.locator("main details > summary:visible").all():
        more.click()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    page.set_viewport_size({"width": 1440, "height": 800})
    page.locator(".page-actions a").first.click()
    page.wait_for_url("**/orders/*")


@pytest.mark.parametrize("window", LOOKS, ids=("desk", "phone"))
@pytest.mark.parametrize("javascript", [True, False], ids=("scripted", "plain"))
def test_the_reference_is_read_without_a_script_and_on_a_phone(
    open_page: OpenPage, portal: Portal, window: dict[str, object], javascript: bool
) -> None:
    page = open_page(f"{portal.url}/api/v1/docs", javascript=javascript, **window)
    if window["width"] == 360:
        page.locator(".reference-index summary").click()
    page.locator(".reference-index a[href='#createInvoice']:visible").click()
    expect(page.locator("#createInvoice")).to_be_in_viewport()
    assert not scrolls_sideways(page)
    if javascript:
        assert axe_violations(page) == []


def test_what_a_button_asks_never_covers_the_menu(enter: Callable[..., Page], portal: Portal) -> None:
    for width in (1440, 1280, 1024, 800):
        page = enter("payable", f"/invoices/{portal.ids['invoice_id']}", width=width)
        for ask in page.locator(".page-actions .ask").all():
            ask.locator("summary").click()
            panel = ask.locator(".ask-panel").bounding_box()
            side = page.locator(".side").bounding_box()
            assert panel
            assert panel["x"] >= (side["width"] if side else 0)
            assert panel["x"] + panel["width"] <= width
            page.keyboard.press("Escape")
