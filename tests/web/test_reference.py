"""The API describes itself: for programs and, on a page of its own, for people."""

import re

CONTRACT = {
    "signIn", "signOut", "me", "createPurchaseOrder", "listPurchaseOrders", "respondToPurchaseOrder",
    "createDespatchAdvice", "createGoodsReceipt", "createInvoice", "getScorecard",
}  # fmt: skip


async def test_the_description_names_every_operation_of_the_contract(anonymous):
    schema = (await anonymous.get("/api/v1/openapi.json")).json()
    operations = [each for path in schema["paths"].values() for each in path.values() if "operationId" in each]
    assert {operation["operationId"] for operation in operations} >= CONTRACT
    quantity = schema["components"]["schemas"]["OrderLineForm"]["properties"]["quantity"]
    assert quantity["type"] == "string"
    assert re.fullmatch(quantity["pattern"], "12.5")


async def test_people_read_the_same_on_a_page_without_foreign_scripts(anonymous):
    page = await anonymous.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/api/v1/purchase-orders/{order_id}/responses" in page.text
    assert not re.search(r"<script(?![^>]* src=./static/)", page.text)
