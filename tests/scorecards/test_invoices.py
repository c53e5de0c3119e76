"""What invoices say of a supplier: the price beside the ordered one, and whether the first match found a difference."""

from datetime import date
from decimal import Decimal

from portal.platform.work import viewing
from portal.scorecards import queries
from tests.harness.deliveries import received_goods
from tests.harness.deliveries_facts import figure_in, invoiced, noon, promised_order, score_in
from tests.harness.invoices import submitted_invoice
from tests.harness.world import accepted_order, line, trading_pair

WANTED = date(2030, 5, 15)


async def test_a_dearer_invoice_lowers_price_and_its_first_attempt_stays_what_it_was(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await clock(noon(WANTED))
    await invoiced(company.payable, order.id, 4, "10")
    wrong = await invoiced(company.payable, order.id, 4, "25", matched=False)
    price = await figure_in(company, supplier, WANTED, "price")
    assert price is not None
    assert (price.count, price.value) == (2, Decimal("0.75"))

    async with viewing(company.supplier_manager) as view:
        assert await view.value("select count(*) from invoice_fact where invoice_id = $1", wrong) == 1
    assert (await score_in(company, supplier, WANTED)).figures["invoice_accuracy"].value == Decimal("0.5")


async def test_an_invoice_of_several_orders_is_one_and_accurate_if_it_agreed_with_all_of_them(clock):
    company, supplier = await trading_pair()
    first, second, third = [await promised_order(company, supplier, WANTED) for _each in range(3)]
    await clock(noon(WANTED))
    mixed = await invoiced(company.payable, first.id, 4, "12.50")
    await invoiced(company.payable, second.id, 4, "25", matched=False, invoice_id=mixed)
    await invoiced(company.payable, third.id, 4, "12.50", invoice_id=mixed)
    await invoiced(company.payable, first.id, 4, "12.50")

    accurate = await figure_in(company, supplier, WANTED, "invoice_accuracy")
    assert accurate is not None
    assert (accurate.count, accurate.achieved, accurate.base) == (2, 1, 2)
    async with viewing(company.supplier_manager) as view:
        pair = await queries.pair_of(view, supplier.id)
        found = await queries.facts(view, pair, pair.period("all"), queries.AskedFacts("invoice_accuracy"))
    [one] = [fact for fact in found.items if fact.actual]
    assert one.order_number == ", ".join(sorted(order.number for order in (first, second, third)))


async def test_amounts_are_net_of_the_discount_and_by_the_unit_that_is_priced(clock):
    """100 pieces priced by the dozen, less 10 %: what is billed as agreed is billed at the ordered price."""
    company, supplier = await trading_pair()
    asked = {"quantity": "60", "unit": "C62", "price_unit": "DZN", "unit_price": "24", "discount": "10"}
    order = await accepted_order(company, supplier, line(**asked))
    await received_goods(company, order, "60")
    await submitted_invoice(supplier, order)
    async with viewing(company.supplier_manager) as view:
        [fact] = await view.fetch("select * from invoice_fact where order_id = $1", order.id)
    assert (fact["ordered_amount"], fact["invoiced_amount"], fact["matched_first_time"]) == (108, 108, True)
