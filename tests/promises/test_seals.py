"""The database refuses by itself what has no legal way: direct SQL as the application's own role, as either side."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, RaiseException

from portal.orders import commands as orders
from portal.orders.forms import OrderEdit
from portal.platform.convert import convert
from portal.platform.settings import settings
from tests.harness.changes import changed, to
from tests.harness.invoices import delivered, submitted_invoice
from tests.harness.world import (
    Organised,
    accepted_order,
    answer,
    approved_order,
    draft_order,
    issued_order,
    line,
    submitted_order,
    trading_pair,
)

REFUSED = (CheckViolation, InsufficientPrivilege, RaiseException)


class Stage(NamedTuple):
    """A pair that trades, with orders in the states that matter; `ids` names what the statements are about."""

    company: Organised
    supplier: Organised
    ids: dict[str, Any]


@pytest.fixture(scope="module")
async def stage(connected: None) -> Stage:
    company, supplier = await trading_pair()
    found: dict[str, Any] = {"buyer": company.id, "supplier": supplier.id, "somebody": company.approver.person_id}
    found["draft"] = (await draft_order(company, supplier)).id
    found["submitted"] = (await submitted_order(company, supplier)).id
    found["approved"] = (await approved_order(company, supplier)).id
    found["issued"] = (await issued_order(company, supplier)).id
    offered = await issued_order(company, supplier)
    found["offered"] = offered.id
    offer = answer("CA", {"line": 1, "code": "3", "unit_price": "13"})
    found["pending"] = (await orders.respond(supplier.order_desk, offered.id, offer)).response.id
    declined = await issued_order(company, supplier)
    found["declined"] = (await orders.respond(supplier.order_desk, declined.id, offer)).response.id
    await orders.decline_counter_offer(company.buyer, declined.id, found["declined"], "no")
    came = await accepted_order(company, supplier)
    found["came"] = came.id
    found["receipt"] = (await delivered(company.receiver, came, 4)).id
    found["invoice"] = (await submitted_invoice(supplier, came)).id
    agreed = await accepted_order(company, supplier)
    found["agreed"] = agreed.id
    found["change"] = (await orders.propose(company.buyer, agreed.id, changed(to(quantity="90")))).asked.id
    return Stage(company, supplier, found)


@pytest.fixture
def application(connected: None) -> Iterator[Callable[..., None]]:
    """`application(organisation_id, "update …", …)`: those statements in one transaction of the application's role."""
    with psycopg.connect(str(settings().database_url)) as connection:

        def run(organisation: Any, *statements: str, **values: Any) -> None:
            with connection.transaction():
                connection.execute("select set_config('portal.organisation', %s, true)", [str(organisation)])
                for statement in statements:
                    done = connection.execute(statement.encode(), values)
                    assert done.rowcount != 0, f"nothing is there to be refused: {statement}"

        yield run


LINE = "update purchase_order_line set {} where order_id = %(issued)s"
ORDER = "update purchase_order set {} where id = %(issued)s"
RAISE = ORDER.format("revision = revision + 1")
FREEZE = (
    "insert into order_revision (order_id, revision, buyer_id, shown_to, issued_at, snapshot) "
    "select id, revision{}, buyer_id, shown_to, now(), '{{}}' from purchase_order where id = %(issued)s"
)
NEW_LINE = (
    "insert into purchase_order_line (id, order_id, buyer_id, supplier_id, shown_to, line, description, quantity, "
    "unit, unit_price, price_unit, net, tax_category, tax_rate, received, accepted) select gen_random_uuid(), "
    "id, buyer_id, supplier_id, {shown}, 77, 'smuggled', 1, 'C62', 1, 'C62', 1, 'S', 19, {came}, {came} "
    "from purchase_order where id = %({order})s"
)
NEW_ORDER = (
    "insert into purchase_order (id, buyer_id, supplier_id, buyer_name, supplier_name, number, currency, created_at, "
    "created_by, {}) select gen_random_uuid(), buyer_id, supplier_id, 'b', 's', gen_random_uuid()::text, 'EUR', now(), "
    "created_by, {} from purchase_order where id = %(draft)s"
)
RECEIPT_LINE = (
    "insert into goods_receipt_line (id, receipt_id, buyer_id, supplier_id, shown_to, position, order_id, "
    "order_line_id, order_number, line, description, unit, accepted) select gen_random_uuid(), receipt_id, "
    "buyer_id, supplier_id, shown_to, 99, order_id, order_line_id, order_number, line, description, unit, 1 "
    "from goods_receipt_line where receipt_id = %(receipt)s limit 1"
)
ANSWER_LINE = (
    "insert into order_response_line (id, response_id, order_id, supplier_id, shown_to, line, sequence, code) "
    "select gen_random_uuid(), id, order_id, supplier_id, shown_to, 1, 99, '5' from order_response where id = %({})s"
)

