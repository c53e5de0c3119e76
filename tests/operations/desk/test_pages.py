"""The import's pages in a browser without scripts: upload, what means what, first rows, trial, mended rows, report."""

import io

import xlsxwriter

from portal.operations.desk.commands.start import RUN
from tests.harness.jobs import run_jobs
from tests.harness.pages import Page, Reader
from tests.harness.world import a_colleague, buying_company
from tests.operations.desk.nordwerk import BAD_SUPPLIERS, brought, mapped, ran, sent, workbook_of
from tests.operations.nordwerk import ITEMS, MAPPING, SUPPLIERS, records

DIRTY = (
    "Lieferanten-Nr;Firma;Land;Ort;Zahlungsziel\n"
    "70001;Müller & Söhne;Deutschland;Köln;30\n"
    "70002;Åkesson AB;SE;Malmö;sofort\n"
    "70003;Bad & Co;XX;Bonn;14\n"
)


async def test_a_dirty_file_goes_all_the_way_without_a_script(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.supplier_manager))
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Lieferanten.csv", DIRTY)])
    assert "Column mapping" in mapping.text
    form = mapping.form("/mapping")
    assert form.values["suppliers.number.from"] == "c:Lieferanten-Nr"
    assert form.values["suppliers.payment_days.from"] == "c:Zahlungsziel"
    assert "Columns without a use" not in mapping.text

    rows = await reader.send(mapping, "/mapping", suppliers__state__from="constant", suppliers__state__value="approved")
    assert "Müller & Söhne" in rows.text
    assert "This is not a whole number from 0 to 365." in rows.text
    tried = await run(reader, rows, trial=True)
    assert "There are errors, so nothing was changed" in tried.text
    assert "The mapping does not say what this means" in tried.text

    import_path = rows.form("/start").action.removesuffix("/start")
    book = await reader.client.get(f"{import_path}/corrections.xlsx")
    assert workbook_of(book.content)["1 Lieferanten"][1][1] == "70002"
    mended = mended_book([["70002", "Åkesson AB", "SE", "Malmö", "0"], ["70003", "Good & Co", "DE", "Bonn", "14"]])
    again = await sent(reader, import_path, "/corrections", files=[("mended.xlsx", mended)])
    assert "only they are imported from here" in again.text
    first = await run(reader, again, trial=False)
    assert "Imported. Every record names this import" in first.text
    assert await names(company) == ["70002 Åkesson AB", "70003 Good & Co"]

    rest = await run(reader, await reader.open(import_path), trial=False, leave_out="1")
    assert "Rows that were left out" in rest.text
    assert await names(company) == ["70001 Müller & Söhne", "70002 Åkesson AB", "70003 Good & Co"]
    listed = await reader.open("/imports")
    assert listed.text.count("Lieferanten.csv") == 1
    assert "Mended rows, brought again" in (await reader.open(import_path)).text


async def test_what_is_wrong_with_the_mapping_is_said_at_its_field_and_nothing_typed_is_lost(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.supplier_manager))
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Artikel.csv", ITEMS)])
    answer = await reader.send(
        mapping,
        "/mapping",
        items__number__from="",
        items__tax_rate__from="constant",
        items__tax_rate__value="viel",
        format__thousands=mapping.form("/mapping").values["format.decimal"],
        items__name__prefix="DEMO ",
    )
    assert answer.status == 422
    for sentence in ("This field is needed", "This is not a number", "This is the decimal mark already."):
        assert sentence in answer.text
    assert answer.form("/mapping").values["items.tax_rate.value"] == "viel"
    assert answer.form("/mapping").values["items.name.prefix"] == "DEMO "


async def test_words_of_the_file_are_mapped_and_texts_that_are_no_value_get_a_rule(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.supplier_manager))
    text = "Nr;Bezeichnung;ME;MwSt\nA-1;Schraube;Gebinde;19\nA-2;Blech;kg;siehe oben\n"
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Artikel.csv", text)], kind="items")
    form = mapping.form("/mapping")
    theirs = {value: name for name, value in form.values.items() if name.startswith("items.unit.map.")}
    place = theirs["Gebinde"].removesuffix(".theirs")
    kilograms = theirs["kg"].removesuffix(".theirs")
    shown = await reader.send(
        mapping,
        "/mapping",
        **{
            f"{place}.ours": "XPK",
            f"{kilograms}.ours": "KGM",
            "items.tax_rate.from": "c:MwSt",
            "items.tax_rate.rules.0.text": "siehe oben",
            "items.tax_rate.rules.0.what": "to",
            "items.tax_rate.rules.0.to": "7",
        },
    )
    assert "XPK" in shown.text
    done = await run(reader, shown, trial=False)
    assert "1 × 'siehe oben' in MwSt of Artikel.csv → '7'" in done.text
    rows = await records(company, "select unit, tax_rate::text from item order by number")
    assert [tuple(row.values()) for row in rows] == [("XPK", "19"), ("KGM", "7")]


