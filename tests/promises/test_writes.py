"""Every write of the API, sent right by who may: it is done, once, and the log says so; a repetition with its key
answers the same."""

import pytest
from litestar import Litestar

from portal.access.guards import permission_of
from tests.harness.audits import WRITES as OF_AUDITS
from tests.harness.banks import proved
from tests.harness.batches import WRITES as OF_BATCHES
from tests.harness.bodies import body_of
from tests.harness.changes import change_offered, change_waiting
from tests.harness.credits import approved_credit, drafted_credit, sent_credit
from tests.harness.debits import WRITES as OF_CONTRACTS
from tests.harness.invoices import approved_invoice, draft_invoice, submitted_invoice
from tests.harness.oversight import (
    emergency_asked,
    emergency_over,
    emergency_running,
    review_decided,
    review_of_the_known,
    review_open,
    role_meant,
)
from tests.harness.ratings import finished_order
from tests.harness.scores import scored_lately
from tests.harness.services import accepted_services, drafted_entry, service_order, submitted_entry
from tests.harness.signings import WRITES as OF_SIGNINGS
from tests.harness.situations import (
    Situation,
    billed,
    brought,
    closed_short,
    colleague,
    countered,
    credited,
    despatch_prepared,
    differing,
    due_last_month,
    excused_lately,
    file_attached,
    former_colleague,
    held,
    hosted,
    in_inspection,
    inspected,
    invited,
    nothing_yet,
    objected,
    on_hold,
    on_the_portal,
    on_the_way,
    order_in,
    orders_held,
    orders_meant,
    paid_by_mistake,
    priced,
    received,
    relation_ended,
    relation_held,
    retired,
    services,
    setting_proposed,
    stated,
    template_kept,
    term_offered,
    tolerances_meant,
    waiting_to_run,
)
from tests.harness.situations_of_money import (
    account_approved,
    account_entered,
    account_offered,
    account_proposed,
    alert_raised,
)
from tests.harness.world import (
    accepted_order,
    an_item,
    approved_order,
    draft_order,
    issued_order,
    submitted_order,
    trading_pair,
)

PAPERS = "PurchaseOrder DespatchAdvice Invoice Statement CreditNote Scorecard ServiceEntry Contract DebitNote"
LATER = {f"retry{kind}Document" for kind in PAPERS.split()}  # tests/documents, evidence, signatures
LATER |= {"sendFilePart", "openSigning", "bringSignedDocument", "seeAs", "setIdentityProvider"}  # and access
LATER |= {"unlinkMember", "unlinkFormerMembers"}  # and access
LATER |= {"receiveInvoice", "receiveCreditNote"}
LATER |= {f"{verb}ByDocument" for verb in ("respond", "cancel", "despatch", "enter")}

