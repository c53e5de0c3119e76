"""Invoicing in a browser without a script: plain forms, nothing typed is lost, both sides see their own."""

import re

from portal.orders import commands as orders
from tests.harness.deliveries import despatched_goods
from tests.harness.invoices import (
    TODAY,
    billed,
    delivered,
    delivered_order,
    draft_invoice,
    lines_of,
    submitted_invoice,
)
from tests.harness.world import accepted_order, issued_order, line, trading_pair


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the page's form: its inputs and chosen options, as they stand."""
    sent = {}
    main = page[page.index('action="/', page.index("<main")) :]
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            sent[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


async def read(client, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


async def send(client, path: str, form: dict[str, str], act: str = "", status: int = 303):
    token = {"_csrf": client.headers["x-csrf-token"]}
    answer = await client.post(path, data=form | token | ({"act": act} if act else {}))
    assert answer.status_code == status, answer.text
    return answer


async def test_a_supplier_turns_an_order_into_an_invoice_in_two_clicks(client_of):
    company, supplier, order = await delivered_order(line(), line(quantity="5", description="Spare"), accepted=(10,))
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    panel = await read(billing, f"/orders/{order.id}")
    assert f"/orders/{order.id}/invoice" in panel

    path = f"/orders/{order.id}/invoice"
    form = fields(await read(billing, path))
    assert (form["lines.0.quantity"], form["lines.1.quantity"]) == ("10", "")
    sent = await send(billing, path, form | {"number": "R 77"}, "submit")
    shown = await read(billing, sent.headers["location"])
    assert "R 77" in shown
    assert "waits for approval" in shown

    home = await read(payable, "/")
    assert "R 77" in home
    page = await read(payable, sent.headers["location"])
    approved = await send(payable, f"{sent.headers['location']}/approve", {"version": fields(page)["version"]})
    assert "Payment due on" in await read(billing, approved.headers["location"])


async def test_what_is_wrong_stands_at_its_row_and_nothing_is_lost(client_of):
    _company, supplier, order = await delivered_order(line(), line(), line(), accepted=(0, 10, 10))
    billing = await client_of(supplier.billing)
    path = f"/orders/{order.id}/invoice"
    form = fields(await read(billing, path)) | {"number": "", "lines.2.quantity": "many", "lines.1.allowance": "3.5"}
    page = (await send(billing, path, form, "submit", 422)).text
    assert 'href="#f-lines-2-quantity"' in page
    assert 'href="#f-number"' in page
    again = fields(page)
    assert (again["lines.2.quantity"], again["lines.1.allowance"], again["lines.0.quantity"]) == ("many", "3.5", "")

    wrong_tax = form | {"number": "A", "lines.2.quantity": "10", "lines.2.tax_rate": "0"}
    page = (await send(billing, path, wrong_tax, "draft", 422)).text
    assert 'href="#f-lines-2-tax_rate"' in page
    nothing = {name: "" if name.endswith("quantity") else value for name, value in form.items()}
    page = (await send(billing, path, nothing | {"number": "A"}, "draft", 422)).text
    assert 'href="#f-lines"' in page


async def test_a_number_used_before_asks_why_and_keeps_the_form(client_of):
    _company, supplier, order = await delivered_order()
    (key,) = await lines_of(supplier.billing, order.id)
    first = await submitted_invoice(supplier, order, billed(key, "2"))
    billing = await client_of(supplier.billing)
    path = f"/orders/{order.id}/invoice"
    form = fields(await read(billing, path)) | {"number": first.number.lower(), "issue_date": "2027-01-04"}
    page = (await send(billing, path, form, "draft", 409)).text
    assert 'name="override_reason"' in page
    assert fields(page)["number"] == first.number.lower()
    saved = await send(billing, path, form | {"override_reason": "New year, new series"}, "draft")
    assert "New year, new series" in await read(billing, saved.headers["location"])


async def test_totals_and_charges_grow_without_a_script(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    path = f"/orders/{order.id}/invoice"
    form = fields(await read(billing, path))
    form |= {"charges.0.description": "Freight", "charges.0.amount": "10.00", "charges.0.tax_category": "S"}
    form |= {"charges.0.tax_rate": "19"}
    assert "160.65" in (await send(billing, path, form, "totals", 200)).text
    grown = await send(billing, path, form | {"add_line": "charges"}, status=200)
    assert 'name="charges.1.amount"' in grown.text


async def test_a_charge_without_a_tax_has_that_of_the_lines_where_they_have_but_one(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(description="Spare"))
    await delivered(company.receiver, order, 10, 10)
    billing = await client_of(supplier.billing)
    path = f"/orders/{order.id}/invoice"
    form = fields(await read(billing, path))
    form |= {"charges.0.description": "Freight", "charges.0.amount": "10.00"}
    told = (await send(billing, path, form, "totals", 200)).text
    assert "309.40" in told
    assert fields(told)["charges.0.tax_rate"] == "19"
    two = form | {"lines.1.tax_category": "Z", "lines.1.tax_rate": "0"}
    refused = (await send(billing, path, two, "totals", 422)).text
    assert 'href="#f-charges-0-tax_rate"' in refused


async def test_what_cannot_be_sent_stays_a_draft_that_says_why(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    path = f"/orders/{order.id}/invoice"
    form = fields(await read(billing, path)) | {"number": "TOO-MUCH", "lines.0.quantity": "11"}
    asked = (await send(billing, path, form, "submit", 200)).text
    saved = await send(billing, path, form | {"seen": fields(asked)["seen"]}, "submit")
    page = await read(billing, saved.headers["location"])
    assert "could not be sent" in page
    edit = f"{saved.headers['location']}/edit"
    form = fields(await read(billing, edit)) | {"lines.0.quantity": "10"}
    sent = await send(billing, edit, form, "submit")
    assert "is with the buyer now" in await read(billing, sent.headers["location"])
    assert (await billing.get(edit)).status_code == 409


async def test_a_despatch_advice_is_flipped_on_its_own_page(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    advice = await despatched_goods(company, supplier, order, "4")
    billing = await client_of(supplier.billing)
    path = f"/despatch-advices/{advice.id}/invoice"
    form = fields(await read(billing, path))
    assert (form["lines.0.quantity"], "lines.1.quantity" in form) == ("4", False)
    await send(billing, path, form | {"number": "DA-1"}, "draft")


async def test_differences_are_approved_only_with_words_and_the_supplier_never_reads_them(client_of):
    company, supplier, order = await delivered_order(accepted=(8,), tolerances={"invoice_price": {"percent": "2"}})
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10", "12.60"))
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    path = f"/invoices/{invoice.id}"
    page = await read(payable, path)
    assert "Approve despite the differences" in page
    await send(payable, f"{path}/approve", {}, status=409)
    await send(payable, f"{path}/approve", {"reason": "Agreed with Ms Lee"})
    assert "Agreed with Ms Lee" in await read(payable, path)
    theirs = await read(billing, path)
    assert "Agreed with Ms Lee" not in theirs
    assert "Tolerance" not in theirs


async def test_a_dispute_says_why_and_a_payment_says_when(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    path = f"/invoices/{invoice.id}"
    await send(payable, f"{path}/dispute", {"reason": " "}, status=422)
    await send(payable, f"{path}/dispute", {"reason": "Where is the certificate?"})
    assert "Where is the certificate?" in await read(billing, path)
    await send(payable, f"{path}/approve", {})
    unclear = await send(payable, f"{path}/settle", {"date": "soon", "reference": ""}, status=422)
    assert 'href="#f-date"' in unclear.text
    await send(payable, f"{path}/settle", {"date": TODAY, "reference": "SEPA 7"})
    assert "SEPA 7" in await read(billing, path)


async def test_who_looks_at_an_old_page_decides_nothing(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    payable = await client_of(company.payable)
    version = fields(await read(payable, f"/invoices/{invoice.id}"))["version"]
    await send(payable, f"/invoices/{invoice.id}/dispute", {"reason": "?", "version": version})
    await send(payable, f"/invoices/{invoice.id}/approve", {"version": version}, status=412)


async def test_lists_panels_and_search_show_each_side_its_own_in_few_statements(client_of, counted):
    company, supplier, order = await delivered_order(accepted=(4,))
    (key,) = await lines_of(supplier.billing, order.id)
    sent = await submitted_invoice(supplier, order, billed(key, "1"))
    draft = await draft_invoice(supplier, order)
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    assert draft.number in await read(billing, "/invoices?state=draft")
    for path in ("/invoices", "/invoices?query=r-", f"/orders/{order.id}"):
        page = await read(payable, path)
        assert sent.number in page, path
        assert draft.number not in page, path
    found = await payable.get(f"/search?query={sent.number}")
    assert found.headers["location"] == f"/invoices/{sent.id}"
    await read(payable, "/invoices")
    with counted() as statements:
        await read(payable, "/invoices?sort=-gross&match_state=matched&due_before=2199-01-01")
    assert len(statements) <= 4, statements
    assert (await payable.get("/invoices?state=nonsense")).status_code == 400


async def test_a_discarded_draft_leaves_the_list(client_of):
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order)
    billing = await client_of(supplier.billing)
    gone = await send(billing, f"/invoices/{draft.id}/discard", {"version": "1"})
    assert gone.headers["location"] == "/invoices"
    await read(billing, f"/invoices/{draft.id}", 404)


async def test_pages_of_others_are_not_found_and_forms_of_others_forbidden(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    _other, rival = await trading_pair()
    stranger, payable = await client_of(rival.billing), await client_of(company.payable)
    await read(stranger, f"/invoices/{invoice.id}", 404)
    await read(stranger, f"/orders/{order.id}/invoice", 404)
    await read(payable, f"/orders/{order.id}/invoice", 403)
    await read(payable, f"/invoices/{invoice.id}/edit", 403)


async def test_what_the_buyer_will_ask_about_is_said_before_an_invoice_is_sent(client_of):
    _company, supplier, order = await delivered_order(line(), line(), accepted=(8, 10))
    billing = await client_of(supplier.billing)
    path = f"/orders/{order.id}/invoice"
    form = fields(await read(billing, path)) | {"number": "ASK-1", "lines.0.quantity": "10", "lines.1.unit_price": "14"}
    told = (
        "Line 1, Quantity: 8 pcs can be invoiced now.",
        "Line 2, Unit price: The order says 12.50 EUR.",
    )
    while_typing = (await send(billing, path, form, "totals", 200)).text
    asked = (await send(billing, path, form, "submit", 200)).text
    for page in (while_typing, asked):
        assert all(each in page for each in told)
    assert "Not sent yet" in asked
    assert "ASK-1" not in await read(billing, "/invoices")
    other = form | {"seen": fields(asked)["seen"], "lines.1.unit_price": "15"}
    assert "Not sent yet" in (await send(billing, path, other, "submit", 200)).text
    sent = await send(billing, path, form | {"seen": fields(asked)["seen"]}, "submit")
    assert "is with the buyer now" in await read(billing, sent.headers["location"])


async def test_a_draft_says_what_the_buyer_will_ask_about(client_of):
    _company, supplier, order = await delivered_order()
    (key,) = await lines_of(supplier.billing, order.id)
    draft = await draft_invoice(supplier, order, billed(key, "10", "14.00"))
    page = await read(await client_of(supplier.billing), f"/invoices/{draft.id}")
    assert "Line 1, Unit price: The order says 12.50 EUR." in page


async def test_only_what_can_be_billed_is_offered_to_be_invoiced(client_of):
    company, supplier = await trading_pair()
    unanswered, agreed, held = [
        await make(company, supplier) for make in (issued_order, accepted_order, accepted_order)
    ]
    await orders.hold(company.buyer, held.id, "Certificate missing")
    billing = await client_of(supplier.billing)
    for order, why in (
        (unanswered, "is not agreed yet. Answer it first"),
        (held, "is on hold: Certificate missing."),
    ):
        assert f"/orders/{order.id}/invoice" not in await read(billing, f"/orders/{order.id}")
        assert why in await read(billing, f"/orders/{order.id}/invoice", 409)
        assert why in (await send(billing, f"/orders/{order.id}/invoice", {"number": "X"}, "draft", 409)).text
    path = f"/orders/{agreed.id}/invoice"
    assert path in await read(billing, f"/orders/{agreed.id}")
    await submitted_invoice(supplier, agreed)
    assert path not in await read(billing, f"/orders/{agreed.id}")
    assert "is invoiced already" in await read(billing, path, 409)


async def test_goods_of_an_order_on_hold_are_not_despatched_by_address(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await orders.hold(company.buyer, order.id, "Certificate missing")
    page = await read(await client_of(supplier.shipping), f"/orders/{order.id}/despatch", 409)
    assert "is on hold: Certificate missing." in page