async def test_a_file_in_another_encoding_is_read_anew_when_its_mapping_says_so(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.supplier_manager))
    polish = "Numer;Nazwa części;Jednostka miary\nA-1;Śruba;C62\n".encode("cp1250")
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Części.csv", polish)], kind="items")
    assert "części" not in mapping.html
    answer = await reader.send(mapping, "/mapping", format__encoding="cp1250")
    assert "Nazwa części" in answer.html  # its columns are known once it is read as it is written
    assert answer.form("/mapping").values["format.encoding"] == "cp1250"


async def test_a_file_is_read_as_the_mapping_that_is_brought_says(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.supplier_manager))
    russian = "Номер;Название;Единица\nA-1;Болт;C62\n".encode("koi8-r")
    mapping = await sent(reader, "/imports/new", "/imports", files=[("болты.csv", russian)], kind="items")
    import_path = mapping.form("/mapping").action.removesuffix("/mapping")
    fields = '[items.fields]\nnumber = "Номер"\nname = "Название"\nunit = "Единица"\n'
    text = f'name = "x"\n[format]\nencoding = "koi8-r"\n[items]\nfile = "*.csv"\n{fields}'
    shown = await sent(reader, import_path, "/mapping-file", mapping=("m.toml", text))
    assert "Болт" in shown.text


async def test_everything_is_proposed_out_of_one_file_if_that_is_asked_for(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.administrator))
    rows = "PO;Supplier;Supplier name;Country;Item;Description;Unit;Qty;Price;Order date;Delivered\n"
    rows += "1;70001;Müller;DE;A-1;Bolt;C62;10;1.50;2026-06-02;2026-06-20\n"
    asked = await sent(reader, "/imports/new", "/imports", files=[("all.csv", rows)], kind="all")
    chosen = asked.form("/mapping").values
    assert (chosen["suppliers.name.from"], chosen["items.number.from"]) == ("c:Supplier name", "c:Item")
    assert (chosen["orders.number.from"], chosen["lines.quantity.from"]) == ("c:PO", "c:Qty")
    shown = await reader.send(asked, "/mapping")
    assert all(f"First rows: {part}" in shown.text for part in ("Suppliers", "Items", "Orders", "Order lines"))


async def test_of_several_files_each_is_proposed_for_what_it_says(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.administrator))
    files = [("Lieferanten.csv", SUPPLIERS), ("Artikel.csv", ITEMS)]
    asked = await sent(reader, "/imports/new", "/imports", files=files, kind="all")
    chosen = asked.form("/mapping").values
    assert {name.split(".")[0] for name in chosen if name.endswith(".from")} == {"suppliers", "items"}
    assert (chosen["suppliers.source"], chosen["items.source"]) == ("0", "1")


