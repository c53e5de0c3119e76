"""The supplier's answer and the buyer's decision, by plain forms."""

from tests.harness.pages import Page, Reader
from tests.harness.world import issued_order, line, trading_pair

LINES = (line(), line(description="Washer", quantity="100", unit_price="0.10"), line(description="Nut", quantity="4"))


async def asked(client_of, **terms):
    company, supplier = await trading_pair(**terms)
    order = await issued_order(company, supplier, *LINES)
    return company, supplier, order, Reader(await client_of(supplier.order_desk))


async def test_lines_are_changed_split_and_rejected_with_reasons(client_of):
    company, _supplier, order, desk = await asked(client_of)
    form = await desk.open(f"/orders/{order.id}/respond")
    form = await desk.send(form, "/respond", split="0")
    assert [form.form("/respond").values[f"lines.{n}.quantity"] for n in range(4)] == ["5", "5", "100", "4"]
    page = await desk.send(
        form,
        "/respond",
        lines__1__promised_date="2030-06-01",
        lines__1__reason="Longer lead time",
        lines__2__unit_price="0.12",
        lines__2__reason="Price has changed",
        lines__3__code="7",
        lines__3__reason="Discontinued",
        reason="As much as we can",
    )
    assert "is with the buyer" in page.text, page.text

    buyer = Reader(await client_of(company.buyer))
    assert order.number in (await buyer.open("/")).links
    seen = await buyer.open(f"/orders/{order.id}")
    for told in ("As much as we can", "Longer lead time", "Discontinued", "Not delivered", "0.12 EUR", "1 Jun 2030"):
        assert told in seen.text
    assert "Total if all of it comes: 163.03 EUR instead of 220.15 EUR" in seen.text
    assert not seen.offers("/accept")  # one line costs more than was approved, whatever the others come to
    approver = Reader(await client_of(company.approver))
    agreed = await approver.send(await approver.open(f"/orders/{order.id}"), "/accept")
    assert "The changes are part of" in agreed.text
    assert "revision 2" in agreed.text
    assert "5 pcs: 1 Jun 2030" in agreed.text


async def test_a_declined_counter_offer_asks_the_supplier_again(client_of):
    company, _supplier, order, desk = await asked(client_of)
    form = await desk.open(f"/orders/{order.id}/respond")
    await desk.send(form, "/respond", lines__0__quantity="9", lines__0__reason="Packaging unit")
    buyer = Reader(await client_of(company.buyer))
    seen = await buyer.open(f"/orders/{order.id}")
    declined = await buyer.send(seen, "/decline", reason="We need all ten")
    assert "declined; the supplier answers again" in declined.text
    page = await desk.open(f"/orders/{order.id}")
    assert "We need all ten" in page.text
    assert page.offers("/responses")


async def test_leaving_everything_alone_confirms_the_order(client_of, superuser):
    _company, _supplier, order, desk = await asked(client_of)
    page = await desk.send(await desk.open(f"/orders/{order.id}/respond"), "/respond")
    assert "is confirmed as ordered" in page.text
    codes = superuser.execute("select code from order_response where order_id = %s", (order.id,)).fetchall()
    assert codes == [("AP",)]


async def test_changes_within_the_buyers_tolerance_are_agreed_at_once(client_of):
    _company, _supplier, order, desk = await asked(client_of, tolerances={"confirm_quantity": {"percent": "20"}})
    form = await desk.open(f"/orders/{order.id}/respond")
    page = await desk.send(form, "/respond", lines__0__quantity="9", lines__0__reason="Packaging unit")
    assert "your changes lie within" in page.text


async def test_a_wrong_answer_is_explained_line_by_line_and_kept(client_of):
    _company, _supplier, order, desk = await asked(client_of)
    form = await desk.open(f"/orders/{order.id}/respond")
    typed = {"lines__0__code": "7", "lines__1__quantity": "-1", "lines__2__promised_date": "soon", "reason": "Hm"}
    page = await desk.send(form, "/respond", **typed)
    assert page.status == 422
    kept = page.form("/respond").values
    assert {name: kept[name.replace("__", ".")] for name in typed} == typed
    assert "Enter a quantity" in page.text
    page = await desk.send(form, "/respond", lines__0__code="7")
    assert "Line 1, Reason: Say why it is rejected" in page.text
    none = {f"lines__{n}__{field}": text for n in range(3) for field, text in (("code", "7"), ("reason", "No steel"))}
    assert "Reject the order as a whole instead" in (await desk.send(form, "/respond", **none)).text


async def test_a_delivery_too_many_is_united_again(client_of):
    _company, _supplier, order, desk = await asked(client_of)
    form = await desk.send(await desk.open(f"/orders/{order.id}/respond"), "/respond", split="0")
    form = await desk.send(form, "/respond", unite="1")
    values = form.form("/respond").values
    assert [values[f"lines.{n}.quantity"] for n in range(3)] == ["10", "100", "4"]
    assert "lines.3.quantity" not in values


