"""What the log calls the tables that it tells of, in the words of the pages that show them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.platform.i18n import Message, _

TABLES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "purchase_order": _("Purchase order"),
        "order_response": _("Supplier’s answer"),
        "order_response_line": _("Answered line"),
        "despatch_advice": _("Despatch advice"),
        "order_template": _("Order template"),
        "service_entry": _("Service entry"),
        "goods_receipt": _("Goods receipt"),
        "invoice": _("Invoice"),
        "credit_note": _("Credit note"),
        "statement": _("Statement"),
        "payment_term": _("Payment terms"),
        "exchange_rate": _("Exchange rate"),
        "scorecard": _("Scorecard"),
        "score_excuse": _("Excuse"),
        "standing_override": _("Exception from a standing"),
        "import_run": _("Import"),
        "file_import": _("Import"),
        "import_file": _("File of an import"),
        "import_mapping": _("Kept mapping"),
        "import_mapping_version": _("Version of a kept mapping"),
        "match_exception": _("Difference found by the match"),
        "trading_relationship": _("Trading relationship"),
        "organisation": _("Organisation"),
        "site": _("Site"),
        "person": _("Person"),
        "membership": _("Membership"),
        "invitation": _("Invitation"),
        "identity_provider": _("The company’s own sign-in"),
        "legal_text": _("Terms and notices"),
        "legal_acceptance": _("Acceptance of terms"),
        "item": _("Item"),
        "supplier_price": _("Supplier’s price"),
        "document": _("Document"),
        "legal_hold": _("Legal hold"),
        "disposal": _("Certificate of disposal"),
        "engagement": _("Engagement"),
        "workpaper": _("Workpaper"),
        "workpaper_item": _("Item of a sample"),
        "workpaper_result": _("Result of an item"),
        "workpaper_signature": _("Signature of a workpaper"),
        "evidence_bundle": _("Evidence"),
        "mail_message": _("E-mail notice"),
        "purchase_order_line": _("Order line"),
        "schedule_line": _("Scheduled delivery"),
        "despatch_line": _("Despatched line"),
        "service_entry_line": _("Performed line"),
        "goods_receipt_line": _("Received line"),
        "invoice_line": _("Invoice line"),
        "credit_note_line": _("Credited line"),
    }
)