BY_BUYER = {
    "a price of an issued line": [LINE.format("unit_price = 1")],
    "a quantity of an issued line": [LINE.format("quantity = 9999")],
    "a net amount of an issued line": [LINE.format("net = 0")],
    "a discount of an issued line": [LINE.format("discount = 99")],
    "what an issued line is": [LINE.format("description = 'gold'")],
    "a tolerance of an issued line": [LINE.format("receive_ceiling = null")],
    "another tolerance of an issued line": [LINE.format("invoice_ceiling = 1000000")],
    "more received than allowed": [LINE.format("received = 11, accepted = 11")],
    "a line that is hidden again": [LINE.format("shown_to = null")],
    "a price after approval": [LINE.format("unit_price = 1").replace("issued", "approved")],
    "a price while others decide": [LINE.format("unit_price = 1").replace("issued", "submitted")],
    "a price with a revision that nobody froze": [RAISE, LINE.format("unit_price = 1")],
    "a price with an old revision frozen ahead": [FREEZE.format(" + 5"), LINE.format("unit_price = 1")],
    "a new line of an issued order": [NEW_LINE.format(shown="shown_to", came=0, order="issued")],
    "a new line of an approved order": [NEW_LINE.format(shown="null", came=0, order="approved")],
    "a line of a draft that was delivered": [NEW_LINE.format(shown="null", came=1, order="draft")],
    "a line of a draft that the supplier sees": [NEW_LINE.format(shown="supplier_id", came=0, order="draft")],
    "an issued line removed": ["delete from purchase_order_line where order_id = %(issued)s"],
    "an approved line removed": ["delete from purchase_order_line where order_id = %(approved)s"],
    "an issued delivery removed": ["delete from schedule_line where order_id = %(issued)s"],
    "the sums of an issued order": [ORDER.format("net = 1, tax = 0, gross = 1")],
    "the currency of an issued order": [ORDER.format("currency = 'JPY'")],
    "the place of an issued order": [ORDER.format("ship_to = '{\"city\": \"Elsewhere\"}'")],
    "the sums of an approved order": [ORDER.format("net = 1, tax = 0, gross = 1").replace("issued", "approved")],
    "an issued order that is hidden again": [ORDER.format("shown_to = null, state = 'cancelled'")],
    "an agreed order issued again as it is": ["update purchase_order set state = 'issued' where id = %(agreed)s"],
    "what a change says": ["update order_change set gross = 1 where id = %(change)s"],
    "what a line of a change says": ["update order_change_line set quantity = 99 where change_id = %(change)s"],
    "a change approved by who proposed it": [
        "update order_change set state = 'approved', approved_by = created_by where id = %(change)s"
    ],
    "a line of a change that was proposed": [
        "insert into order_change_line (id, change_id, order_id, buyer_id, supplier_id, author_id, line, sequence, "
        "code) select gen_random_uuid(), id, order_id, buyer_id, supplier_id, author_id, 1, 99, '7' from order_change "
        "where id = %(change)s"
    ],
    "two revisions at once": [ORDER.format("revision = revision + 2")],
    "a revision back": [ORDER.format("revision = 0")],
    "an order that was issued at another time": [ORDER.format("issued_at = now() - interval '1 year'")],
    "a native order told as migrated": [ORDER.format("source = '{}'")],
    "an order that begins as issued": [NEW_ORDER.format("state, shown_to", "'issued', supplier_id")],
    "an order that begins as approved": [NEW_ORDER.format("state, approved_by", "'approved', %(somebody)s")],
    "an order that begins as received": [NEW_ORDER.format("receipt_status", "'complete'")],
    "an order issued without its revision": [
        "update purchase_order set state = 'issued', shown_to = supplier_id, issued_at = now() where id = %(approved)s"
    ],
    "an approval by who entered it": [
        "update purchase_order set state = 'approved', approved_by = created_by where id = %(submitted)s"
    ],
    "an approval by nobody": ["update purchase_order set state = 'approved' where id = %(submitted)s"],
    "another answer than was given": ["update order_response set code = 'AP' where id = %(pending)s"],
    "another reason than was given": ["update order_response set reason = 'cheaper' where id = %(pending)s"],
    "a decision without its time": ["update order_response set state = 'accepted' where id = %(pending)s"],
    "a decision taken back": ["update order_response set decision_reason = 'yes' where id = %(declined)s"],
    "a line of an answer": ["update order_response_line set unit_price = 1 where response_id = %(pending)s"],
    "one more line of a receipt": [RECEIPT_LINE],
    "one more line of a receipt that was touched": [
        "update goods_receipt set version = version + 1 where id = %(receipt)s", RECEIPT_LINE,
    ],
    "one more line of a receipt that is reversed": [
        "update goods_receipt set state = 'reversed', reversed_at = now() where id = %(receipt)s", RECEIPT_LINE,
    ],
    "a line of a receipt": ["update goods_receipt_line set accepted = 1 where receipt_id = %(receipt)s"],
    "a receipt that is unbooked": ["delete from goods_receipt where id = %(receipt)s"],
    "a fact removed": ["delete from schedule_fact where order_id = %(came)s"],
    "a delivery removed": ["delete from delivery_fact where order_id = %(came)s"],
    "the unit of a fact": ["update schedule_fact set unit = 'KGM' where order_id = %(came)s"],
    "the day of a delivery": ["update delivery_fact set counts_on = '2020-01-01' where order_id = %(came)s"],
    "whose delivery it was": ["update delivery_fact set order_id = %(issued)s where order_id = %(came)s"],
    "the currency of an invoice's fact": ["update invoice_fact set currency = 'JPY' where order_id = %(came)s"],
    "a duty that was not taken": ["delete from duty_taken where root_id = %(came)s"],
    "a duty of somebody else": ["update duty_taken set person_id = %(somebody)s where root_id = %(came)s"],
    "a number given twice": ["update document_number set last = last - 1 where kind = 'PO'"],
    "a number left out": ["update document_number set last = last + 2 where kind = 'PO'"],
    "numbers that begin anywhere": ["insert into document_number values (%(buyer)s, 'ZZ', 2026, 7)"],
}  # fmt: skip
BY_SUPPLIER = {
    "a dearer line": [LINE.format("unit_price = 99")],
    "a dearer order": [ORDER.format("net = 999, tax = 0, gross = 999")],
    "one more line of an old answer": [ANSWER_LINE.format("declined")],
    "one more line of a waiting answer": [ANSWER_LINE.format("pending")],
    "one more line of an answer that is just decided": [
        "update order_response set state = 'accepted', decided_at = now() where id = %(pending)s",
        ANSWER_LINE.format("pending"),
    ],
    "goods that never came": [
        "insert into delivery_fact (buyer_id, supplier_id, shown_to, order_id, line_id, counts_on, accepted, rejected) "
        "select buyer_id, supplier_id, shown_to, order_id, id, current_date, 5, 0 from purchase_order_line "
        "where order_id = %(issued)s"
    ],
    "a longer time to answer a fact": ["update schedule_fact set time_zone = 'UTC' where order_id = %(issued)s"],
}