async def test_the_receipt_of_an_order_is_confirmed_once(client_of):
    _company, _supplier, order, desk = await asked(client_of)
    client = desk.client
    page = await desk.open(f"/orders/{order.id}")
    csrf = page.form("/responses").values["_csrf"]
    sent = {"_csrf": csrf, "code": "AB"}
    assert (await client.post(f"/orders/{order.id}/responses", data=sent)).status_code == 303
    again = Page(await client.post(f"/orders/{order.id}/responses", data=sent))
    assert again.status == 409
    assert "acknowledged already" in again.text


async def test_an_order_is_rejected_as_a_whole_with_a_reason(client_of):
    company, _supplier, order, desk = await asked(client_of)
    page = await desk.open(f"/orders/{order.id}/respond")
    client = desk.client
    sent = {"_csrf": page.form("/respond").values["_csrf"], "code": "RE", "reason": "Our mill stands still"}
    await client.post(f"/orders/{order.id}/responses", data=sent)
    buyer = Reader(await client_of(company.buyer))
    assert "Our mill stands still" in (await buyer.open(f"/orders/{order.id}")).text


async def test_an_answer_that_comes_too_late_is_told_what_happened(client_of):
    _company, _supplier, order, desk = await asked(client_of)
    form = await desk.open(f"/orders/{order.id}/respond")
    await desk.send(form, "/respond")
    late = await desk.send(form, "/respond", lines__0__quantity="9", lines__0__reason="Packaging unit")
    assert late.status == 409
    assert "No answer is awaited: the order is “Accepted” now." in late.text
    assert "Supplier accepted the order" in late.text


async def test_only_the_supplier_answers_and_only_the_buyer_decides(client_of):
    company, supplier, order, desk = await asked(client_of)
    page = await desk.send(
        await desk.open(f"/orders/{order.id}/respond"),
        "/respond",
        lines__0__quantity="9",
        lines__0__reason="Packaging unit",
    )
    assert not page.offers("/accept")
    buyer = await client_of(company.buyer)
    assert (await buyer.get(f"/orders/{order.id}/respond")).status_code == 403
    response = [
        form.action for form in (await Reader(buyer).open(f"/orders/{order.id}")).forms if "/accept" in form.action
    ]
    requester = await client_of(company.requester)
    assert (await requester.post(response[0])).status_code == 403
    assert (await (await client_of(supplier.order_desk)).post(response[0])).status_code == 403


async def test_everything_wrong_with_an_answer_is_told_at_once_and_by_its_line(client_of):
    _company, _supplier, order, desk = await asked(client_of)
    form = await desk.open(f"/orders/{order.id}/respond")
    typed = {"lines__0__quantity": "many", "lines__1__code": "7", "lines__2__promised_date": "2020-01-01"}
    page = await desk.send(form, "/respond", **typed)
    assert page.status == 422
    for told in (
        "Line 1, Quantity: Enter a quantity above 0",
        "Line 1, Reason: Say why it is changed",
        "Line 2, Reason: Say why it is rejected",
        "Line 3, Delivery on: This day has passed.",
        "Line 3, Reason: Say why it is changed",
    ):
        assert told in page.text, told


async def test_a_changed_line_is_shown_as_changed_and_asks_why(client_of, superuser):
    _company, _supplier, order, desk = await asked(client_of)
    form = await desk.open(f"/orders/{order.id}/respond")
    page = await desk.send(form, "/respond", lines__1__quantity="90")
    assert page.form("/respond").values["lines.1.code"] == "3"
    assert "Line 2, Reason: Say why it is changed: the buyer reads it." in page.text
    sent = await desk.send(page, "/respond", lines__1__reason="Packaging unit")
    assert f"Your counter-offer for {order.number} is with the buyer. Lines that you changed: 2." in sent.text


async def test_a_change_of_nothing_is_told_as_such(client_of):
    _company, _supplier, order, desk = await asked(client_of)
    form = await desk.open(f"/orders/{order.id}/respond")
    page = await desk.send(form, "/respond", lines__0__code="3")
    assert page.status == 422
    assert "Line 1, Answer: Nothing is changed here. Change a value, or choose “Accept”." in page.text


async def test_further_deliveries_are_told_apart(client_of):
    _company, _supplier, order, desk = await asked(client_of)
    form = await desk.send(await desk.open(f"/orders/{order.id}/respond"), "/respond", split="0")
    page = await desk.send(form, "/respond", lines__1__quantity="", lines__0__reason="In two parts")
    assert "Line 1, further delivery, Quantity: " in page.text


async def test_nobody_promises_a_day_that_has_passed(client_of):
    _company, supplier, order, _desk = await asked(client_of)
    client = await client_of(supplier.order_desk)
    late = {"code": "CA", "lines": [{"line": 1, "code": "3", "promised_date": "2020-01-01"}]}
    answer = await client.post(f"/api/v1/purchase-orders/{order.id}/responses", json=late)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "lines.0.promised_date")
