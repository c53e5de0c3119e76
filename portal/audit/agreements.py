"""Events of contracts and signatures as sentences."""

from typing import Final

from portal.platform.i18n import Message, _

AGREEMENTS: Final[dict[str, Message]] = {
    "clause.written": _("Wrote an edition of a clause"),
    "clause.retired": _("Retired a clause"),
    "signing.opened": _("Asked both sides to sign a document"),
    "signing.signed": _("Signed a document"),
    "signing.completed": _("A document was signed by all"),
    "signing.declined": _("Declined to sign a document"),
    "signing.withdrawn": _("Withdrew a document that was to be signed"),
    "signing.day-set": _("Set the last day to sign a document"),
    "signing.lapsed": _("Told that the last day to sign a document is over"),
    "signatory.named": _("Named who signs a place"),
    "signatory.freed": _("Left a place to anybody who may sign"),
    "signatory.due": _("Reminded of a document to be signed"),
    "contract.created": _("Wrote a contract"),
    "contract.edited": _("Changed a contract"),
    "contract.offered": _("Showed a contract to the supplier"),
    "contract.agreed": _("Agreed to a contract"),
    "contract.objected": _("Asked for other terms of a contract"),
    "contract.commented": _("Commented on a contract"),
    "contract.approved": _("Approved a contract"),
    "contract.reopened": _("Took a contract back to negotiation"),
    "contract.declined": _("Declined to sign a contract"),
    "contract.signing": _("Laid a contract before both sides to be signed"),
    "contract.recorded": _("Recorded that a contract was signed on paper"),
    "contract.activated": _("A contract came into force"),
    "contract.ending": _("Told that a contract ends soon"),
    "contract.last-days": _("Told that a contract ends within a week"),
    "contract.notice-due": _("Told that a contract is renewed soon"),
    "contract.notice-given": _("Gave notice of a contract"),
    "contract.amended": _("An amendment of a contract took effect"),
    "contract.amendment-waits": _("Told that an amendment cannot take effect yet"),
    "contract.renewed": _("A contract was renewed"),
    **dict.fromkeys(("contract.nearly-used", "contract.used-up"), _("Told how far a contract is called off")),
    "contract.expired": _("A contract expired"),
    "contract.terminated": _("Terminated a contract"),
    "contract.cancelled": _("Gave a contract up"),
}
