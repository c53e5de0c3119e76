"""A supplier brings its invoice as a file: it becomes a draft that says the same, and what it cannot say is told."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from portal.documents import pressroom
from portal.platform.einvoice import checking
from tests.harness.invoices import delivered, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.received import INVOICES, brought, carrying, e_traders, edited, own_file
from tests.harness.world import accepted_order, line, selling_company, trading_pair

TWO = (line(description="Hex bolt M8"), line(description="Washer M8", unit_price="0.20", tax_rate="7", discount="5"))


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()
    pressroom.close()


def billed(told: dict[str, Any]) -> list[tuple[str, ...]]:
    """What an invoice bills, without ids."""
    names = ("order_line_id", "quantity", "unit_price", "discount", "net", "tax_category", "tax_rate")
    return [tuple(each[name] for name in names) for each in told["lines"]]


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
async def test_an_invoice_of_the_portal_comes_back_as_the_same_draft(client_of, syntax):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    order, first, file = await own_file(client, company, supplier, *TWO, syntax=syntax)
    answer = await brought(client, file, name="R 1.xml")
    assert answer.status_code == 201, answer.text
    told, before = answer.json(), (await client.get(f"{INVOICES}/{first.id}")).json()
    assert (told["state"], told["number"], told["order"]["id"]) == ("draft", before["number"], str(order.id))
    assert (billed(told), told["totals"], told["taxes"]) == (billed(before), before["totals"], before["taxes"])
    assert [told[name] for name in ("issue_date", "due_date")] == [before[name] for name in ("issue_date", "due_date")]

    kept = (await client.get(f"{INVOICES}/{told['id']}/received")).json()
    assert (kept["syntax"], kept["name"], kept["size"]) == (syntax, "R 1.xml", len(file))
    assert kept["sha256"] == hashlib.sha256(file).hexdigest()
    assert (kept["differences"], kept["left_out"]) == ([], [])
    assert [(each["line"], each["why"], each["differences"]) for each in kept["lines"]] == [
        (1, None, []),
        (2, None, []),
    ]
    saved = await client.get(f"{INVOICES}/{told['id']}/received/content")
    assert (saved.content, saved.headers["content-type"]) == (file, "application/xml")
    assert saved.headers["content-disposition"].startswith("attachment")


async def test_a_hybrid_pdf_comes_back_too_and_the_buyer_gets_it_as_it_came(client_of):
    company, supplier = await e_traders()
    client, payable = await client_of(supplier.billing), await client_of(company.payable)
    order = await accepted_order(company, supplier, *TWO)
    await delivered(company.receiver, order, 10, 10)
    first = await submitted_invoice(supplier, order)
    path = f"{INVOICES}/{first.id}/document.pdf"
    assert (await client.get(path)).status_code == 202
    await run_jobs("documents.render")
    pdf = (await client.get(path)).content
    await payable.post(f"{INVOICES}/{first.id}/reject", json={"reason": "Send it by your own system."})

    told = (await brought(client, pdf)).json()
    here = f"{INVOICES}/{told['id']}/received"
    kept = (await client.get(here)).json()
    assert (kept["media_type"], kept["syntax"], kept["differences"]) == ("application/pdf", "cii", [])
    assert (await payable.get(here)).status_code == 404
    assert (await client.post(f"{INVOICES}/{told['id']}/submit")).json()["match_state"] == "matched"
    assert (await payable.get(here)).json()["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert (await payable.get(f"{here}/content")).content == pdf
    stranger = await client_of((await selling_company()).billing)
    assert [(await stranger.get(each)).status_code for each in (here, f"{here}/content")] == [404, 404]


async def test_the_log_names_the_file_by_its_hash(client_of, superuser):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    told = (await brought(client, file)).json()
    sql = "select body::text from audit_entry where event = 'invoice.created' and subject_id = %s"
    ((said,),) = superuser.execute(sql, [told["id"]]).fetchall()
    assert hashlib.sha256(file).hexdigest() in said


async def test_what_differs_from_the_order_stands_beside_the_draft(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    dearer = edited(
        file, (">12.50<", ">13.50<"), (">125.00<", ">135.00<"), (">23.75<", ">25.65<"), (">148.75<", ">160.65<")
    )
    told = (await brought(client, dearer)).json()
    assert (told["lines"][0]["unit_price"], told["totals"]["gross"]) == ("13.50", "160.65")
    shown = await client.get(f"/invoices/{told['id']}")
    assert "The order says 12.50 EUR." in shown.text
    assert "The invoice says all that the file says." in shown.text


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
async def test_what_was_paid_before_and_what_is_rounded_is_taken_over(client_of, syntax):
    company, supplier = await e_traders()
    client, payable = await client_of(supplier.billing), await client_of(company.payable)
    _order, _first, file = await own_file(client, company, supplier, syntax=syntax)
    changes = {
        "ubl": (
            ("<cbc:PayableAmount", '<cbc:PrepaidAmount currencyID="EUR">48.74</cbc:PrepaidAmount>'
             '<cbc:PayableRoundingAmount currencyID="EUR">-0.01</cbc:PayableRoundingAmount><cbc:PayableAmount'),
            ('PayableAmount currencyID="EUR">148.75<', 'PayableAmount currencyID="EUR">100.00<'),
        ),
        "cii": (
            ("<ram:GrandTotalAmount>", "<ram:RoundingAmount>-0.01</ram:RoundingAmount><ram:GrandTotalAmount>"),
            ("<ram:DuePayableAmount>148.75<", "<ram:TotalPrepaidAmount>48.74</ram:TotalPrepaidAmount>"
             "<ram:DuePayableAmount>100.00<"),
        ),
    }[syntax]  # fmt: skip
    told = await brought(client, edited(file, *changes))
    assert told.status_code == 201, told.text
    sums = told.json()["totals"]
    assert [sums[name] for name in ("gross", "prepaid", "rounding", "due")] == ["148.75", "48.74", "-0.01", "100.00"]
    await client.post(f"{INVOICES}/{told.json()['id']}/submit")
    for reader in (client, payable):
        kept = (await reader.get(f"{INVOICES}/{told.json()['id']}/received")).json()
        assert kept["differences"] == []
        page = (await reader.get(f"/invoices/{told.json()['id']}")).text
        assert "Paid already" in page


async def test_nothing_of_a_file_is_dropped_in_silence(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    more = edited(
        file,
        ("<cbc:DocumentCurrencyCode>", "<cbc:Note>Thank you!</cbc:Note><cbc:DocumentCurrencyCode>"),
        (
            "<cac:ClassifiedTaxCategory>",
            "<cac:OriginCountry><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:OriginCountry>"
            "<cac:ClassifiedTaxCategory>",
        ),
        (
            "<cbc:PaymentMeansCode>57</cbc:PaymentMeansCode>",
            "<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
            "<cbc:ID>DE89370400440532013000</cbc:ID></cac:PayeeFinancialAccount>",
        ),
    )
    answer = await brought(client, more)
    assert answer.status_code == 201, answer.text
    here = f"{INVOICES}/{answer.json()['id']}/received"
    kept = await client.get(here)
    said = {each["term"]: (each["file"], each["invoice"]) for each in kept.json()["differences"]}
    assert said["BG-1"] == ("Thank you!", "")
    assert said["BG-16"] == ("58 · •••• 3000", "57")
    assert kept.json()["left_out"] == [
        {"path": "cac:InvoiceLine/cac:Item/cac:OriginCountry/cbc:IdentificationCode", "text": "FR"}
    ]
    assert "DE8937" not in kept.text
    page = await client.get(f"/invoices/{answer.json()['id']}")
    assert "OriginCountry" in page.text
    assert "DE8937" not in page.text
    assert (await client.get(f"{here}/content")).content == more

    order_desk, payable = await client_of(supplier.order_desk), await client_of(company.payable)
    assert (await order_desk.get(here)).json()["readable"] is False
    assert (await order_desk.get(f"{here}/content")).status_code == 403
    await client.post(f"{INVOICES}/{answer.json()['id']}/submit")
    assert (await payable.get(f"{here}/content")).status_code == 200
    assert (await (await client_of(company.buyer)).get(f"{here}/content")).status_code == 403


async def test_an_account_that_stands_in_a_note_is_an_account_too(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    pay = "<cbc:Note>Pay to DE89 3704 0044 0532 0130 00, please</cbc:Note><cbc:DocumentCurrencyCode>"
    answer = await brought(client, edited(file, ("<cbc:DocumentCurrencyCode>", pay)))
    assert answer.status_code == 201, answer.text
    here = f"{INVOICES}/{answer.json()['id']}/received"
    await client.post(f"{INVOICES}/{answer.json()['id']}/submit")
    buyer, payable = await client_of(company.buyer), await client_of(company.payable)
    told = await buyer.get(here)
    page = await buyer.get(f"/invoices/{answer.json()['id']}")

    assert {each["term"]: each["file"] for each in told.json()["differences"]}["BG-1"] == "Pay to •••• 3000, please"
    assert told.json()["readable"] is False
    assert "3704 0044" not in told.text + page.text
    assert [(await each.get(f"{here}/content")).status_code for each in (buyer, payable)] == [403, 200]


async def test_a_line_that_is_not_of_the_order_stays_out_and_says_why(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier, line(description="Hex bolt"), line(unit_price="1"))
    second = "<cac:OrderLineReference>\n      <cbc:LineID>2</cbc:LineID>"
    strange = edited(file, (second, second.replace(">2<", ">7<")))
    told = (await brought(client, strange)).json()
    assert [each["line"] for each in told["lines"]] == [1]
    kept = (await client.get(f"{INVOICES}/{told['id']}/received")).json()
    assert [(each["line"], each["why"]) for each in kept["lines"]] == [(1, None), (None, "The order has no such line.")]
    assert {"BT-106", "BT-112"} <= {each["term"] for each in kept["differences"]}
    assert "Lines of the file that are not in the invoice" in (await client.get(f"/invoices/{told['id']}")).text


async def test_a_line_without_a_number_is_known_by_its_item_or_its_name(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier, *TWO)
    for number in (1, 2):
        reference = f"<cac:OrderLineReference>\n      <cbc:LineID>{number}</cbc:LineID>\n    </cac:OrderLineReference>"
        file = edited(file, (reference, ""))
    told = (await brought(client, file)).json()
    assert [each["description"] for each in told["lines"]] == ["Hex bolt M8", "Washer M8"]


async def test_the_same_number_again_is_refused_with_the_way_to_the_first(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    first = (await brought(client, file)).json()
    again = await brought(client, file)
    assert (again.status_code, [each["field"] for each in again.json()["errors"]]) == (409, ["number"])
    sent = await client.post("/invoices/document", files={"file": ("r.xml", file, "application/xml")})
    assert sent.status_code == 409
    assert f'href="/invoices/{first["id"]}"' in sent.text


async def test_an_order_of_others_is_an_order_that_is_not_there(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    order, _first, file = await own_file(client, company, supplier)
    theirs = await accepted_order(*await trading_pair())
    nobodys, foreign = [
        await brought(client, edited(file, (f">{order.number}<", f">{number}<"), (">DE136695976<", ">DE811569869<")))
        for number in ("PO-1900-00001", theirs.number)
    ]
    assert (foreign.status_code, nobodys.status_code) == (422, 422)
    said = [answer.json()["errors"][0]["message"] for answer in (nobodys, foreign)]
    assert said[0].replace("PO-1900-00001", "X") == said[1].replace(theirs.number, "X")

    other = await client_of((await selling_company(vat_number="DE811569869")).billing)
    assert (await brought(other, file)).status_code == 422
    buyers = await client_of(company.payable)
    assert (await brought(buyers, file)).status_code == 403


async def test_a_file_that_names_no_order_asks_for_one(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    order, _first, file = await own_file(client, company, supplier)
    blank = edited(file, (f"<cbc:ID>{order.number}</cbc:ID>", "<cbc:ID>NA</cbc:ID>"))
    unknown = await brought(client, blank)
    assert unknown.json()["errors"][0]["field"] == "order"
    none = edited(file, (f"<cac:OrderReference>\n    <cbc:ID>{order.number}</cbc:ID>\n  </cac:OrderReference>", ""))
    assert (await brought(client, none)).json()["errors"][0]["field"] == "order"
    assert (await brought(client, none, order="PO\x00")).status_code == 422
    assert (await brought(client, none, order=order.number)).status_code == 201


async def test_a_discarded_draft_takes_its_file_along_and_a_sent_one_keeps_it(client_of, superuser):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier)
    count = "select count(*) from received_invoice where invoice_id = %s"
    gone = (await brought(client, file)).json()["id"]
    assert (await client.delete(f"{INVOICES}/{gone}")).status_code == 204
    assert superuser.execute(count, [gone]).fetchone() == (0,)
    kept = (await brought(client, file)).json()["id"]
    await client.post(f"{INVOICES}/{kept}/submit")
    assert superuser.execute(count, [kept]).fetchone() == (1,)


async def test_a_pdf_of_another_name_for_its_file_is_opened_and_one_without_is_told(client_of):
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, cii = await own_file(client, company, supplier, syntax="cii")
    without = await brought(client, carrying(b"<a/>", "notes.xml"))
    assert without.status_code == 422
    assert "carries no e-invoice inside" in without.text
    assert (await brought(client, carrying(cii, "ZUGFeRD-Invoice.xml"))).status_code == 201
