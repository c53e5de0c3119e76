"""What happens to contracts."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class ContractCreated:
    """A draft, which only the buyer sees."""

    code = "contract.created"
    contract_id: UUID


@dataclass(frozen=True)
class ContractEdited:
    """Its terms are other ones: an agreement to those before is over."""

    code = "contract.edited"
    contract_id: UUID


@dataclass(frozen=True)
class ContractOffered:
    """The supplier sees it from here on."""

    code = "contract.offered"
    contract_id: UUID


@dataclass(frozen=True)
class ContractAgreed:
    """The supplier agrees to the terms as they stand; somebody may approve it now."""

    code = "contract.agreed"
    contract_id: UUID


@dataclass(frozen=True)
class ContractObjected:
    code = "contract.objected"
    contract_id: UUID
    reason: str


@dataclass(frozen=True)
class ContractCommented:
    """One side says something to the other, whatever state the contract is in."""

    code = "contract.commented"
    contract_id: UUID
    comment: str


@dataclass(frozen=True)
class ContractApproved:
    code = "contract.approved"
    contract_id: UUID


@dataclass(frozen=True)
class ContractReopened:
    """Back to negotiation: agreement and approval are void."""

    code = "contract.reopened"
    contract_id: UUID
    reason: str


@dataclass(frozen=True)
class ContractSigning:
    """Both sides may sign from here on."""

    code = "contract.signing"
    contract_id: UUID


@dataclass(frozen=True)
class ContractDeclined:
    """The supplier does not sign it: it is in negotiation again."""

    code = "contract.declined"
    contract_id: UUID
    reason: str


@dataclass(frozen=True)
class ContractRecorded:
    """A second person of the buyer holds the signed paper, and its scan is attached."""

    code = "contract.recorded"
    contract_id: UUID
    signed_on: date


@dataclass(frozen=True)
class ContractActivated:
    code = "contract.activated"
    contract_id: UUID


@dataclass(frozen=True)
class ContractEnding:
    """The last day to give notice is near, or the contract ends soon: told once for each end."""

    code = "contract.ending"
    contract_id: UUID
    valid_to: date


@dataclass(frozen=True)
class ContractLastDays:
    """It ends within a week: told once for each end."""

    code = "contract.last-days"
    contract_id: UUID
    valid_to: date


@dataclass(frozen=True)
class ContractNoticeDue:
    """It is renewed unless somebody gives notice until that day: told once for each period."""

    code = "contract.notice-due"
    contract_id: UUID
    until: date


@dataclass(frozen=True)
class ContractNoticeGiven:
    """One side says that it ends on its last day instead of being renewed."""

    code = "contract.notice-given"
    contract_id: UUID
    reason: str


@dataclass(frozen=True)
class ContractRenewed:
    """It goes on until another last day: nobody gave notice in time."""

    code = "contract.renewed"
    contract_id: UUID
    valid_to: date


@dataclass(frozen=True)
class ContractNearlyUsed:
    """Four fifths of a cap, without its allowance, are called off: told once."""

    code = "contract.nearly-used"
    contract_id: UUID


@dataclass(frozen=True)
class ContractUsedUp:
    """All of a cap is called off, and what still is goes into the allowance: told once."""

    code = "contract.used-up"
    contract_id: UUID


@dataclass(frozen=True)
class ContractAmended:
    """Another version of it holds from now on: the one with this number."""

    code = "contract.amended"
    contract_id: UUID
    number: str


@dataclass(frozen=True)
class ContractAmendmentWaits:
    """An amendment was to hold by now, but orders called off more than it allows: told once."""

    code = "contract.amendment-waits"
    contract_id: UUID


@dataclass(frozen=True)
class ContractExpired:
    code = "contract.expired"
    contract_id: UUID


@dataclass(frozen=True)
class ContractTerminated:
    code = "contract.terminated"
    contract_id: UUID
    reason: str


@dataclass(frozen=True)
class ContractCancelled:
    """It never came into force."""

    code = "contract.cancelled"
    contract_id: UUID
    reason: str


@dataclass(frozen=True)
class ContractDeliverableDelivered:
    """The supplier reports one; the buyer judges it."""

    code = "contract.delivered"
    contract_id: UUID
    deliverable: str
    reason: str


@dataclass(frozen=True)
class ContractDeliverableAccepted:
    code = "contract.delivery-accepted"
    contract_id: UUID
    deliverable: str


@dataclass(frozen=True)
class ContractDeliverableRefused:
    """What was delivered is not enough: it is due again."""

    code = "contract.delivery-refused"
    contract_id: UUID
    deliverable: str
    reason: str
