"""Situations of batches: invoices of a month, and what a zip holds."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from portal.invoicing.tables import Invoice
from portal.operations.batches import commands, queries
from portal.operations.batches.forms import BatchForm, BatchOut
from portal.operations.batches.tables import Batch
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from tests.harness.invoices import billed, delivered, lines_of, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.world import Organised, accepted_order, line

API = "/api/v1/batches"
THIS_MONTH = f"{datetime.now(UTC):%Y-%m}"


async def sent_invoices(company: Organised, supplier: Organised, *numbers: str, **changes: Any) -> list[Invoice]:
    """An invoice of each number, of this month, each of one line of the same order."""
    order = await accepted_order(company, supplier, *[line(quantity="10") for _number in numbers])
    await delivered(company.receiver, order, *["10"] * len(numbers))
    keys = await lines_of(supplier.billing, order.id)
    return [
        await submitted_invoice(supplier, order, billed(key, "10", "10.00"), number=number, **changes)
        for key, number in zip(keys, numbers, strict=True)
    ]


async def invoices_there(company: Organised, supplier: Organised) -> dict[str, Any]:
    await sent_invoices(company, supplier, "R-1")
    return {}


async def batch_waiting(company: Organised, supplier: Organised) -> dict[str, Any]:
    await sent_invoices(company, supplier, "R-1")
    return {"batch_id": (await asked_batch(company)).id}


async def asked_batch(company: Organised, role: str = "payable", **changes: Any) -> Batch:
    body = {"kind": "invoice", "month": THIS_MONTH, "with_xml": True} | changes
    return await commands.ask(company.people[role], convert(BatchForm, body))


async def batch_of(company: Organised, supplier: Organised, invoice: Invoice) -> Batch:
    """The batch of the month and supplier of an invoice that was sent."""
    return await asked_batch(company, month=f"{invoice.issue_date:%Y-%m}", partner_id=str(supplier.id))


def unpacked(answer: httpx.Response) -> dict[str, bytes]:
    """The files of a zip by their names, in their order."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


async def state_of(actor: Actor, batch: Batch | BatchOut) -> BatchOut:
    async with viewing(actor) as view:
        return await queries.batch(view, batch.id)


async def made_batch(company: Organised, role: str = "payable", **changes: Any) -> BatchOut:
    """Asked for, and made by the worker."""
    batch = await asked_batch(company, role, **changes)
    await run_jobs(commands.MAKE)
    return await state_of(company.people[role], batch)


async def why_not(company: Organised, role: str = "payable", **changes: Any) -> str:
    """What is said at the field that is in the way."""
    with pytest.raises(Invalid) as refused:
        await asked_batch(company, role, **changes)
    return str(refused.value.errors[0].message)


WRITES = {"askBatch": ("payable", invoices_there), "cancelBatch": ("payable", batch_waiting)}
