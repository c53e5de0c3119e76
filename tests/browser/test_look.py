"""Components as people meet them: readable, by keyboard, on a phone, in both themes and languages, unscripted too."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe_violations, scrolls_sideways

PAGES = (
    "home",
    "orders",
    "order",
    "entry",
    "respond",
    "score",
    "parts",
    "empty",
    "profile",
    "403",
    "409",
    "422",
    "500",
)
PLAIN = ("plain/sign-in", "plain/wrong", "plain/404")
LOOKS = (("light", "en", 1280), ("dark", "en", 360), ("light", "zh-Hans", 360), ("dark", "zh-Hans", 1280))


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
@pytest.mark.parametrize("name", PAGES + PLAIN)
def test_every_page_is_accessible_and_fits_a_phone(
    open_page: OpenPage, gallery: str, name: str, theme: str, language: str, width: int
) -> None:
    page = open_page(f"{gallery}/{name}?theme={theme}&language={language}", width=width)
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)


def test_what_opens_is_accessible_too(open_page: OpenPage, gallery: str) -> None:
    for width in (1280, 360):
        page = open_page(f"{gallery}/order?theme=dark", width=width)
        for menu in page.locator("summary:visible").all():
            menu.click()
            assert axe_violations(page) == []
            assert not scrolls_sideways(page, width)
            page.keyboard.press("Escape")


def test_the_theme_follows_the_system_without_a_script(open_page: OpenPage, gallery: str) -> None:
    shades = []
    for dark in (False, True):
        page = open_page(f"{gallery}/home", dark=dark, javascript=False)
        shades.append(page.locator("body").evaluate("b => getComputedStyle(b).backgroundColor"))
    assert shades[0] != shades[1]


def test_slash_leads_to_the_search_but_not_while_typing(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/entry")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("PO/1")
    expect(page.locator("#search")).to_have_value("PO/1")


def test_a_problem_is_told_first_and_leads_to_its_field(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/entry")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Say what is ordered").click()
    expect(page.locator("[name='lines.1.description']")).to_be_focused()
    told = page.locator("[name='lines.1.description']").get_attribute("aria-describedby")
    expect(page.locator(f"#{told}")).to_have_text("Description: Say what is ordered")


def test_a_line_comes_and_goes_without_a_script(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/entry", javascript=False)
    page.get_by_role("button", name="Add a line").click()
    assert row_names(page) == ["lines.0.quantity", "lines.1.quantity", "lines.2.quantity"]
    page.get_by_role("button", name="Remove line 1").click()
    assert row_names(page) == ["lines.0.quantity", "lines.1.quantity"]
    expect(page.locator("[name='lines.0.unit_price']")).to_have_value("3.9155")
    expect(page.locator("[name=note]")).to_have_value("Please deliver to gate 4.\nRing twice.")


def test_enter_goes_down_and_begins_a_new_line(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/entry")
    page.locator("[name='lines.0.quantity']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='lines.1.quantity']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[name='lines.2.quantity']")).to_be_focused()
    assert page.locator("[name='lines.2.quantity']").get_attribute("aria-label") == "Quantity, line 3"
    page.get_by_role("button", name="Remove line 2").click()
    assert row_names(page) == ["lines.0.quantity", "lines.1.quantity"]


def test_cells_of_a_spreadsheet_are_pasted_over_lines_and_columns(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/entry")
    cells = "Washer\t500\tkg\t0.02\r\nNut\t20\tpcs\t0.5\r\nPin\t3\tH87\t7\r\n"
    page.locator("[name='lines.1.description']").evaluate(
        """(cell, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        cells,
    )
    assert row_names(page) == [f"lines.{n}.quantity" for n in range(4)]
    for name, value in (("1.unit", "KGM"), ("2.description", "Nut"), ("2.unit", "H87"), ("3.unit_price", "7")):
        expect(page.locator(f"[name='lines.{name}']")).to_have_value(value)


def test_a_refusal_of_a_piece_of_the_page_is_a_note_in_the_corner(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/parts")
    page.get_by_role("button", name="Try what is refused").click()
    expect(page.locator("#notes")).to_contain_text("This cannot be done now")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Close this note").click()
    expect(page.locator("#notes .note")).to_have_count(0)


def test_a_document_being_made_becomes_its_download(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/parts")
    expect(page.locator("#asked progress")).to_be_visible()
    with page.expect_download() as opened:
        expect(page.locator("#asked").get_by_role("link", name="PDF")).to_be_visible()
    assert opened.value.url.endswith("/gallery/file")


def test_a_final_act_asks_first_and_can_be_left_by_keyboard(open_page: OpenPage, gallery: str) -> None:
    page = open_page(f"{gallery}/order")
    question = page.get_by_text("This cannot be undone.")
    expect(question).not_to_be_visible()
    page.locator("summary", has_text="Cancel").focus()
    page.keyboard.press("Enter")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).not_to_be_visible()
    expect(page.locator("summary", has_text="Cancel")).to_be_focused()


def row_names(page: Page) -> list[str]:
    cells = page.locator("tbody [name$='.quantity']")
    return [cell.get_attribute("name") or "" for cell in cells.all()]
