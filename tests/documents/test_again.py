"""A stored document is set once more from what was frozen with it: the same bytes, or the name of what changed."""

import json
from importlib.metadata import version

import pytest

from portal.documents import commands, pressroom
from portal.documents.again import again
from portal.platform.refusals import NotFound
from portal.platform.settings import override
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.world import issued_order, line, trading_pair

pytestmark = pytest.mark.usefixtures("connected")
RENDER = "documents.render"


async def made(actor, kind, record):
    asked = await commands.request(actor, kind, record.id)
    await run_jobs(RENDER)
    return await commands.request(actor, kind, asked.record_id)


async def test_the_same_bytes_come_out_of_another_press_and_for_either_side():
    company, supplier = await trading_pair()
    document = await made(company.buyer, "purchase-order", await issued_order(company, supplier, line(), line()))
    pressroom.close()
    for actor, named in ((company.buyer, str(document.id)), (supplier.order_desk, document.sha256)):
        found = await again(actor, named)
        assert (found.same, found.changed, found.known) == (True, {}, True)


async def test_so_do_those_of_an_invoice_with_its_xml_inside():
    company, supplier, order = await delivered_order()
    document = await made(company.payable, "invoice", await submitted_invoice(supplier, order))
    assert (await again(supplier.billing, document.sha256)).same


async def test_what_it_was_made_with_is_kept_with_it(superuser):
    company, supplier = await trading_pair()
    document = await made(company.buyer, "purchase-order", await issued_order(company, supplier))
    kept = superuser.execute("select made_with from document where id = %s", [document.id]).fetchone()[0]
    assert {"sheet", "weasyprint", "pango", "fonts"} <= set(kept)
    assert all(isinstance(value, str) and value for value in kept.values())


async def test_another_address_of_the_portal_is_named_as_what_changed_on_the_page():
    company, supplier = await trading_pair()
    document = await made(company.buyer, "purchase-order", await issued_order(company, supplier))
    with override(url="https://other.example"):
        found = await again(company.buyer, document.sha256)
    assert (found.same, list(found.changed)) == (False, ["sheet"])


async def test_another_library_is_named_with_its_version_then_and_now(superuser):
    company, supplier = await trading_pair()
    document = await made(company.buyer, "purchase-order", await issued_order(company, supplier))
    older = json.dumps(document.made_with | {"weasyprint": "1.0"})
    known = "update document set made_with = %s, sha256 = %s where id = %s"
    superuser.execute("alter table document disable trigger final")
    superuser.execute(known, [older, "0" * 64, document.id])
    try:
        found = await again(company.buyer, str(document.id))
    finally:  # a backup of all that is there would miss its file
        superuser.execute(known, [json.dumps(document.made_with), document.sha256, document.id])
        superuser.execute("alter table document enable trigger final")

    assert (found.same, found.changed) == (False, {"weasyprint": ("1.0", version("weasyprint"))})


async def test_nobody_elses_document_is_set_again():
    company, supplier = await trading_pair()
    stranger, _rival = await trading_pair()
    document = await made(company.buyer, "purchase-order", await issued_order(company, supplier))
    with pytest.raises(NotFound):
        await again(stranger.buyer, str(document.id))
