"""A supplier brings its credit note as a file: it becomes a draft for the invoice that it refers back to."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
import pytest

from portal.documents import pressroom
from portal.invoicing import commands
from portal.platform import vault
from portal.platform.einvoice import checking
from portal.platform.settings import override
from tests.harness.credits import billed_lines, corrected, credit_body, returned
from tests.harness.invoices import delivered, submitted_invoice
from tests.harness.pages import Page
from tests.harness.received import INVOICES, carrying, e_traders, edited
from tests.harness.world import accepted_order, line, selling_company

CREDITS = "/api/v1/credit-notes"
TWO = (line(description="Hex bolt M8"), line(description="Washer M8", unit_price="0.20", tax_rate="7", discount="5"))


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()
    pressroom.close()


class Trade(NamedTuple):
    """An invoice that the buyer has, and its supplier at work."""

    company: Any
    supplier: Any
    client: Any
    invoice: Any
    lines: list[Any]


async def invoiced(client_of) -> Trade:
    company, supplier = await e_traders()
    order = await accepted_order(company, supplier, *TWO)
    await delivered(company.receiver, order, 10, 10)
    invoice = await submitted_invoice(supplier, order)
    lines = await billed_lines(supplier.billing, invoice.id)
    return Trade(company, supplier, await client_of(supplier.billing), invoice, lines)


async def own_file(trade: Trade, kind: str, *lines: dict[str, Any], syntax: str = "ubl") -> tuple[Any, bytes]:
    """A credit note that the portal wrote and the buyer refused, so its number is free again; and its file."""
    body = credit_body(trade.invoice, kind, *lines)
    note = (await trade.client.post(CREDITS, json=body)).json()
    await trade.client.post(f"{CREDITS}/{note['id']}/submit")
    file = (await trade.client.get(f"{CREDITS}/{note['id']}/document.xml", params={"syntax": syntax})).content
    await commands.reject_credit(trade.company.payable, note["id"], "Send it by your own system.")
    return note, file


async def brought(client: Any, file: bytes, **said: str) -> Any:
    return await client.post(f"{CREDITS}/document", content=file, params=said, headers={"content-type": "text/plain"})


def given_back(note: dict[str, Any]) -> list[tuple[str, ...]]:
    names = ("invoice_line_id", "quantity", "unit_price", "net", "booked", "tax_category", "tax_rate")
    return [tuple(each[name] for name in names) for each in note["lines"]]


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@pytest.mark.parametrize("kind", ["goods", "price", "whole"])
async def test_a_credit_note_of_the_portal_comes_back_as_the_same_draft(client_of, syntax, kind):
    trade = await invoiced(client_of)
    lines = {
        "goods": [returned(trade.lines[0], "4"), returned(trade.lines[1], "1.5")],
        "price": [corrected(trade.lines[0], "12")],
        "whole": [],
    }[kind]
    first, file = await own_file(trade, kind, *lines, syntax=syntax)
    answer = await brought(trade.client, file, name="G 1.xml")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["state"], told["number"], told["kind"]) == ("draft", first["number"], kind)
    assert told["invoice_id"] == str(trade.invoice.id)
    assert (given_back(told), told["totals"], told["reason"]) == (given_back(first), first["totals"], first["reason"])

    here = f"{CREDITS}/{told['id']}/received"
    kept = (await trade.client.get(here)).json()
    assert (kept["syntax"], kept["name"], kept["size"]) == (syntax, "G 1.xml", len(file))
    assert (kept["differences"], kept["left_out"]) == ([], [])
    assert [each["differences"] for each in kept["lines"]] == [[] for _line in told["lines"]]
    assert (await trade.client.get(f"{here}/content")).content == file
    page = await trade.client.get(f"/credit-notes/{told['id']}")
    assert "The credit note says all that the file says." in page.text


async def test_the_buyer_gets_it_as_it_came_and_nobody_else_does(client_of, superuser):
    trade = await invoiced(client_of)
    _first, cii = await own_file(trade, "goods", returned(trade.lines[0], "4"), syntax="cii")
    pdf = carrying(cii)
    told = (await brought(trade.client, pdf)).json()
    here, payable = f"{CREDITS}/{told['id']}/received", await client_of(trade.company.payable)
    assert (await payable.get(here)).status_code == 404
    assert (await trade.client.post(f"{CREDITS}/{told['id']}/submit")).json()["state"] == "submitted"
    kept = (await payable.get(here)).json()
    assert (kept["sha256"], kept["media_type"]) == (hashlib.sha256(pdf).hexdigest(), "application/pdf")
    assert (await payable.get(f"{here}/content")).content == pdf
    assert (await payable.get(f"/credit-notes/{told['id']}/received/file")).content == pdf
    stranger = await client_of((await selling_company()).billing)
    assert [(await stranger.get(each)).status_code for each in (here, f"{here}/content")] == [404, 404]
    sql = "select body::text from audit_entry where event = 'credit-note.created' and subject_id = %s"
    ((said,),) = superuser.execute(sql, [told["id"]]).fetchall()
    assert hashlib.sha256(pdf).hexdigest() in said


async def test_what_differs_stands_beside_the_draft(client_of):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "goods", returned(trade.lines[0], "4"))
    noted = ("<cbc:DocumentCurrencyCode>", "<cbc:Note>Pay to DE89370400440532013000</cbc:Note>"
             "<cbc:DocumentCurrencyCode>")  # fmt: skip
    start, end = file.index(b"<cac:BillingReference>"), file.index(b"</cac:BillingReference>")
    undated = re.sub(rb"<cbc:IssueDate>[^<]*</cbc:IssueDate>", b"", file[start:end])
    answer = await brought(trade.client, edited(file[:start] + undated + file[end:], noted))
    assert answer.status_code == 201, answer.text
    kept = (await trade.client.get(f"{CREDITS}/{answer.json()['id']}/received")).json()
    assert {each["term"] for each in kept["differences"]} == {"BG-1"}
    assert "DE8937" not in str(kept) + str(answer.json())
    page = await trade.client.get(f"/credit-notes/{answer.json()['id']}")
    assert "What the file says otherwise" in page.text
    order_desk = await client_of(trade.supplier.order_desk)
    here = f"{CREDITS}/{answer.json()['id']}/received"
    assert (await order_desk.get(f"{here}/content")).status_code == 403


async def test_a_lower_price_is_what_is_given_back_and_whoever_brings_it_may_say_otherwise(client_of):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "price", corrected(trade.lines[0], "12", quantity="4"))
    told = (await brought(trade.client, file)).json()
    assert (told["kind"], told["lines"][0]["quantity"], told["lines"][0]["unit_price"]) == ("price", "4", "0.50")
    await trade.client.delete(f"{CREDITS}/{told['id']}")
    asked = (await brought(trade.client, file, kind="goods")).json()
    assert (asked["kind"], asked["lines"][0]["unit_price"]) == ("goods", "12.50")
    kept = (await trade.client.get(f"{CREDITS}/{asked['id']}/received")).json()
    assert ("BT-146", "0.5", "12.5") in [
        (each["term"], each["file"].rstrip("0"), each["invoice"].rstrip("0"))
        for each in kept["lines"][0]["differences"]
    ]
    await trade.client.delete(f"{CREDITS}/{asked['id']}")
    assert (await brought(trade.client, file, kind="gift")).json()["errors"][0]["field"] == "kind"


async def test_goods_and_prices_in_one_file_are_two_credit_notes(client_of):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "goods", returned(trade.lines[0], "4"), returned(trade.lines[1], "5"))
    mixed = edited(file, (">12.50<", ">10.00<"), (">50.00<", ">40.00<"), (">50.95<", ">40.95<"), (">9.50<", ">7.60<"),
                   (">9.57<", ">7.67<"), (">60.52<", ">48.62<"))  # fmt: skip
    answer = await brought(trade.client, mixed)
    assert answer.status_code == 422, answer.text
    assert "Bring a credit note for each." in answer.text


async def test_more_than_was_billed_is_refused_at_the_line_of_the_file(client_of):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "goods", returned(trade.lines[0], "8"))
    await trade.client.post(CREDITS, json=credit_body(trade.invoice, "goods", returned(trade.lines[0], "5")))
    [other] = (await trade.client.get(CREDITS, params={"state": "draft"})).json()["items"]
    assert (await trade.client.post(f"{CREDITS}/{other['id']}/submit")).status_code == 200
    answer = await brought(trade.client, file)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "lines.0.quantity")
    assert "5 can still be credited" in answer.text


async def test_a_file_that_names_no_invoice_asks_for_one_and_none_of_others_is_told(client_of):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "goods", returned(trade.lines[0], "4"))
    other = await invoiced(client_of)
    named = f"<cbc:ID>{trade.invoice.number}</cbc:ID>"
    said = [
        (await brought(trade.client, edited(file, (named, f"<cbc:ID>{number}</cbc:ID>")))).json()["errors"][0]
        for number in ("R-1900", other.invoice.number)
    ]
    assert {each["field"] for each in said} == {"invoice"}
    assert said[0]["message"].replace("R-1900", "X") == said[1]["message"].replace(other.invoice.number, "X")
    start, end = file.index(b"<cac:BillingReference>"), file.index(b"</cac:BillingReference>")
    none = file[:start] + file[end + len(b"</cac:BillingReference>") :]
    assert (await brought(trade.client, none)).json()["errors"][0]["field"] == "invoice"
    assert (await brought(trade.client, none, invoice="R\x00")).status_code == 422
    assert (await brought(trade.client, none, invoice=trade.invoice.number)).status_code == 201
    assert (await brought(await client_of(trade.company.payable), file)).status_code == 403
    assert (await brought(other.client, file)).status_code == 422


async def test_each_kind_of_document_has_its_own_way_in(client_of):
    trade = await invoiced(client_of)
    _first, credit = await own_file(trade, "goods", returned(trade.lines[0], "4"))
    invoice = (await trade.client.get(f"{INVOICES}/{trade.invoice.id}/document.xml")).content
    assert "This is an invoice." in (await brought(trade.client, invoice)).text
    wrong = await trade.client.post(f"{INVOICES}/document", content=credit, headers={"content-type": "text/plain"})
    assert "This is a credit note." in wrong.text


async def test_a_page_takes_it_says_what_is_wrong_and_leads_to_the_one_of_that_number(client_of, superuser):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "whole")
    files = {"file": ("g.xml", file, "application/xml")}
    assert "Credit note by a file" in (await trade.client.get("/credit-notes")).text
    made = await trade.client.post("/credit-notes/document", files=files, data={"kind": ""})
    assert made.status_code == 303, Page(made).text
    credit_id = made.headers["location"].rpartition("/")[2].partition("?")[0]
    again = await trade.client.post("/credit-notes/document", files=files)
    assert again.status_code == 409
    assert f'href="/credit-notes/{credit_id}"' in again.text
    nothing = await trade.client.post("/credit-notes/document", files={"file": ("g.xml", b"<a/>", "application/xml")})
    assert nothing.status_code == 422
    count = "select count(*) from received_credit_note where credit_note_id = %s"
    assert superuser.execute(count, [credit_id]).fetchone() == (1,)
    assert (await trade.client.delete(f"{CREDITS}/{credit_id}")).status_code == 204
    assert superuser.execute(count, [credit_id]).fetchone() == (0,)


async def test_the_file_lies_sealed_and_never_changes(client_of, superuser):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "whole")
    told = (await brought(trade.client, file)).json()
    found = "select data_key, sealed from received_credit_note where credit_note_id = %s"
    key, sealed = superuser.execute(found, [told["id"]]).fetchone()
    assert b"CreditNote" not in sealed
    assert vault.open_file(vault.unwrap(f"received-file {told['id']}", key), "content", sealed) == file
    for change in ("sealed = 'x'", "data_key = 'x'", "name = 'other'", "lines = '[]'"):
        with pytest.raises(psycopg.errors.CheckViolation), superuser.transaction():
            superuser.execute(
                f"update received_credit_note set {change} where credit_note_id = %s".encode(), [told["id"]]
            )


async def test_a_ring_that_turns_wraps_its_key_anew_and_leaves_the_file(client_of, superuser, turned):
    trade = await invoiced(client_of)
    _first, file = await own_file(trade, "whole")
    told = (await brought(trade.client, file)).json()
    found = "select data_key, sealed from received_credit_note where credit_note_id = %s"
    before = superuser.execute(found, [told["id"]]).fetchone()
    fresh, _done = await turned()
    after = superuser.execute(found, [told["id"]]).fetchone()
    assert (after[0] == before[0], after[1] == before[1]) == (False, True)
    with override(secret_keys=(fresh,)):
        assert (await trade.client.get(f"{CREDITS}/{told['id']}/received/content")).content == file


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
async def test_lines_that_look_alike_are_told_apart_by_the_order_lines_that_they_were_billed_for(client_of, syntax):
    company, supplier = await e_traders()
    order = await accepted_order(company, supplier, line(), line())
    await delivered(company.receiver, order, 10, 10)
    invoice = await submitted_invoice(supplier, order)
    lines = await billed_lines(supplier.billing, invoice.id)
    trade = Trade(company, supplier, await client_of(supplier.billing), invoice, lines)
    first, file = await own_file(trade, "goods", returned(lines[1], "4"), syntax=syntax)
    reference = {"ubl": b"OrderLineReference", "cii": b"BuyerOrderReferencedDocument"}[syntax]
    assert (await checking.findings(file), reference in file) == ([], True)

    told = await brought(trade.client, file)
    assert (told.status_code, given_back(told.json())) == (201, given_back(first))
    assert told.json()["lines"][0]["invoice_line_id"] == str(lines[1])
