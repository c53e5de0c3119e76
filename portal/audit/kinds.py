"""What the log calls the tables that it tells of, in the words of the pages that show them."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from portal.audit.labels import label
from portal.platform.i18n import Message, _
from portal.platform.work import Row

TABLES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "purchase_order": _("Purchase order"),
        "order_response": _("Supplier’s answer"),
        "order_response_line": _("Answered line"),
        "order_change": _("Change of an order"),
        "order_change_line": _("Changed line"),
        "despatch_advice": _("Despatch advice"),
        "order_template": _("Order template"),
        "contract": _("Contract"),
        "contract_term": _("Price of a contract"),
        "contract_comment": _("Comment on a contract"),
        "contract_clause": _("Clause of a contract"),
        "contract_service_level": _("Service level of a contract"),
        "contract_deliverable": _("Deliverable of a contract"),
        "contract_delivery": _("Planned delivery of a contract"),
        "clause": _("Clause"),
        "contract_call_off": _("Call-off under a contract"),
        "debit_note": _("Debit note"),
        "service_entry": _("Service entry"),
        "goods_receipt": _("Goods receipt"),
        "invoice": _("Invoice"),
        "credit_note": _("Credit note"),
        "payment": _("Payment"),
        "statement": _("Statement"),
        "payment_term": _("Payment terms"),
        "exchange_rate": _("Exchange rate"),
        "scorecard": _("Scorecard"),
        "score_excuse": _("Excuse"),
        "order_rating": _("Rating"),
        "standing_override": _("Exception from a standing"),
        "import_run": _("Import"),
        "file_import": _("Import"),
        "import_file": _("File of an import"),
        "import_mapping": _("Kept mapping"),
        "import_mapping_version": _("Version of a kept mapping"),
        "match_exception": _("Difference found by the match"),
        "trading_relationship": _("Trading relationship"),
        "alert": _("Alert"),
        "signing": _("Document to be signed"),
        "signatory": _("Signature"),
        "bank_account": _("Bank account"),
        "bank_approval": _("Supplier’s bank account"),
        "organisation": _("Organisation"),
        "site": _("Site"),
        "person": _("Person"),
        "setting_version": _("Version of a setting"),
        "membership": _("Membership"),
        "see_as": _("Look as a colleague"),
        "emergency_access": _("Emergency access"),
        "role_owner": _("Owner of a role"),
        "access_review": _("Access review"),
        "reviewed_role": _("Role under review"),
        "invitation": _("Invitation"),
        "identity_provider": _("The company’s own sign-in"),
        "legal_text": _("Terms and notices"),
        "legal_acceptance": _("Acceptance of terms"),
        "item": _("Item"),
        "supplier_price": _("Supplier’s price"),
        "document": _("Document"),
        "letterhead": _("Letterhead"),
        "evidence_file": _("Attached file"),
        "legal_hold": _("Legal hold"),
        "disposal": _("Certificate of disposal"),
        "engagement": _("Engagement"),
        "workpaper": _("Workpaper"),
        "workpaper_item": _("Item of a sample"),
        "workpaper_result": _("Result of an item"),
        "workpaper_signature": _("Signature of a workpaper"),
        "evidence_bundle": _("Evidence"),
        "batch": _("Batch of documents"),
        "mail_message": _("E-mail notice"),
        "purchase_order_line": _("Order line"),
        "schedule_line": _("Scheduled delivery"),
        "despatch_line": _("Despatched line"),
        "service_entry_line": _("Performed line"),
        "goods_receipt_line": _("Received line"),
        "goods_inspection": _("Inspection of goods"),
        "invoice_line": _("Invoice line"),
        "credit_note_line": _("Credited line"),
    }
)


def kind_named(subject_kind: str) -> Message | str:
    """What a record of this kind is called: as the table that holds it, where the kind has another name."""
    kind = subject_kind.replace("-", "_")
    return TABLES.get(kind) or TABLES.get(_tables().get(subject_kind, "")) or label(kind)


@cache
def _tables() -> dict[str, str]:
    """By the kind of record the table of its rows."""
    return {row.subject_kind: row.table_name() for row in _rows(Row)}


def _rows(row_type: type[Row]) -> Iterator[type[Row]]:
    for each in row_type.__subclasses__():
        yield each
        yield from _rows(each)
