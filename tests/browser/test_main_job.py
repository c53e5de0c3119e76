"""The main job in a browser, as six people: from an order's first line to its approved invoice and a score.

The requester enters, the approver approves, the buyer issues, the supplier accepts, despatches and bills, the receiver
counts, the payable approves, and the auditor finds every step.
"""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal, axe_violations, scrolls_sideways

Enter = Callable[..., Page]
LINE = {
    "description": "Clamp ring Ø 80",
    "quantity": "20",
    "unit_price": "4.1250",
    "tax_rate": "19",
    "requested_date": "2030-05-15",
}
STEPS = (
    "Entered the order", "Submitted for approval", "Approved the order", "Issued the order to the supplier",
    "Supplier accepted the order", "Despatched goods", "Received goods", "Sent the invoice", "Approved the invoice",
)  # fmt: skip


def sound(page: Page) -> None:
    assert axe_violations(page) == [], page.url
    assert not scrolls_sideways(page), page.url
    page.set_viewport_size({"width": 1280, "height": 800})


def test_six_people_take_an_order_to_its_approved_invoice(enter: Enter, portal: Portal) -> None:
    path = entered_and_submitted(enter("requester", "/orders/new"), portal)
    approved(enter("approver", path))
    issued(enter("buyer", path))
    accepted_and_despatched(enter("supplier", path))
    received_with_one_rejected(enter("receiver", path))
    invoice = billed(enter("supplier", path))
    paid_for(enter("payable", invoice))
    found_by_the_auditor(enter("auditor", path))
    scored(enter("supplier", "/scorecard"))


def entered_and_submitted(page: Page, portal: Portal) -> str:
    page.get_by_label("Supplier", exact=True).select_option(label=portal.supplier)
    page.locator("[name='lines.0.unit']").select_option("C62")
    for name, value in LINE.items():
        page.locator(f"[name='lines.0.{name}']").fill(value)
    page.get_by_role("button", name="Save and submit").click()
    expect(page.get_by_text("was submitted for approval")).to_be_visible()
    expect(page.locator(".totals tfoot")).to_contain_text("98.18")
    return page.url.removeprefix(portal.url)


def approved(page: Page) -> None:
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("is approved")).to_be_visible()


def issued(page: Page) -> None:
    page.get_by_role("button", name="Issue to the supplier").click()
    expect(page.get_by_text("was issued")).to_be_visible()


def accepted_and_despatched(page: Page) -> None:
    page.locator("summary", has_text="Confirm all").first.click()
    page.get_by_role("button", name="Confirm all").click()
    expect(page.locator(".page-title")).to_contain_text("Accepted")
    page.get_by_role("link", name="Despatch goods").first.click()
    sound(page)
    page.get_by_label("Carrier").fill("Northern Freight")
    page.get_by_role("button", name="Despatch now").click()
    expect(page.locator(".page-title")).to_contain_text("DA-")
    sound(page)


def received_with_one_rejected(page: Page) -> None:
    page.get_by_role("link", name="Receive goods").first.click()
    sound(page)
    page.locator("[name='lines.0.accepted']").fill("19")
    page.locator("[name='lines.0.rejected']").fill("1")
    page.locator("[name='lines.0.reason']").fill("Bent in transport")
    page.get_by_role("button", name="Book the receipt").click()
    expect(page.locator(".page-title")).to_contain_text("GR-")
    sound(page)


def billed(page: Page) -> str:
    page.get_by_role("link", name="Invoice this order").first.click()
    sound(page)
    expect(page.locator("[name='lines.0.quantity']")).to_have_value("19")
    page.get_by_label("Invoice number").fill(f"R-{page.url.rsplit('/', 2)[1][-6:]}")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".page-title")).to_contain_text("Submitted")
    sound(page)
    return page.url.partition("/invoices")[1] + page.url.partition("/invoices")[2]


def paid_for(page: Page) -> None:
    expect(page.locator("body")).to_contain_text("93.27")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".page-title")).to_contain_text("Approved")
    sound(page)


def found_by_the_auditor(page: Page) -> None:
    history = page.locator("body")
    for step in STEPS:
        expect(history).to_contain_text(step)
    number = page.locator(".page-title").inner_text().split()[0]
    page.goto(page.url.partition("/orders")[0] + f"/audit?query={number}")
    expect(page.locator("body")).to_contain_text("Approved the order")
    sound(page)


def scored(page: Page) -> None:
    """One of these twenty pieces was rejected: the supplier sees the figure, and the line behind it."""
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.locator("body")).to_contain_text(re.compile(r"Deliveries of lines: \d+"))
    sound(page)
    page.get_by_role("link", name="Quality").first.click()
    line = page.get_by_role("row").filter(has_text="Clamp ring Ø 80")
    expect(line).to_contain_text("20")
    expect(line).to_contain_text("19")
    sound(page)
