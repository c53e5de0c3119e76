"""An order's way from entry to agreement, in a browser, as four people; and every page they meet, looked at closely."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal, axe_violations, scrolls_sideways

Enter = Callable[..., Page]


def sound(page: Page) -> None:
    """Accessible in both themes, and no sideways scroll on a phone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe_violations(page) == [], (page.url, scheme)
    assert not scrolls_sideways(page), page.url
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


def cell(page: Page, row: int, name: str):
    return page.locator(f"[name='lines.{row}.{name}']")


def test_an_order_is_entered_approved_issued_answered_and_agreed(enter: Enter, portal: Portal) -> None:
    path = entered(enter("requester", "/orders/new"), portal)
    approved(enter("approver"), path)
    issued(enter("buyer", path))
    answered(enter("order_desk"), path)
    agreed(enter("buyer"), path)


def test_a_new_line_is_goods_whatever_stands_above_it(enter: Enter) -> None:
    page = enter("requester", "/orders/new")
    page.get_by_label("Show price unit").check()
    net, last = (page.locator(f"td.col-{name}").first.bounding_box() for name in ("net", "match_basis"))
    assert net is not None
    assert last is not None
    assert net["x"] + net["width"] == last["x"] + last["width"], "the net amount stands at the end of its line"
    cell(page, 0, "kind").select_option("service")
    cell(page, 0, "match_basis").select_option("two_way")
    cell(page, 0, "unit").select_option("KGM")
    page.get_by_role("button", name="Add a line").click()
    expect(cell(page, 1, "kind")).to_have_value("goods")
    expect(cell(page, 1, "match_basis")).to_have_value("")
    expect(cell(page, 1, "unit")).to_have_value("KGM")


def entered(page: Page, portal: Portal) -> str:
    """Three lines: one from the catalogue, one with a price of four decimals, one with another tax rate."""
    sound(page)
    page.get_by_label("Supplier", exact=True).select_option(label=portal.supplier)
    expect(page.get_by_text("Agreed: EUR")).to_be_visible()
    cell(page, 0, "item").press_sequentially(portal.item)
    expect(cell(page, 0, "description")).to_have_value("Hex bolt M8")
    expect(cell(page, 0, "unit_price")).to_have_value("0.0731")
    cell(page, 0, "quantity").fill("1000")
    cell(page, 0, "requested_date").fill("2030-05-15")
    page.get_by_role("button", name="Add a line").click()
    expect(cell(page, 1, "item")).to_be_focused()
    expect(cell(page, 1, "requested_date")).to_have_value("2030-05-15")
    for name, value in (("description", "Washer M8"), ("quantity", "7"), ("unit_price", "0.3333")):
        cell(page, 1, name).fill(value)
    cell(page, 1, "unit_price").press("Enter")
    expect(cell(page, 2, "unit_price")).to_be_focused()
    for name, value in (("description", "Handbook"), ("quantity", "1"), ("unit_price", "20"), ("tax_rate", "7")):
        cell(page, 2, name).fill(value)
    cell(page, 2, "tax_rate").press("Tab")
    expect(page.locator("#order-sums")).to_contain_text("Tax 7 % on 20.00 EUR")
    expect(page.locator("#order-sums tfoot")).to_contain_text("111.16")
    sound(page)
    page.get_by_role("button", name="Save and submit").click()
    expect(page.get_by_text("was submitted for approval")).to_be_visible()
    expect(page.locator(".totals tfoot")).to_contain_text("111.16")
    sound(page)
    return page.url.removeprefix(portal.url)


def approved(page: Page, path: str) -> None:
    sound(page)
    page.locator(f"a[href='{path}']").first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("is approved")).to_be_visible()
    sound(page)


def issued(page: Page) -> None:
    page.get_by_role("button", name="Issue to the supplier").click()
    expect(page.get_by_text("was issued")).to_be_visible()
    sound(page)


def answered(page: Page, path: str) -> None:
    sound(page)
    page.locator(f"a[href='{path}']").first.click()
    sound(page)
    page.get_by_role("link", name="Answer line by line").click()
    cell(page, 1, "unit_price").fill("0.32")
    cell(page, 1, "code").select_option("3")
    cell(page, 1, "reason").fill("Price has changed")
    cell(page, 0, "reason").fill("Half of it later")
    page.get_by_role("button", name="Split").first.click()
    cell(page, 1, "promised_date").fill("2030-06-01")
    sound(page)
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("is with the buyer")).to_be_visible()
    sound(page)


def agreed(page: Page, path: str) -> None:
    page.locator(f"a[href='{path}#offer'], a[href='{path}']").first.click()
    offer = page.get_by_role("region", name=re.compile("Counter-offer"))
    expect(offer).to_contain_text("0.32")
    expect(offer).to_contain_text("1 Jun 2030")
    sound(page)
    offer.get_by_role("button", name="Accept the changes").click()
    expect(page.locator(".page-lead")).to_contain_text("revision 2")
    expect(page.locator("#lines")).to_contain_text("500 pcs: 1 Jun 2030")
    sound(page)


def test_cells_of_a_spreadsheet_become_lines_with_totals(enter: Enter, portal: Portal) -> None:
    page = enter("requester", "/orders/new")
    page.get_by_label("Supplier", exact=True).select_option(label=portal.supplier)
    rows = ["\t".join(("", f"Part {n}", "10", "pcs", "1.25", "S", "19", "2030-05-15")) for n in range(5)]
    cell(page, 0, "item").focus()
    page.evaluate(
        """text => { const clipboardData = new DataTransfer(); clipboardData.setData("text/plain", text);
           document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true})); }""",
        "\n".join(rows),
    )
    expect(cell(page, 4, "description")).to_have_value("Part 4")
    expect(cell(page, 4, "unit")).to_have_value("C62")
    expect(page.locator("#order-sums tfoot")).to_contain_text("74.38")


def test_extra_columns_open_and_fit(enter: Enter) -> None:
    page = enter("requester", "/orders/new")
    expect(cell(page, 0, "base_quantity")).to_be_hidden()
    page.get_by_label("Show price unit, discount, kind and match").check()
    expect(cell(page, 0, "base_quantity")).to_be_visible()
    sound(page)


def test_an_order_is_confirmed_with_the_keyboard_alone(enter: Enter, portal: Portal) -> None:
    page = enter("order_desk", portal.paths["issued"])
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Confirm all":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("You commit to every line")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is confirmed as ordered")).to_be_visible()


def test_what_was_emptied_is_not_filled_again_by_the_same_item(enter: Enter, portal: Portal) -> None:
    page = enter("requester", "/orders/new")
    page.get_by_label("Supplier", exact=True).select_option(label=portal.supplier)
    cell(page, 0, "item").press_sequentially(portal.item)
    expect(cell(page, 0, "unit_price")).to_have_value("0.0731")
    cell(page, 0, "unit_price").fill("")
    with page.expect_response("**/orders/new/items*"):
        cell(page, 0, "item").fill(portal.item[:-1])
    with page.expect_response("**/orders/new/items*"):
        cell(page, 0, "item").fill(portal.item)
    expect(cell(page, 0, "description")).to_have_value("Hex bolt M8")
    expect(cell(page, 0, "unit_price")).to_have_value("")
    cell(page, 0, "quantity").fill("10")
    cell(page, 0, "unit_price").fill("0.5")
    cell(page, 0, "unit_price").press("Tab")
    expect(page.locator("#f-lines-0-net")).to_contain_text("5.00")
