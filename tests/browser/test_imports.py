"""An import in a browser, all the way: a dirty file, its mapping mended, first rows, trial, mended rows, report."""

from collections.abc import Callable
from pathlib import Path

import pytest
import python_calamine as calamine
import xlsxwriter
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import axe_violations, scrolls_sideways

Enter = Callable[..., Page]
SLOW = 30_000  # milliseconds that a run may take on a busy machine
DIRTY = (
    "Artikel-Nr;Bezeichnung;Mengeneinheit;MwSt\n"
    "B-1;Schraube M8 × 40, verzinkt;Stück;19\n"
    "B-2;Blech 2 mm;kg;siehe Katalog\n"
    "B-3;Lager 6204;Gebinde;19\n"
    ";Ohne Nummer;Stück;19\n"
)


def sound(page: Page) -> None:
    """Accessible in both themes, and no sideways scroll on a phone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe_violations(page) == [], (page.url, scheme)
    assert not scrolls_sideways(page), page.url
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "Artikel März.csv"
    path.write_bytes(DIRTY.encode("latin-1"))
    return path


def test_a_dirty_file_is_imported_in_a_browser(enter: Enter, worker: None, dirty: Path, tmp_path: Path) -> None:
    page = enter("supplier_manager", "/imports")
    sound(page)
    page.get_by_role("link", name="Import", exact=True).click()
    page.locator("[name=files]").set_input_files(dirty)
    sound(page)
    page.get_by_role("button", name="Upload the files").click()
    mapping_proposed_and_mended(page)
    first_rows_with_what_is_wrong(page)
    tried_with_errors(page)
    mended = mended_rows(page, tmp_path)
    imported(page, mended)


def mapping_proposed_and_mended(page: Page) -> None:
    expect(page.locator("[name='items.number.from']")).to_have_value("c:Artikel-Nr", timeout=SLOW)
    expect(page.locator("[name='items.unit.from']")).to_have_value("c:Mengeneinheit")
    sound(page)
    one_value_for_all(page, "items-category")
    row = page.locator("#f-items-tax_rate")
    changed_twice(page, "items.tax_rate.from", "constant", "c:MwSt")
    row.locator("summary").click()
    row.locator("[name='items.tax_rate.rules.0.text']").fill("siehe Katalog")
    expect(row.locator(".map-example")).to_contain_text("19")
    row.locator("[name='items.tax_rate.rules.0.what']").select_option("to")
    row.locator("[name='items.tax_rate.rules.0.to']").fill("7")
    sound(page)
    put_together_and_split(page)
    page.get_by_role("button", name="Show the first rows").click()
    expect(page.locator(".preview-table")).to_contain_text("Schraube M8 × 40, verzinkt (")
    expect(
        page.locator(".preview-table tbody tr").first.get_by_role("cell", name="Schraube", exact=True)
    ).to_be_visible()


def sure(among: Locator, label: str) -> None:
    """Acts in earnest ask first."""
    asked = among.locator("details.ask", has=among.page.locator("summary", has_text=label)).first
    asked.locator("summary").click()
    asked.get_by_role("button", name=label, exact=True).click()


def put_together_and_split(page: Page) -> None:
    row = page.locator("#f-items-name")
    row.locator("summary").click()
    row.get_by_label("Together with").select_option("c:Mengeneinheit")
    row.get_by_label("What stands between them").fill(" (")
    part = page.locator("#f-items-category")
    part.locator("select").first.select_option("c:Bezeichnung")
    expect(part.locator(".map-example")).to_contain_text("Schraube")
    part.get_by_label("Only a part: split by").fill(" ")
    part.get_by_label("Which part: 1, 2, or -1 for the last").fill("1")
    sound(page)


def one_value_for_all(page: Page, part: str) -> None:
    """The choice asks for its value at once."""
    row = page.locator(f"#f-{part}")
    row.locator("select").first.select_option(label="The same for all rows")
    expect(row.get_by_label("Value for all rows, or where the cell is empty")).to_be_visible()
    row.locator("select").first.select_option("")


def changed_twice(page: Page, name: str, first: str, then: str) -> None:
    """Another choice while the answer to the first is still on its way: the last one counts."""
    waiting: list[Route] = []
    page.route("**/mapping/row*", lambda route: waiting.append(route), times=1)
    box = page.locator(f"[name='{name}']")
    box.select_option(first)
    while not waiting:
        page.wait_for_timeout(20)
    box.select_option(then)
    waiting[0].continue_()


def first_rows_with_what_is_wrong(page: Page) -> None:
    preview = page.locator(".preview-table")
    expect(preview).to_contain_text("Schraube M8 × 40, verzinkt")
    expect(preview).to_contain_text("The mapping does not say what this means")
    expect(preview).to_contain_text("This must not be empty.")
    sound(page)


def tried_with_errors(page: Page) -> None:
    page.get_by_role("button", name="Trial run").click()
    expect(page.get_by_text("There are errors, so nothing was changed")).to_be_visible(timeout=SLOW)
    expect(page.locator("#problems")).to_contain_text("Gebinde")
    sound(page)


def mended_rows(page: Page, folder: Path) -> Path:
    """Download the rows that are wrong, correct them as in a spreadsheet program, save."""
    with page.expect_download() as download:
        page.locator("#mend").get_by_role("link", name="Rows to mend (XLSX)").click()
    download.value.save_as(given := folder / "given.xlsx")
    with calamine.CalamineWorkbook.from_path(given) as book:
        name = book.sheet_names[0]
        header, *rows = book.get_sheet_by_name(name).to_python()
    assert [row[1] for row in rows] == ["B-3", ""]
    rows[0][3], rows[1][1] = "XPK", "B-4"
    with xlsxwriter.Workbook(mended := folder / "mended.xlsx") as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return mended


def imported(page: Page, mended: Path) -> None:
    sure(page.locator("#mend"), "Import without these rows")
    expect(page.get_by_text("Imported. Every record names this import")).to_be_visible(timeout=SLOW)
    expect(page.locator("#figures")).to_contain_text("2")
    sound(page)
    page.locator("details", has_text="Keep this mapping").locator("summary").click()
    page.locator("[name=name]").fill("Werkstoffe")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("The mapping is kept as Werkstoffe, version 1.")).to_be_visible()
    page.locator("#mend [name=files]").set_input_files(mended)
    page.get_by_role("button", name="Upload the mended rows").click()
    expect(page.get_by_text("only they are imported from here")).to_be_visible(timeout=SLOW)
    sound(page)
    sure(page.get_by_role("group", name="What you can do"), "Import")
    expect(page.get_by_text("Imported. Every record names this import")).to_be_visible(timeout=SLOW)
    page.goto("/".join(page.url.split("/")[:3]) + "/items?query=B-")
    for number in ("B-1", "B-2", "B-3", "B-4"):
        expect(page.locator("main")).to_contain_text(number)


def test_a_large_upload_shows_how_far_it_is_and_one_too_large_is_not_sent(enter: Enter, tmp_path: Path) -> None:
    page = enter("supplier_manager", "/imports/new")
    large = tmp_path / "large.csv"
    large.write_text("Number;Name;Unit\n" + "".join(f"L-{n};{'x' * 90};C62\n" for n in range(200_000)))
    page.locator("[name=files]").set_input_files(large)
    page.evaluate("document.querySelector('form[data-upload]').dataset.upload = '1000000'")
    page.get_by_role("button", name="Upload the files").click()
    expect(page.get_by_text("larger than 200 MB")).to_be_visible()
    page.evaluate("document.querySelector('form[data-upload]').dataset.upload = '200000000'")
    shown = page.locator("[data-sent] progress")
    page.get_by_role("button", name="Upload the files").click()
    expect(shown).to_be_visible()
    expect(page.get_by_text("Sent. The files are being looked at")).to_be_visible(timeout=SLOW)
    assert shown.evaluate("bar => bar.value") == 100
    page.wait_for_url("**/mapping", timeout=SLOW)
    expect(page.locator("[name='items.name.from']")).to_have_value("c:Name")


def test_a_file_that_is_no_table_is_refused_in_place_with_and_without_scripts(enter: Enter, tmp_path: Path) -> None:
    wrong = tmp_path / "picture.csv"
    wrong.write_bytes(b"\x89PNG\0\0\0")
    for scripts in (True, False):
        page = enter("supplier_manager", "/imports/new", javascript=scripts)
        page.locator("[name=files]").set_input_files(wrong)
        page.get_by_role("button", name="Upload the files").click()
        expect(page.locator(".error-summary")).to_contain_text("picture.csv is no table", timeout=SLOW)
        if scripts:
            sound(page)


def test_who_may_not_bring_orders_reads_why_with_and_without_scripts(enter: Enter, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("PO Number;Supplier;Order Date;Status;Item;Quantity;Unit Price\n1;7;2026-01-02;open;A;1;2\n")
    for scripts in (True, False):
        page = enter("supplier_manager", "/imports/new", javascript=scripts)
        expect(page.get_by_text("are brought by administrators")).to_be_visible()
        page.locator("[name=files]").set_input_files(orders)
        page.get_by_role("button", name="Upload the files").click()
        expect(page.get_by_text("Only administrators bring those")).to_be_visible(timeout=SLOW)


def test_the_way_is_walked_without_scripts_too(enter: Enter, worker: None, dirty: Path) -> None:
    page = enter("supplier_manager", "/imports/new", javascript=False)
    page.locator("[name=files]").set_input_files(dirty)
    page.get_by_role("button", name="Upload the files").click()
    page.get_by_role("button", name="Show the first rows").click()
    page.get_by_role("button", name="Trial run").click()
    expect(page.get_by_text("There are errors, so nothing was changed")).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("path", ["/imports", "/imports/new", "/imports/mappings"])
def test_every_page_of_the_desk_is_sound_in_both_languages(enter: Enter, path: str, language: str) -> None:
    sound(enter("supplier_manager", path, language=language))


def test_progress_survives_a_reload_and_a_run_is_cancelled_in_the_middle(
    enter: Enter, worker: None, tmp_path: Path
) -> None:
    many = tmp_path / "many.csv"
    many.write_text("Number;Name;Unit\n" + "".join(f"M-{n};Bolt {n};C62\n" for n in range(250_000)))
    page = enter("supplier_manager", "/imports/new")
    page.locator("[name=files]").set_input_files(many)
    page.get_by_role("button", name="Upload the files").click()
    page.wait_for_url("**/mapping", timeout=SLOW)
    page.get_by_role("button", name="Show the first rows").click()
    sure(page.get_by_role("group", name="What you can do"), "Import")
    expect(page.locator("#progress progress[value]")).to_be_visible(timeout=SLOW)
    page.reload()
    expect(page.locator("#progress progress[value]")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("many.csv", timeout=SLOW)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("It was cancelled, and nothing was changed")).to_be_visible(timeout=SLOW)
    sound(page)
    page.goto("/".join(page.url.split("/")[:3]) + "/items?query=M-1")
    expect(page.locator("main")).not_to_contain_text("Bolt")
