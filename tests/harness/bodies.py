"""A body that is right for every write of the API, by its operation: only who sends it, and about what, can be wrong.

What is not named here takes an empty one.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.audit.forms import HoldForm
from portal.orders.rules.ubl.answer import ORDER_RESPONSE, Answer
from portal.orders.rules.ubl.order import ORDER, ORDER_CANCELLATION, Order, OrderCancellation, OrderLine
from portal.platform.calendar import Month
from portal.platform.einvoice.syntax import write
from portal.platform.ids import new_id
from portal.ratings.forms import RatingForm, RatingsShownProposal
from portal.scorecards.forms import WeightsForm
from portal.shipments.rules.ubl import DESPATCH_ADVICE, Advice, DespatchedLine
from tests.harness.invoices import TODAY
from tests.harness.world import line

Ids = Mapping[str, UUID]
LAST_MONTH = Month.of(date.fromisoformat(TODAY)).plus(-1)
SOON = (date.fromisoformat(TODAY) + timedelta(days=9)).isoformat()
REASON = {"reason": "It is wrong."}


def body_of(operation: str | None, ids: Ids) -> Any:
    """What the operation is sent, naming records of the world where it names any; a document is bytes."""
    named = {name: str(value) for name, value in ids.items()}
    return _BODIES.get(operation or "", lambda _ids: {})(named)


def typed(body: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, str]]:
    """The same as the fields of a plain form: `lines.0.quantity`."""
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield from typed(value, f"{path}{name}.")
        elif isinstance(value, list):
            for number, each in enumerate(value):
                place = f"{path}{name}.{number}"
                yield from typed(each, f"{place}.") if isinstance(each, Mapping) else [(place, str(each))]
        else:
            yield f"{path}{name}", str(value)


_LEFT = DespatchedLine(id="1", quantity=Decimal(1), unit="C62", order_line="1")


def _order(ids: Mapping[str, str]) -> dict[str, Any]:
    goods = line(item_id=ids["item_id"], quantity="2")
    return {"supplier_id": ids["supplier_id"], "currency": "EUR", "lines": [goods]}


def _engagement(ids: Mapping[str, str]) -> dict[str, Any]:
    email = f"eva.{new_id().hex[-12:]}@audit.test"
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    return {"title": "Purchasing", "email": email, "owner_id": ids["owner_id"], "until": until}


def _answer(_ids: Mapping[str, str]) -> dict[str, Any]:
    return {"code": "CA", "lines": [{"line": 1, "code": "3", "quantity": "7", "reason": "Short of stock"}]}


def _despatch(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"carrier": "Post", "lines": [{"order_line_id": ids["line_id"], "quantity": "1"}]}


def _file(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"kind": "purchase-order", "record_id": ids["order_id"], "name": "drawing.pdf", "size": 300}


def _receipt(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"lines": [{"order_line_id": ids["line_id"], "accepted": "1"}]}


def _invoice(ids: Mapping[str, str]) -> dict[str, Any]:
    billed = {"order_line_id": ids["line_id"], "quantity": "1", "unit_price": "12.50"}
    return {"order_id": ids["order_id"], "number": "R-77", "issue_date": "2026-11-21", "lines": [billed]}


def _service(ids: Mapping[str, str]) -> dict[str, Any]:
    period = {"performed_from": "2026-11-01", "performed_until": "2026-11-02"}
    lines = [{"order_line_id": ids["line_id"], "quantity": "1"}]
    return {"order_id": ids["order_id"], "lines": lines, **period}


def _decision(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"lines": [{"line_id": ids["service_line_id"], "decision": "accept"}]}


_CREDIT = {"number": "C-77", "issue_date": str(TODAY), "kind": "whole", "reason": "It was billed by mistake."}


def _rates(_ids: Mapping[str, str]) -> dict[str, Any]:
    return {"rates": [{"currency": "USD", "valid_on": "2026-01-02", "rate": "0.92", "source": "ECB"}]}


def _excuse(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"criterion": "quality", "fact_id": ids["fact_id"], "code": "carrier"} | REASON


def _prices(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"supplier_id": ids["supplier_id"], "currency": "EUR", "breaks": [{"unit_price": "8.25"}]}


CLAUSE = {"title": "Delivery", "body": "{supplier} delivers free works until {valid_to}."}


def _contract(ids: Mapping[str, str]) -> dict[str, Any]:
    terms = [{"item_id": ids["item_id"], "unit_price": "9.50", "quantity": "100"}]
    valid = {"valid_from": "2026-01-01", "valid_to": "2030-12-31"}
    return {
        "supplier_id": ids["supplier_id"],
        "title": "Fasteners",
        "kind": "quantity",
        "currency": "EUR",
        "terms": terms,
        **valid,
    }


def _signed(ids: Mapping[str, str]) -> dict[str, Any]:
    named = {"signed_for_buyer": "A. Weber", "signed_for_supplier": "B. Bolt"}
    return {"signed_on": "2026-11-02", "file_id": ids.get("file_id", str(new_id())), **named}


def _item(_ids: Mapping[str, str]) -> dict[str, Any]:
    number = f"N-{new_id().hex[-8:]}"
    return {"number": number, "name": number, "unit": "C62", "tax_category": "S", "tax_rate": "19"}


def _supplier(_ids: Mapping[str, str]) -> dict[str, Any]:
    return {"name": f"Newcomer {new_id().hex[-8:]}", "country": "DE", "city": "Hagen"}


_ACCOUNT = {
    "holder": "Bolt GmbH", "country": "DE", "currency": "EUR", "number": "DE89370400440532013000", "bic": "COBADEFFXXX",
}  # fmt: skip
_BODIES: dict[str, Any] = {
    "enterByDocument": lambda _ids: write(ORDER, Order(currency="EUR", lines=(OrderLine(id="1"),))),
    "respondByDocument": lambda _ids: write(ORDER_RESPONSE, Answer(code="AP", order="PO-1")),
    "cancelByDocument": lambda _ids: write(ORDER_CANCELLATION, OrderCancellation(order="PO-1")),
    "despatchByDocument": lambda _ids: write(DESPATCH_ADVICE, Advice(order="PO-1", lines=(_LEFT,))),
    **dict.fromkeys(("writeClause", "rewriteClause"), lambda _ids: CLAUSE),
    "commentOnContract": lambda _ids: {"comment": "Can you deliver within a week?"},
    "setContractClauses": lambda _ids: {"clauses": [CLAUSE]},
    "createContract": _contract,
    "replaceContract": _contract,
    "recordContract": _signed,
    "objectToContract": lambda _ids: REASON,
    "reopenContract": lambda _ids: REASON,
    "waiveDebitNote": lambda _ids: REASON,
    "giveContractNotice": lambda _ids: REASON,
    "terminateContract": lambda _ids: REASON,
    "cancelContract": lambda _ids: REASON,
    "reportDeliverable": lambda _ids: REASON,
    "refuseDeliverable": lambda _ids: REASON,
    "nameSignatory": lambda ids: {"person_id": ids.get("signer_id")},
    "setLastDayToSign": lambda _ids: {"sign_until": SOON},
    "bringSignedDocument": lambda _ids: b"%PDF-1.7 nothing",
    "declineSigning": lambda _ids: REASON,
    "withdrawSigning": lambda _ids: REASON,
    "proposeOrderChange": lambda _ids: {"lines": [{"line": 1, "code": "3", "quantity": "9"}]},
    "declineOrderChange": lambda _ids: REASON,
    "enterBankAccount": lambda _ids: _ACCOUNT,
    "declineBankAccount": lambda _ids: REASON,
    "withdrawBankAccount": lambda _ids: REASON,
    "endBankAccount": lambda _ids: REASON,
    "proposeSupplierAccount": lambda _ids: {"call_back": "Called Ms Berg: she confirmed it."},
    "declineSupplierAccount": lambda _ids: REASON,
    "revokeSupplierAccount": lambda _ids: REASON,
    "proposeCoolOff": lambda _ids: {"days": 7} | REASON,
    "resolveAlert": lambda _ids: REASON,
    "tellOwnAccount": lambda _ids: {"country": "DE", "number": _ACCOUNT["number"]},
    "setRateAge": lambda _ids: {"rate_days": 14},
    "createItem": _item,
    "replaceItem": _item,
    "retireItem": lambda _ids: REASON,
    "createPrices": _prices,
    "replacePrice": lambda _ids: {"currency": "EUR", "unit_price": "8.50"},
    "createSupplier": _supplier,
    "replaceSupplier": _supplier,
    "replaceCompany": lambda _ids: {"city": "Bremen", "language": "en", "time_zone": "Europe/Berlin"},
    "addRegisteredSupplier": lambda ids: {"registered": ids.get("registered", "4000001000005")},
    "replaceSupplierTerms": lambda _ids: {"supplier_number": "S-77", "response_days": 3},
    "inviteSupplier": lambda _ids: {"email": f"first.{new_id().hex[-12:]}@example.test"},
    "suspendSupplier": lambda _ids: REASON,
    "endSupplier": lambda _ids: REASON,
    "createCreditNote": lambda ids: {"invoice_id": ids["invoice_id"]} | _CREDIT,
    "replaceCreditNote": lambda _ids: _CREDIT,
    "rejectCreditNote": lambda _ids: REASON,
    "settleCreditNote": lambda _ids: {"date": str(TODAY), "reference": "SET-1"},
    "offerPaymentTerms": lambda _ids: {"name": "45 days", "days": 45},
    "agreePaymentTerms": lambda ids: {"payment_term_id": ids["term_id"]},
    "enterExchangeRates": _rates,
    "createPurchaseOrder": _order,
    "editPurchaseOrder": lambda ids: {"note": "Ring twice.", "lines": _order(ids)["lines"]},
    "respondToPurchaseOrder": _answer,
    "acceptPurchaseOrder": lambda _ids: {"code": "AP"},
    "declineResponse": lambda _ids: REASON,
    "closePurchaseOrderLine": lambda _ids: REASON,
    "cancelPurchaseOrder": lambda _ids: REASON,
    "holdPurchaseOrder": lambda _ids: REASON,
    "returnPurchaseOrder": lambda _ids: REASON,
    "createDespatchAdvice": _despatch,
    "replaceDespatchAdvice": _despatch,
    "cancelDespatchAdvice": lambda _ids: REASON,
    "createGoodsReceipt": _receipt,
    "createFile": _file,
    "reverseGoodsReceipt": lambda _ids: REASON,
    "inspectGoods": lambda ids: {
        "lines": [{"receipt_line_id": str(ids.get("receipt_line_id", ids["line_id"])), "accepted": "1"}]
    },
    "reverseInspection": lambda _ids: REASON,
    "createOrderTemplate": lambda ids: {"order_id": ids["order_id"], "name": "Monthly"},
    "editOrderTemplate": lambda _ids: {"name": "Weekly", "shared": True},
    "createServiceEntry": _service,
    "replaceServiceEntry": _service,
    "decideServiceEntry": _decision,
    "cancelServiceEntry": lambda _ids: REASON,
    "rejectServiceEntry": lambda _ids: REASON,
    "reverseServiceEntry": lambda _ids: REASON,
    "createInvoice": _invoice,
    "editInvoice": lambda ids: {"number": "R-78", "lines": _invoice(ids)["lines"]},
    "disputeInvoice": lambda _ids: REASON,
    "rejectInvoice": lambda _ids: REASON,
    "switchOrganisation": lambda ids: {"organisation": ids["organisation_id"]},
    "inviteMember": lambda _ids: {"email": f"new.{new_id().hex[-12:]}@example.test", "roles": ["auditor"]},
    "changeMember": lambda _ids: {"roles": ["auditor"]},
    "setSecuritySettings": lambda _ids: {"second_factor": "own", "session_hours": 8},
    "publishLegalText": lambda _ids: {"kind": "terms", "text_en": "Be fair."},
    "sendStatement": lambda ids: {"supplier_id": ids["supplier_id"], "currency": "EUR"},
    "seeAs": lambda _ids: {"minutes": 5} | REASON,
    "askEmergencyAccess": lambda _ids: {"roles": ["buyer"], "minutes": 30} | REASON,
    "declineEmergencyAccess": lambda _ids: REASON,
    "reviewEmergencyAccess": lambda _ids: {"verdict": "justified", "note": "One order, which could not wait."},
    "decideReviewedRoles": lambda ids: {"roles": [str(ids.get("reviewed_id", new_id()))], "decision": "keep"} | REASON,
    "decideReviewedRole": lambda _ids: {"decision": "keep"} | REASON,
    "setRoleOwners": lambda _ids: {"owners": []},
    "proposeAccessReviewDays": lambda _ids: {"reviewer_days": 30} | REASON,
    "openEngagement": _engagement,
    "closeEngagement": lambda _ids: REASON,
    "drawSample": lambda ids: {"engagement_id": ids["engagement_id"], "title": "Orders", "kind": "orders", "size": "5"},
    "writeWorkpaper": lambda ids: {
        "engagement_id": ids["engagement_id"],
        "kind": "note",
        "title": "Seen",
        "body": "Well.",
    },
    "enterSampleResult": lambda _ids: {"outcome": "exception", "note": "No approval"},
    "signWorkpaper": lambda ids: {"digest": ids.get("digest", "0" * 64)},
    "askBatch": lambda ids: {"kind": "invoice", "month": TODAY[:7], "partner_id": ids.get("supplier_id")},
    "askEvidence": lambda ids: {"engagement_id": ids["engagement_id"]},
    **dict.fromkeys(
        ("objectToStatement", "replyToObjection", "correctStatement", "withdrawStatement"), lambda _ids: REASON
    ),
    "placeLegalHold": lambda _ids: HoldForm.EXAMPLE,
    "releaseLegalHold": lambda _ids: REASON,
    "acceptInvoiceException": lambda _ids: REASON,
    "answerInvoiceException": lambda _ids: {"answer": "credit_note"} | REASON,
    "setInvoiceSettings": lambda _ids: {"match_basis": "three_way"},
    "setScorecardSettings": lambda _ids: {"weights": WeightsForm.EXAMPLE, "in_full_tolerance": "2"},
    "proposeTolerances": lambda _ids: {"tolerances": {"receive": {"percent": "5"}}, "reason": "Cut to length."},
    "declineSetting": lambda _ids: REASON,
    "withdrawSetting": lambda _ids: REASON,
    "holdSupplier": lambda _ids: {"until": SOON, "reason": "The certificate has run out."},
    "createImport": lambda _ids: {"kind": "items"},
    "mapImport": lambda _ids: {"kind": "suppliers"},
    "startImport": lambda _ids: {"trial": True},
    "saveImportMapping": lambda ids: {"name": "Every month", "import_id": ids["file_import_id"]},
    "renameImportMapping": lambda _ids: {"name": "Every week"},
    "ratePurchaseOrder": lambda _ids: RatingForm.EXAMPLE,
    "proposeRatingsShown": lambda _ids: RatingsShownProposal.EXAMPLE,
    "overrideStanding": lambda _ids: {
        "until": str(date.fromisoformat(TODAY) + timedelta(days=9)),
        "reason": "The only source.",
    },
    "endStandingOverride": lambda _ids: REASON,
    "freezeScorecards": lambda _ids: {"month": str(LAST_MONTH)},
    "restateScorecard": lambda _ids: {"month": str(LAST_MONTH)} | REASON,
    "excuseFact": _excuse,
    "grantExcuse": lambda _ids: REASON,
    "refuseExcuse": lambda _ids: REASON,
    "withdrawExcuse": lambda _ids: REASON,
    "endDespatchAdvice": lambda _ids: REASON,
    "reversePayment": lambda _ids: REASON,
    "settleInvoice": lambda _ids: {"date": str(TODAY), "reference": "TRF-1"},
}
