"""The API describes itself: for programs and, on a page of its own, for whoever writes one."""

import json
import re
from typing import Any

import msgspec
import pytest

from portal.platform.convert import convert
from portal.web.reference.telling import tell
from tests.harness.pages import Page

CONTRACT = {
    "signIn", "signOut", "me", "createPurchaseOrder", "listPurchaseOrders", "respondToPurchaseOrder",
    "createDespatchAdvice", "createGoodsReceipt", "createInvoice", "getScorecard",
}  # fmt: skip


async def operations_of(client: Any) -> list[dict[str, Any]]:
    schema = (await client.get("/api/v1/openapi.json")).json()
    return [each for path in schema["paths"].values() for each in path.values() if "operationId" in each]


async def test_the_description_names_every_operation_of_the_contract(anonymous):
    schema = (await anonymous.get("/api/v1/openapi.json")).json()
    assert {operation["operationId"] for operation in await operations_of(anonymous)} >= CONTRACT
    quantity = schema["components"]["schemas"]["OrderLineForm"]["properties"]["quantity"]
    assert quantity["type"] == "string"
    assert re.fullmatch(quantity["pattern"], "12.5")


async def test_every_operation_has_a_title_in_words_and_says_what_it_does(anonymous):
    operations = await operations_of(anonymous)
    assert {each["operationId"]: each["summary"] for each in operations}["listAuditEntries"] == "List audit entries"
    untitled = [each["operationId"] for each in operations if not re.fullmatch(r"[A-Z][a-z]+( \w+)+", each["summary"])]
    assert untitled == []
    assert [each["operationId"] for each in operations if not each.get("description")] == []


async def test_people_read_the_same_on_a_page_without_foreign_scripts(anonymous):
    page = await anonymous.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/api/v1/purchase-orders/{order_id}/responses" in page.text
    assert not re.search(r"<script(?![^>]* src=./static/)", page.text)


async def test_an_operation_is_told_with_its_fields_answers_refusals_and_an_example(anonymous):
    page = Page(await anonymous.get("/api/v1/docs"))
    told = page.text.partition("Create purchase order POST")[2].partition("Get purchase order GET")[0]
    said = [
        "createPurchaseOrder",
        "lines[].quantity required",
        "Enter a price from 0",
        "Example: 12.3456",
        "goods | service | limit | charge",
        'Default: "goods"',
        "201 OrderOut",
        "401 403 409 422 Problem",
        'curl --request POST "$PORTAL/api/v1/purchase-orders"',
    ]
    assert [part for part in said if part not in told] == []
    assert page.links["List audit entries"] == "#listAuditEntries"


async def test_every_link_of_the_page_leads_to_a_place_on_it(anonymous):
    text = (await anonymous.get("/api/v1/docs")).text
    places = re.findall(r'id="([^"]+)"', text)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(places)


def test_every_example_body_is_one_that_the_portal_takes(app):
    forms = {each.__name__: each for each in _structs(msgspec.Struct) if each.__module__.startswith("portal.")}
    groups, records = tell(app)
    operations = [each for group in groups.values() for each in group if each.form]
    assert len(operations) > 10
    for operation in operations:
        body = re.search(r"--json '(.*)'", operation.curl, re.DOTALL)
        assert body, operation.id
        convert(forms[operation.form], json.loads(body[1]))
    assert {"record-Problem", "record-OrderForm"} <= {record.name for record in records}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_page_speaks_its_readers_language(anonymous, language):
    page = Page(await anonymous.get("/api/v1/docs", headers={"accept-language": language}))
    assert ("Getting started" in page.text) == (language == "en")


def _structs(kind: type[Any]) -> list[type[Any]]:
    return [each for below in kind.__subclasses__() for each in (below, *_structs(below))]