async def test_a_run_is_shown_while_it_waits_and_can_be_cancelled_then(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    await mapped(client, made["id"], "items")
    reader = Reader(client)
    waiting = await reader.send(await reader.open(f"/imports/{made['id']}"), "/start", trial="1")
    assert "Waiting for its turn" in waiting.text
    assert '<meta http-equiv="refresh" content="3">' in waiting.html
    assert not waiting.offers("/start")
    stopped = await reader.send(waiting, "/cancel")
    assert "It was cancelled, and nothing was changed" in stopped.text
    await run_jobs(RUN)
    assert "It was cancelled" in (await reader.open(f"/imports/{made['id']}")).text


async def test_who_opened_the_page_before_somebody_else_changed_it_starts_nothing(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    await mapped(client, made["id"], "items")
    reader = Reader(client)
    page = await reader.open(f"/imports/{made['id']}")
    colleague = await client_of(await a_colleague(company, "supplier_manager"))
    await mapped(colleague, made["id"], "items", MAPPING.replace("19", "7"))
    answer = await reader.send(page, "/start", trial="")
    assert answer.status == 412


async def test_problems_are_narrowed_and_paged_on_the_page(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    many = SUPPLIERS + "".join(f"8{n:04d};Firm {n};XX;Ulm\n" for n in range(60))
    made = await brought(client, ("Lieferanten.csv", many))
    await mapped(client, made["id"], "suppliers")
    await ran(client, made["id"])
    reader = Reader(client)
    first = await reader.open(f"/imports/{made['id']}")
    assert first.text.count("Enter a country") >= 50
    second = await reader.open(f"/imports/{made['id']}", severity="error", after="50")
    assert second.text.count("Enter a country") < first.text.count("Enter a country")
    assert (await reader.open(f"/imports/{made['id']}", after="9" * 20)).status == 200
    assert (await reader.open(f"/imports/{made['id']}", severity="warning")).text.count("Enter a country") <= 20


async def test_another_kind_proposes_other_columns(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.supplier_manager))
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Artikel.csv", ITEMS)])
    assert "items.unit.from" in mapping.form("/mapping").values
    other = await reader.send(mapping, "/choose", kind="suppliers")
    assert "suppliers.name.from" in other.form("/mapping").values


async def test_a_row_is_drawn_anew_for_the_column_that_was_chosen(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    reader = Reader(client)
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Artikel.csv", ITEMS)])
    form = mapping.form("/mapping")
    typed = form.values | {"items.unit.from": "c:Bezeichnung"}
    answer = Page(await client.post(f"{form.action}/row?field=items.unit", data=typed))
    assert answer.status == 200
    assert "Schraube M8" in answer.html
    assert 'name="items.unit.map.0.theirs"' in answer.html
    assert (await client.post(f"{form.action}/row?field=items.nothing", data=typed)).status_code == 404


async def test_files_are_added_and_removed_and_the_mapping_follows(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.administrator))
    orders = "Bestellnummer;Lieferant;Datum;Status\n1;70001;02.06.2026;accepted\n"
    lines = "Bestellnummer;Pos;Artikel;Menge;Preis\n1;10;A-1;5;1,50\n"
    mapping = await sent(reader, "/imports/new", "/imports", files=[("Kopf.csv", orders)], kind="orders")
    import_path = mapping.form("/mapping").action.removesuffix("/mapping")
    added = await sent(reader, import_path, "/files", files=[("Positionen.csv", lines)])
    values = (await reader.open(f"{import_path}/mapping")).form("/mapping").values
    assert (values["orders.source"], values["lines.source"]) == ("0", "1")
    assert values["lines.quantity.from"] == "c:Menge"
    remove = next(form.action for form in added.forms if form.action.endswith("/remove"))
    gone = await reader.send(added, remove)
    assert gone.text.count("SHA-256") == 1


async def test_an_empty_list_says_what_to_do(client_of):
    company = await buying_company()
    assert "Nothing was imported yet" in (await Reader(await client_of(company.auditor)).open("/imports")).text
    page = await Reader(await client_of(company.supplier_manager)).open("/imports")
    assert page.links["Import"] == "/imports/new"


async def test_prices_in_a_file_are_for_who_may_read_prices_and_for_who_brought_it(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    prices = "Lieferant;Artikel;Preis;Per;ME;Ab;Gueltig\n70001;A-1;1,2345;100;Stk;1;01.01.2026\n"
    made = await brought(client, ("Preise.csv", prices))
    await mapped(client, made["id"], "prices")
    await ran(client, made["id"])
    administrator = await client_of(company.administrator)
    shown = await Reader(administrator).open(f"/imports/{made['id']}")
    assert "What stands in these files is not for your role" in shown.text
    assert "1.2345" not in shown.html
    for path in ("errors.csv", "corrections.xlsx", "mapping"):
        assert (await administrator.get(f"/imports/{made['id']}/{path}")).status_code == 403
    assert (await administrator.get(f"/api/v1/imports/{made['id']}/problems")).status_code == 403
    assert "1.2345" in (await Reader(client).open(f"/imports/{made['id']}")).html


async def run(reader: Reader, page: Page, *, trial: bool, **fields: str) -> Page:
    """Press the button, let the worker do it, look again."""
    waiting = await reader.send(page, "/start", trial="1" if trial else "", **fields)
    assert waiting.status == 200, waiting.text
    await run_jobs(RUN)
    return await reader.open(page.form("/start").action.removesuffix("/start"))


def mended_book(rows: list[list[str]]) -> bytes:
    """The workbook as somebody saves it who corrected its rows."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("1 Lieferanten")
        header = ["What is wrong", "Lieferanten-Nr", "Firma", "Land", "Ort", "Zahlungsziel"]
        for number, row in enumerate([header, *(["see mail", *row] for row in rows)]):
            sheet.write_row(number, 0, row)
    return data.getvalue()


async def names(company) -> list[str]:
    rows = await records(company, "select supplier_number, supplier_name from trading_relationship order by 1")
    return [" ".join(row.values()) for row in rows]


async def test_a_file_of_suppliers_with_errors_offers_all_ways_on(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    await ran(client, made["id"])
    page = await Reader(client).open(f"/imports/{made['id']}")
    assert {"All errors (CSV)", "Rows to mend (XLSX)"} <= page.links.keys()
    assert page.offers("/corrections")
    assert page.offers("/discard")
