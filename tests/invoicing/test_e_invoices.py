"""What leaves as UBL and CII: right by schema and by the rules of EN 16931, and nothing is lost on the way."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from portal.invoicing.rules.einvoice import invoice_of, written
from portal.platform.einvoice import checking, codes
from portal.platform.einvoice.reading import invoice_in, parse
from tests.harness.credits import sent_credit
from tests.harness.einvoices import snapshots
from tests.harness.invoices import delivered_order, draft_invoice, submitted_invoice
from tests.harness.world import line, selling_company

CHECKED = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

# Factur-X 1.09 wants IGIC above 0 %; the CEN's rules (for UBL) take it at 0 % as well.
IGIC_ABOVE_NOTHING = ("BR-AF-05", "BR-AF-06", "BR-AF-07")


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()


@CHECKED
@given(snapshots())
def test_whatever_is_sent_keeps_the_rules_in_both_syntaxes(snapshot: dict[str, Any]):
    document = invoice_of(snapshot)
    for syntax in ("ubl", "cii"):
        answer = checking.check(written(document, syntax))
        known = IGIC_ABOVE_NOTHING if syntax == "cii" and _igic_of_nothing(snapshot) else ()
        assert (answer.error, [each for each in answer.findings if each.rule not in known]) == ("", [])


def _igic_of_nothing(snapshot: dict[str, Any]) -> bool:
    return any((row["category"], row["rate"]) == ("L", "0") for row in snapshot["totals"]["breakdown"])


@CHECKED
@given(snapshots())
def test_what_is_read_back_is_what_was_written(snapshot: dict[str, Any]):
    document = invoice_of(snapshot)
    for syntax, said in (("ubl", document), ("cii", msgspec.structs.replace(document, specification=codes.EN16931))):
        xml = written(document, syntax)
        found = invoice_in(parse(xml))
        assert found is not None
        assert (found, written(found, syntax)) == (said, xml)


async def test_both_sides_save_an_invoice_as_ubl_and_as_cii(client_of):
    company, supplier, order = await delivered_order(line(description="六角螺栓"))
    invoice = await submitted_invoice(supplier, order)
    path = f"/api/v1/invoices/{invoice.id}/document.xml"
    buyer, billing = await client_of(company.payable), await client_of(supplier.billing)

    ubl = await buyer.get(path)
    assert (ubl.status_code, ubl.headers["content-type"]) == (200, "application/xml")
    assert ubl.headers["content-disposition"] == f'attachment; filename="{invoice.number}-ubl.xml"'
    assert "六角螺栓" in ubl.text
    assert (await billing.get(path)).content == ubl.content
    cii = await billing.get(path, params={"syntax": "cii"})
    found = invoice_in(parse(cii.content))
    assert found is not None
    assert (found.number, found.gross, found.order) == (invoice.number, invoice.gross, order.number)
    assert (await buyer.get(f"/invoices/{invoice.id}/document.xml")).content == ubl.content


async def test_a_draft_has_no_document_and_strangers_find_none(client_of):
    company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order)
    path = f"/api/v1/invoices/{draft.id}/document.xml"
    assert (await (await client_of(supplier.billing)).get(path)).status_code == 409
    assert (await (await client_of(company.payable)).get(path)).status_code == 404
    assert (await (await client_of((await selling_company()).billing)).get(path)).status_code == 404
    wrong = await (await client_of(supplier.billing)).get(path, params={"syntax": "edifact"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "syntax")


async def test_a_credit_note_refers_back_to_its_invoice(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    note = await sent_credit(supplier, invoice, kind="whole")
    answer = await (await client_of(company.payable)).get(f"/api/v1/credit-notes/{note.id}/document.xml")
    found = invoice_in(parse(answer.content))
    assert found is not None
    assert (found.type_code, found.preceding[0].number) == ("381", invoice.number)
    assert found.gross == note.gross > 0