WRITES: dict[str, tuple[str, Situation]] = {
    "createPurchaseOrder": ("requester", nothing_yet),
    "editPurchaseOrder": ("requester", order_in(draft_order)),
    "submitPurchaseOrder": ("requester", order_in(draft_order)),
    "withdrawPurchaseOrder": ("requester", order_in(submitted_order)),
    "discardPurchaseOrder": ("requester", order_in(draft_order)),
    "approvePurchaseOrder": ("approver", order_in(submitted_order)),
    "returnPurchaseOrder": ("approver", order_in(submitted_order)),
    "issuePurchaseOrder": ("buyer", order_in(approved_order)),
    "cancelPurchaseOrder": ("buyer", order_in(issued_order)),
    "holdPurchaseOrder": ("buyer", order_in(accepted_order)),
    "releasePurchaseOrder": ("buyer", held),
    "closePurchaseOrder": ("buyer", order_in(accepted_order)),
    "closePurchaseOrderLine": ("buyer", order_in(accepted_order)),
    "reopenPurchaseOrderLine": ("buyer", closed_short),
    "respondToPurchaseOrder": ("order_desk", order_in(issued_order)),
    "proposeOrderChange": ("buyer", order_in(accepted_order)),
    "approveOrderChange": ("approver", change_waiting),
    "acceptOrderChange": ("buyer", change_offered),
    "declineOrderChange": ("buyer", change_offered),
    "withdrawOrderChange": ("buyer", change_waiting),
    "acceptResponse": ("buyer", countered),
    "declineResponse": ("buyer", countered),
    "createDespatchAdvice": ("shipping", order_in(accepted_order)),
    "replaceDespatchAdvice": ("shipping", despatch_prepared),
    "despatchGoods": ("shipping", despatch_prepared),
    "cancelDespatchAdvice": ("shipping", despatch_prepared),
    "endDespatchAdvice": ("receiver", on_the_way),
    "createGoodsReceipt": ("receiver", order_in(accepted_order)),
    "reverseGoodsReceipt": ("receiver", received),
    "inspectGoods": ("receiver", in_inspection),
    "reverseInspection": ("receiver", inspected),
    "copyPurchaseOrder": ("requester", order_in(issued_order)),
    "createOrderTemplate": ("requester", order_in(draft_order)),
    "editOrderTemplate": ("requester", template_kept),
    "deleteOrderTemplate": ("requester", template_kept),
    "applyOrderTemplate": ("requester", template_kept),
    "createContract": ("buyer", nothing_yet),
    **OF_CONTRACTS,
    **OF_SIGNINGS,
    **OF_AUDITS,
    **OF_BATCHES,
    "createServiceEntry": ("order_desk", order_in(service_order)),
    "replaceServiceEntry": ("order_desk", services(drafted_entry)),
    "submitServiceEntry": ("order_desk", services(drafted_entry)),
    "cancelServiceEntry": ("order_desk", services(drafted_entry)),
    "decideServiceEntry": ("requester", services(submitted_entry)),
    "acceptServiceEntry": ("receiver", services(submitted_entry)),
    "rejectServiceEntry": ("receiver", services(submitted_entry)),
    "reverseServiceEntry": ("receiver", services(accepted_services)),
    "createInvoice": ("billing", received),
    "editInvoice": ("billing", billed(draft_invoice)),
    "discardInvoice": ("billing", billed(draft_invoice)),
    "submitInvoice": ("billing", billed(draft_invoice)),
    "matchInvoice": ("payable", billed(submitted_invoice)),
    "approveInvoice": ("payable", billed(submitted_invoice)),
    "disputeInvoice": ("payable", billed(submitted_invoice)),
    "rejectInvoice": ("payable", billed(submitted_invoice)),
    "settleInvoice": ("payable", billed(approved_invoice)),
    "reversePayment": ("payable", paid_by_mistake),
    "acceptInvoiceException": ("buyer", differing),
    "answerInvoiceException": ("buyer", differing),
    "createCreditNote": ("billing", billed(submitted_invoice)),
    "replaceCreditNote": ("billing", credited(drafted_credit)),
    "submitCreditNote": ("billing", credited(drafted_credit)),
    "discardCreditNote": ("billing", credited(drafted_credit)),
    "approveCreditNote": ("payable", credited(sent_credit)),
    "rejectCreditNote": ("payable", credited(sent_credit)),
    "settleCreditNote": ("payable", credited(approved_credit)),
    "replaceCompany": ("administrator", nothing_yet),
    "createSupplier": ("supplier_manager", nothing_yet),
    "addRegisteredSupplier": ("supplier_manager", on_the_portal),
    "replaceSupplier": ("supplier_manager", hosted),
    "replaceSupplierTerms": ("supplier_manager", nothing_yet),
    "inviteSupplier": ("supplier_manager", hosted),
    "approveSupplier": ("supplier_manager", relation_held),
    "suspendSupplier": ("supplier_manager", nothing_yet),
    "endSupplier": ("supplier_manager", nothing_yet),
    "reinstateSupplier": ("supplier_manager", relation_ended),
    "createItem": ("supplier_manager", nothing_yet),
    "replaceItem": ("supplier_manager", nothing_yet),
    "retireItem": ("supplier_manager", nothing_yet),
    "reinstateItem": ("supplier_manager", retired),
    "createPrices": ("supplier_manager", nothing_yet),
    "replacePrice": ("supplier_manager", priced),
    "enterBankAccount": ("billing", nothing_yet),
    "confirmBankAccount": ("billing", account_entered),
    "declineBankAccount": ("billing", account_entered),
    "withdrawBankAccount": ("billing", account_entered),
    "endBankAccount": ("billing", account_offered),
    "proposeSupplierAccount": ("payable", account_offered),
    "approveSupplierAccount": ("approver", account_proposed),
    "declineSupplierAccount": ("payable", account_proposed),
    "revokeSupplierAccount": ("payable", account_approved),
    "proposeCoolOff": ("payable", nothing_yet),
    "takeAlert": ("administrator", alert_raised),
    "resolveAlert": ("administrator", alert_raised),
    "offerPaymentTerms": ("supplier_manager", nothing_yet),
    "retirePaymentTerms": ("supplier_manager", term_offered),
    "agreePaymentTerms": ("supplier_manager", term_offered),
    "setRateAge": ("payable", nothing_yet),
    "enterExchangeRates": ("payable", nothing_yet),
    "overrideStanding": ("supplier_manager", nothing_yet),
    "endStandingOverride": ("supplier_manager", scored_lately),
    "freezeScorecards": ("supplier_manager", due_last_month),
    "restateScorecard": ("supplier_manager", scored_lately),
    "excuseFact": ("order_desk", scored_lately),
    "grantExcuse": ("supplier_manager", scored_lately),
    "refuseExcuse": ("supplier_manager", scored_lately),
    "withdrawExcuse": ("supplier_manager", excused_lately),
    "setInvoiceSettings": ("administrator", nothing_yet),
    "setScorecardSettings": ("supplier_manager", nothing_yet),
    "ratePurchaseOrder": ("receiver", order_in(finished_order)),
    "proposeRatingsShown": ("supplier_manager", nothing_yet),
    "proposeTolerances": ("supplier_manager", tolerances_meant),
    "approveSetting": ("approver", setting_proposed),
    "declineSetting": ("approver", setting_proposed),
    "withdrawSetting": ("supplier_manager", setting_proposed),
    "holdSupplier": ("supplier_manager", orders_meant),
    "releaseSupplier": ("supplier_manager", orders_held),
    "inviteMember": ("administrator", nothing_yet),
    "inviteAgain": ("administrator", invited),
    "withdrawInvitation": ("administrator", invited),
    "forgetInvitation": ("administrator", invited),
    "signOutMember": ("administrator", colleague),
    "changeMember": ("administrator", colleague),
    "removeMember": ("administrator", colleague),
    "reinstateMember": ("administrator", former_colleague),
    "setSecuritySettings": ("administrator", nothing_yet),
    "publishLegalText": ("administrator", nothing_yet),
    "publishLetterhead": ("administrator", nothing_yet),
    "sendStatement": ("payable", order_in(accepted_order)),
    "placeLegalHold": ("administrator", nothing_yet),
    "releaseLegalHold": ("administrator", on_hold),
    "askEmergencyAccess": ("receiver", nothing_yet),
    "grantEmergencyAccess": ("administrator", emergency_asked),
    "declineEmergencyAccess": ("approver", emergency_asked),
    "withdrawEmergencyAccess": ("receiver", emergency_asked),
    "endEmergencyAccess": ("administrator", emergency_running),
    "reviewEmergencyAccess": ("approver", emergency_over),
    "openAccessReview": ("administrator", nothing_yet),
    "closeAccessReview": ("administrator", review_decided),
    "keepReviewedRoles": ("administrator", review_of_the_known),
    "decideReviewedRole": ("administrator", review_open),
    "decideReviewedRoles": ("administrator", review_open),
    "setRoleOwners": ("administrator", role_meant),
    "proposeAccessReviewDays": ("administrator", nothing_yet),
    "agreeToStatement": ("billing", stated),
    "objectToStatement": ("billing", stated),
    "replyToObjection": ("payable", objected),
    "correctStatement": ("payable", objected),
    "withdrawStatement": ("payable", objected),
    "createFile": ("buyer", order_in(accepted_order)),
    "shareFile": ("buyer", file_attached),
    "deleteFile": ("buyer", file_attached),
    "createImport": ("supplier_manager", nothing_yet),
    "putImportFile": ("supplier_manager", brought),
    "removeImportFile": ("supplier_manager", brought),
    "mapImport": ("supplier_manager", brought),
    "startImport": ("supplier_manager", brought),
    "cancelImport": ("supplier_manager", waiting_to_run),
    "discardImport": ("supplier_manager", brought),
    "saveImportMapping": ("supplier_manager", brought),
    "renameImportMapping": ("supplier_manager", brought),
    "deleteImportMapping": ("supplier_manager", brought),
}


