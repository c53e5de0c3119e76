"""The portal's routes as stories ask them: their addresses, what is sent to them, and what permission they need."""

from typing import Any, NamedTuple
from uuid import UUID

from litestar import Litestar

from portal.access.guards import permission_of
from portal.platform.ids import new_id
from tests.harness.bodies import body_of, typed

RECORDS = {
    "contract": "{contract_id}",
    "purchase-order": "{order_id}",
    "despatch-advice": "{advice_id}",
    "invoice": "{invoice_id}",
    "credit-note": "{credit_id}",
    "service-entry": "{service_entry_id}",
    "statement": "{statement_id}",
    "scorecard": "{scorecard_id}",
}
# Parts of addresses that are no ids.
WORDS = {"key": "00" * 32, "kind": "company-tolerances", "what": "orders"}
EMPTY_FORM = {"content-type": "application/x-www-form-urlencoded"}
# Forms of pages that say the same as a body of the API.
FORMS = {
    "/orders/new": "createPurchaseOrder",
    "/orders/{order_id}/edit": "editPurchaseOrder",
    "/orders/{order_id}/respond": "respondToPurchaseOrder",
    "/orders/{order_id}/responses": "acceptPurchaseOrder",
    "/orders/{order_id}/responses/{response_id}/decline": "declineResponse",
    "/orders/{order_id}/cancel": "cancelPurchaseOrder",
    "/orders/{order_id}/lines/{line_id}/close": "closePurchaseOrderLine",
    "/orders/{order_id}/hold": "holdPurchaseOrder",
    "/orders/{order_id}/return": "returnPurchaseOrder",
    "/orders/{order_id}/despatch": "createDespatchAdvice",
    "/orders/{order_id}/receive": "createGoodsReceipt",
    "/orders/{order_id}/invoice": "createInvoice",
    "/despatch-advices/{advice_id}/edit": "replaceDespatchAdvice",
    "/despatch-advices/{advice_id}/cancel": "cancelDespatchAdvice",
    "/despatch-advices/{advice_id}/receive": "createGoodsReceipt",
    "/despatch-advices/{advice_id}/invoice": "createInvoice",
    "/orders/{order_id}/template": "createOrderTemplate",
    "/order-templates/{template_id}/edit": "editOrderTemplate",
    "/orders/{order_id}/service-entry": "createServiceEntry",
    "/service-entries/{service_entry_id}/edit": "replaceServiceEntry",
    "/service-entries/{service_entry_id}/decide": "decideServiceEntry",
    "/service-entries/{service_entry_id}/reject": "rejectServiceEntry",
    "/service-entries/{service_entry_id}/reverse": "reverseServiceEntry",
    "/service-entries/{service_entry_id}/cancel": "cancelServiceEntry",
    "/contracts/new": "createContract",
    "/contracts/{contract_id}/edit": "replaceContract",
    "/contracts/{contract_id}/record": "recordContract",
    "/contracts/{contract_id}/clauses": "setContractClauses",
    "/contracts/{contract_id}/performance": "setContractPerformance",
    "/deliverables/{deliverable_id}/deliver": "reportDeliverable",
    "/deliverables/{deliverable_id}/refuse": "refuseDeliverable",
    "/contracts/{contract_id}/comments": "commentOnContract",
    "/clauses/new": "writeClause",
    "/clauses/{clause_id}": "rewriteClause",
    "/contracts/{contract_id}/present": "presentContract",
    "/contracts/{contract_id}/object": "objectToContract",
    "/contracts/{contract_id}/reopen": "reopenContract",
    "/debit-notes/{debit_note_id}/waive": "waiveDebitNote",
    "/contracts/{contract_id}/amendments": "amendContract",
    "/contracts/{contract_id}/give-notice": "giveContractNotice",
    "/contracts/{contract_id}/terminate": "terminateContract",
    "/contracts/{contract_id}/cancel": "cancelContract",
    "/receipts/{receipt_id}/reverse": "reverseGoodsReceipt",
    "/receipts/{receipt_id}/inspect": "inspectGoods",
    "/receipts/{receipt_id}/inspections/{inspection_id}/reverse": "reverseInspection",
    "/invoices/{invoice_id}/edit": "editInvoice",
    "/invoices/{invoice_id}/dispute": "disputeInvoice",
    "/invoices/{invoice_id}/reject": "rejectInvoice",
    "/invoices/{invoice_id}/settle": "settleInvoice",
    "/invoices/{invoice_id}/credit": "createCreditNote",
    "/credit-notes/{credit_id}/edit": "replaceCreditNote",
    "/credit-notes/{credit_id}/reject": "rejectCreditNote",
    "/credit-notes/{credit_id}/settle": "settleCreditNote",
    "/settings/{kind}/{subject_id}": "proposeTolerances",
    "/settings/versions/{setting_id}/decline": "declineSetting",
    "/settings/versions/{setting_id}/withdraw": "withdrawSetting",
    "/suppliers/{supplier_id}/holds/{what}": "holdSupplier",
    "/bank-accounts/new": "enterBankAccount",
    "/bank-accounts/{bank_account_id}/decline": "declineBankAccount",
    "/bank-accounts/{bank_account_id}/withdraw": "withdrawBankAccount",
    "/bank-accounts/{bank_account_id}/end": "endBankAccount",
    "/supplier-accounts/{approval_id}/propose": "proposeSupplierAccount",
    "/supplier-accounts/{approval_id}/decline": "declineSupplierAccount",
    "/supplier-accounts/{approval_id}/revoke": "revokeSupplierAccount",
    "/supplier-accounts/cool-off": "proposeCoolOff",
    "/signings/{signing_id}/last-day": "setLastDayToSign",
    "/signings/{signing_id}/signatories/{signatory_id}/name": "nameSignatory",
    "/signings/{signing_id}/decline": "declineSigning",
    "/signings/{signing_id}/withdraw": "withdrawSigning",
    "/orders/{order_id}/ratings": "ratePurchaseOrder",
    "/ratings/shown": "proposeRatingsShown",
    "/profile/bank-account": "tellOwnAccount",
    "/alerts/{alert_id}/resolve": "resolveAlert",
    "/payment-terms": "offerPaymentTerms",
    "/suppliers/{supplier_id}/payment-terms": "agreePaymentTerms",
    "/legal-holds": "placeLegalHold",
    "/legal-holds/{hold_id}/release": "releaseLegalHold",
    "/people/{person_id}/see-as": "seeAs",
    "/emergency-access": "askEmergencyAccess",
    "/emergency-access/{emergency_id}/decline": "declineEmergencyAccess",
    "/emergency-access/{emergency_id}/review": "reviewEmergencyAccess",
    "/access-reviews/roles/{reviewed_id}": "decideReviewedRole",
    "/access-reviews/{review_id}/decide": "decideReviewedRoles",
    "/engagements": "openEngagement",
    "/engagements/{engagement_id}/close": "closeEngagement",
    "/engagements/{engagement_id}/samples": "drawSample",
    "/engagements/{engagement_id}/workpapers": "writeWorkpaper",
    "/workpapers/{paper_id}/items/{sample_item_id}": "enterSampleResult",
    "/workpapers/{paper_id}/sign": "signWorkpaper",
    "/evidence": "askEvidence",
    "/batches": "askBatch",
    "/organisation": "switchOrganisation",
    "/suppliers/{supplier_id}/standing-overrides": "overrideStanding",
    "/suppliers/{supplier_id}/standing-overrides/{override_id}/end": "endStandingOverride",
    "/suppliers/{supplier_id}/scorecard/restate": "restateScorecard",
    "/scorecards/freeze": "freezeScorecards",
    "/scorecards/excuses": "excuseFact",
    "/scorecards/excuses/{excuse_id}/grant": "grantExcuse",
    "/scorecards/excuses/{excuse_id}/refuse": "refuseExcuse",
    "/scorecards/excuses/{excuse_id}/withdraw": "withdrawExcuse",
    "/imports/mappings/{import_mapping_id}/rename": "renameImportMapping",
    "/imports/{file_import_id}/mapping/keep": "saveImportMapping",
}


