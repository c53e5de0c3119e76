"""What people are told of documents to be signed: one row a notice, by the event's stable code."""

from portal.messaging.rules.shapes import Involved, Meant, Notice
from portal.platform.i18n import Message, _

_OPEN = _("Open the document")
_SIGNER = Meant("meant_for", "signatures:sign")


def _both(subject: Message, lead: Message) -> Notice:
    told = ("title", "until")
    other = Notice("reader", _SIGNER, subject, lead, _OPEN, told)
    return other._replace(side="owner", other=other)


ON_SIGNINGS: dict[str, Notice] = {
    "signatory.named": _both(
        _("You are named to sign a document with {partner}"),
        _("Only you can sign this place for your company. Read the document first."),
    ),
    "signatory.due": _both(
        _("A document with {partner} is to be signed soon"),
        _("After its last day nobody can sign it any more."),
    ),
    "signing.lapsed": Notice(
        "owner",
        Involved(("created_by",)),
        _("The last day to sign a document with {partner} is over"),
        _("Set a later day, or withdraw it."),
        _OPEN,
        ("until",),
        waits="open",
    ),
}
