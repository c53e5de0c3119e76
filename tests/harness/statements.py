"""Statements that a buyer's accounts payable sent, by the real command."""

from portal.analytics import commands
from portal.analytics.forms import StatementForm
from portal.analytics.queries import Asked, open_items, today
from portal.analytics.tables import Statement
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.world import Organised, accepted_order, agreed, approve_supplier, selling_company


async def sent_statement(company: Organised, supplier: Organised) -> Statement:
    """Of today; something is open then."""
    async with viewing(company.payable) as view:
        found = await open_items(view, Asked(await today(view), supplier.id))
    if not found.pairs:
        await accepted_order(company, supplier)
    form = {"supplier_id": str(supplier.id), "currency": "EUR"}
    return await commands.send(company.payable, convert(StatementForm, form))


async def objected_statement(company: Organised, supplier: Organised) -> Statement:
    statement = await sent_statement(company, supplier)
    return await commands.object_to(supplier.billing, statement.id, "Our books say less.")


async def another_supplier(company: Organised) -> Organised:
    """One more of the company's suppliers: of a day each has one statement."""
    supplier = await selling_company()
    await approve_supplier(company.supplier_manager, supplier.id, agreed())
    return supplier