def writes_of(app: Litestar) -> dict[str, tuple[str, str]]:
    """Method and path of every operation that changes something; the API's own sign-in and sign-out aside."""
    return {
        str(handler.operation_id): (method, route.path_format)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if getattr(handler, "operation_id", None) and method not in ("GET", "OPTIONS", "HEAD")
        if permission_of(handler) not in ("public", "self:begin", "self:use")
    }


def test_no_write_is_forgotten_here(app):
    assert set(writes_of(app)) == set(WRITES) | LATER


@pytest.mark.parametrize("operation", WRITES)
async def test_a_write_is_done_once_and_repeated_word_for_word(app, client_of, superuser, operation):
    role, situation = WRITES[operation]
    company, supplier = await trading_pair()
    item = await an_item(company)
    ids = {"item_id": item.id, "supplier_id": supplier.id} | await situation(company, supplier)
    client = await client_of(proved((supplier.people | company.people)[role]))
    method, path = writes_of(app)[operation]
    path = path.format(**ids)
    send = {"json": body_of(operation, ids), "headers": {"idempotency-key": "once"}}
    entries = "select count(*) from audit_entry where owner_id = any(%s) or shown_to = any(%s)"
    before = superuser.execute(entries, sides := [[company.id, supplier.id]] * 2).fetchone()

    first = await client.request(method, path, **send)
    assert first.status_code in (200, 201, 204), first.text
    told = superuser.execute(entries, sides).fetchone()
    assert told > before, "nothing in the log says so"
    if method == "POST":
        second = await client.request(method, path, **send)
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second.headers.get("etag") == first.headers.get("etag")
        assert superuser.execute(entries, sides).fetchone() == told