@pytest.mark.parametrize("name", BY_BUYER)
async def test_as_buyer_the_database_refuses(stage, application, name):
    with pytest.raises(REFUSED):
        application(stage.company.id, *BY_BUYER[name], **stage.ids)


@pytest.mark.parametrize("name", BY_SUPPLIER)
async def test_as_supplier_the_database_refuses(stage, application, name):
    with pytest.raises(REFUSED):
        application(stage.supplier.id, *BY_SUPPLIER[name], **stage.ids)


async def test_nothing_that_came_is_unsaid_by_the_supplier(stage, application):
    undone = "update delivery_fact set rejected = 0 where order_id = %(came)s"
    with pytest.raises(AssertionError, match="nothing is there"):
        application(stage.supplier.id, undone, **stage.ids)


async def test_a_new_revision_that_is_frozen_with_it_changes_what_was_ordered(connected, application):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    application(company.id, FREEZE.format(" + 1"), RAISE, LINE.format("unit_price = 11"), issued=order.id)


async def test_a_draft_is_still_anybodys_clay(connected):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, line(), line())
    edited = await orders.edit(company.requester, order.id, convert(OrderEdit, {"lines": [line(quantity="3")] * 3}))
    await orders.edit(company.requester, order.id, convert(OrderEdit, {"currency": "JPY"}))
    assert (await orders.submit(company.requester, edited.id)).state == "in_approval"
