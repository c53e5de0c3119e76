"""The log in a browser: what was done in words, before and after side by side, and the way to the record."""

import importlib
import pkgutil

import portal
from portal.audit.fields import FIELDS
from portal.audit.kinds import TABLES
from portal.audit.labels import is_technical
from portal.audit.words import SENTENCES
from portal.orders import commands as orders
from portal.platform.work import Row
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.pages import Page, Reader
from tests.harness.world import accepted_order, draft_order, line, trading_pair

# What scores are made of, which their own pages show; and the log itself.
FACTS = {"schedule_fact", "delivery_fact", "invoice_fact", "scorecard_fact", "supplier_score", "audit_entry"}


async def entry_of(reader: Reader, number: str, words: str) -> Page:
    """The newest entry of a record that is called so."""
    found = await reader.open("/audit", query=number)
    return await reader.open(found.links[words])


async def test_an_entry_says_what_was_done_in_words_and_leads_to_the_record(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await orders.close(company.buyer, order.id)
    reader = Reader(await client_of(company.auditor))

    page = await entry_of(reader, order.number, "Closed the order")

    assert page.status == 200
    assert "purchase-order.closed" in page.text
    assert page.links["Open the record"] == f"/orders/{order.id}"
    assert page.links[order.number] == f"/orders/{order.id}"
    assert "State Accepted Closed" in page.text
    assert "Closed at –" in page.text
    assert "closed_at" not in page.text
    assert "UTC" in page.text.partition("Closed at –")[2][:40]
    before_details, _more, details = page.text.partition("Technical details")
    assert "version" not in before_details
    assert "version" in details


async def test_an_entry_is_chinese_for_a_chinese_auditor(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await orders.close(company.buyer, order.id)
    superuser.execute("update person set language = 'zh-Hans' where id = %s", [company.auditor.person_id])
    reader = Reader(await client_of(company.auditor))

    page = await entry_of(reader, order.number, "关闭订单")

    assert "状态 已接受 已关闭" in page.text
    assert "关闭时间" in page.text
    assert "操作人" in page.text


async def test_a_changed_line_still_has_its_number_its_unit_and_its_currency(client_of):
    company, supplier, order = await delivered_order(line(), line(description="Washer", quantity="5"), accepted=(10, 5))
    invoice = await submitted_invoice(supplier, order)
    reader = Reader(await client_of(company.auditor))

    page = await entry_of(reader, invoice.number, "Sent the invoice")

    assert "Line 2 · Washer Invoiced 0 pcs 5 pcs" in page.text
    created = await entry_of(Reader(await client_of(supplier.auditor)), invoice.number, "Prepared an invoice")
    assert "Total 223.13 EUR" in created.text


async def test_a_new_row_says_only_what_was_filled_in(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, note="Ring twice")
    reader = Reader(await client_of(company.auditor))

    page = await entry_of(reader, order.number, "Entered the order")

    assert "Note to the supplier Ring twice" in page.text
    assert "Despatched 0" not in page.text
    assert "Unit price 12.50 EUR" in page.text
    assert "Werkstrasse 1, Berlin, Germany" in page.text


async def test_entries_are_found_by_what_happened(client_of):
    company, supplier = await trading_pair()
    await accepted_order(company, supplier)
    reader = Reader(await client_of(company.auditor))

    page = await reader.open("/audit", event="purchase-order.approved")

    assert "Approved the order" in page.links
    assert "Entered the order" not in page.links


def test_every_field_that_the_log_shows_has_a_name_for_people():
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name.endswith(".tables"):
            importlib.import_module(module.name)
    tables = {each for each in _rows(Row) if each.table_name() not in FACTS}
    unnamed = {column for each in tables for column in each.column_names() if not is_technical(column)} - FIELDS.keys()
    assert unnamed == set()
    assert {each.table_name() for each in tables} == TABLES.keys()


def test_every_event_has_a_sentence_for_people():
    modules = (module.name for module in pkgutil.walk_packages(portal.__path__, "portal."))
    events = [importlib.import_module(name) for name in modules if name.endswith(".events")]
    codes = {each.code for module in events for each in vars(module).values() if hasattr(each, "code")}
    assert codes - SENTENCES.keys() == set()


def _rows(kind: type[Row]) -> list[type[Row]]:
    return [each for below in kind.__subclasses__() for each in (below, *_rows(below))]
