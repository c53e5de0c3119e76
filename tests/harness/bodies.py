"""A body that is right for every write of the API, by its operation: only who sends it, and about what, can be wrong.

What is not named here takes an empty one.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from portal.audit.forms import HoldForm
from portal.scorecards.forms import WeightsForm
from tests.harness.invoices import TODAY
from tests.harness.world import line

Ids = Mapping[str, UUID]
REASON = {"reason": "It is wrong."}


def body_of(operation: str | None, ids: Ids) -> dict[str, Any]:
    """What the operation is sent, naming records of the world where it names any."""
    named = {name: str(value) for name, value in ids.items()}
    return _BODIES.get(operation or "", lambda _ids: {})(named)


def typed(body: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, str]]:
    """The same as the fields of a plain form: `lines.0.quantity`."""
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield from typed(value, f"{path}{name}.")
        elif isinstance(value, list):
            for number, each in enumerate(value):
                yield from typed(each, f"{path}{name}.{number}.")
        else:
            yield f"{path}{name}", str(value)


def _order(ids: Mapping[str, str]) -> dict[str, Any]:
    goods = line(item_id=ids["item_id"], quantity="2")
    return {"supplier_id": ids["supplier_id"], "currency": "EUR", "lines": [goods]}


def _answer(_ids: Mapping[str, str]) -> dict[str, Any]:
    return {"code": "CA", "lines": [{"line": 1, "code": "3", "quantity": "7", "reason": "Short of stock"}]}


def _despatch(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"carrier": "Post", "lines": [{"order_line_id": ids["line_id"], "quantity": "1"}]}


def _receipt(ids: Mapping[str, str]) -> dict[str, Any]:
    return {"lines": [{"order_line_id": ids["line_id"], "accepted": "1"}]}


def _invoice(ids: Mapping[str, str]) -> dict[str, Any]:
    billed = {"order_line_id": ids["line_id"], "quantity": "1", "unit_price": "12.50"}
    return {"order_id": ids["order_id"], "number": "R-77", "issue_date": "2026-11-21", "lines": [billed]}


_BODIES = {
    "createPurchaseOrder": _order,
    "editPurchaseOrder": lambda ids: {"note": "Ring twice.", "lines": _order(ids)["lines"]},
    "respondToPurchaseOrder": _answer,
    "acceptPurchaseOrder": lambda _ids: {"code": "AP"},
    "declineResponse": lambda _ids: REASON,
    "cancelPurchaseOrder": lambda _ids: REASON,
    "holdPurchaseOrder": lambda _ids: REASON,
    "returnPurchaseOrder": lambda _ids: REASON,
    "createDespatchAdvice": _despatch,
    "replaceDespatchAdvice": _despatch,
    "cancelDespatchAdvice": lambda _ids: REASON,
    "createGoodsReceipt": _receipt,
    "reverseGoodsReceipt": lambda _ids: REASON,
    "createInvoice": _invoice,
    "editInvoice": lambda ids: {"number": "R-78", "lines": _invoice(ids)["lines"]},
    "disputeInvoice": lambda _ids: REASON,
    "rejectInvoice": lambda _ids: REASON,
    "switchOrganisation": lambda ids: {"organisation": ids["organisation_id"]},
    "sendStatement": lambda ids: {"supplier_id": ids["supplier_id"], "currency": "EUR"},
    "objectToStatement": lambda _ids: REASON,
    "placeLegalHold": lambda _ids: HoldForm.EXAMPLE,
    "releaseLegalHold": lambda _ids: REASON,
    "acceptInvoiceException": lambda _ids: REASON,
    "setInvoiceSettings": lambda _ids: {"match_basis": "three_way"},
    "setScorecardSettings": lambda _ids: {"weights": WeightsForm.EXAMPLE, "in_full_tolerance": "2"},
    "settleInvoice": lambda _ids: {"date": str(TODAY), "reference": "TRF-1"},
}
