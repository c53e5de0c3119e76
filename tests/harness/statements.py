"""Statements that a buyer's accounts payable sent, by the real command."""

from portal.analytics import commands
from portal.analytics.forms import StatementForm
from portal.analytics.tables import Statement
from portal.platform.convert import convert
from tests.harness.world import Organised


async def sent_statement(company: Organised, supplier: Organised) -> Statement:
    form = {"supplier_id": str(supplier.id), "currency": "EUR"}
    return await commands.send(company.payable, convert(StatementForm, form))


async def objected_statement(company: Organised, supplier: Organised) -> Statement:
    statement = await sent_statement(company, supplier)
    return await commands.object_to(supplier.billing, statement.id, "Our books say less.")
