"""The names of forms' fields for people: of contracts, clauses, signatures and batches."""

from typing import Final

from portal.platform.i18n import Message, _

OF_AGREEMENTS: Final[dict[str, Message]] = {
    "clauses": _("Clauses"),
    "clause_id": _("Clause of the library"),
    "keep": _("Clause that is there already"),
    "terms": _("Terms"),
    "measure": _("Measure"),
    "least": _("At least"),
    "remedy": _("Otherwise"),
    "detail": _("What exactly"),
    "due_on": _("Due on"),
    "own_places": _("Our signatures"),
    "sign_until": _("Sign until"),
    "their_places": _("Signatures of the supplier"),
    "first": _("Who signs first"),
    "signed_for_supplier": _("For the supplier"),
    "signed_for_buyer": _("For the customer"),
    "file_id": _("Scan"),
    "signed_on": _("Signed on"),
    "value_cap": _("Value at most"),
    "notice_days": _("Tell us before it ends"),
    "renewal_months": _("Renewed by"),
    "late_rate": _("A delay costs"),
    "late_grace": _("Free days of a delay"),
    "late_cap": _("A delay costs at most"),
    "retention": _("Held back from invoices"),
    "levels": _("Service levels"),
    "deliverables": _("Deliverables"),
    "deliveries": _("Planned deliveries"),
    "id": _("Deliverable"),
    "late_per": _("Counted for each"),
    "price_day": _("Prices go by"),
    "own_people": _("Who signs"),
    "person_id": _("Who signs"),
    "direction": _("Side"),
    "partner_id": _("Partner"),
    "with_xml": _("Each also as XML"),
}