class Route(NamedTuple):
    method: str
    path: str
    permission: str | None
    operation: str | None = None

    @property
    def writes(self) -> bool:
        return self.method != "GET" and self.path.startswith("/api/")


def routes(app: Litestar) -> list[Route]:
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if handler.handler_name != "options_handler":
                permission = permission_of(handler)
                paths = _of_documents(route.path_format)
                named = getattr(handler, "operation_id", None)
                found += [Route(method, path, permission, named) for method in handler.http_methods for path in paths]
    return [route for route in found if route.permission != "public"]


def _of_documents(path: str) -> list[str]:
    """A document's address once for each kind of record, with the name of that record's id."""
    if "{record_id}" not in path:
        return [path]
    kinds = [kind for kind in RECORDS if f"/{kind}s/" in path] or list(RECORDS)
    return [path.replace("{kind}", kind).replace("{record_id}", RECORDS[kind]) for kind in kinds]


def address(route: Route, ids: dict[str, UUID]) -> str:
    """The route's path with records of the world; what the world has none of gets an id that nobody has."""
    path = route.path
    for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
        value = WORDS.get(name) or str(ids.get(name) or new_id())
        path = path.replace("{" + name + "}", value)
    return path


async def ask(client: Any, route: Route, path: str, body: Any = None) -> Any:
    if route.method == "GET":
        return await client.get(path)
    if isinstance(body, bytes):
        return await client.request(route.method, path, content=body, headers={"content-type": "application/xml"})
    if route.path.startswith("/api/"):
        return await client.request(route.method, path, json=body or {})
    return await client.request(route.method, path, data=dict(typed(body or {})) or None, headers=EMPTY_FORM)


def right_body(route: Route, ids: dict[str, UUID]) -> Any:
    """Nothing is wrong with it but who sends it: as JSON or XML to the API, as a form's fields to a page."""
    return body_of(route.operation or FORMS.get(route.path), ids)
