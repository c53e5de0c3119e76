"""What happens to bank accounts. None of these ever says a number."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class BankAccountEntered:
    """A version waits for a colleague; nobody else sees it."""

    code = "bank-account.entered"
    bank_account_id: UUID
    revision: int


@dataclass(frozen=True)
class BankAccountConfirmed:
    """A second person of the supplier says that it is theirs: every buyer is asked to check it."""

    code = "bank-account.confirmed"
    bank_account_id: UUID
    number: str
    buyers: int


@dataclass(frozen=True)
class BankAccountDeclined:
    code = "bank-account.declined"
    bank_account_id: UUID
    reason: str


@dataclass(frozen=True)
class BankAccountWithdrawn:
    code = "bank-account.withdrawn"
    bank_account_id: UUID
    reason: str


@dataclass(frozen=True)
class BankAccountEnded:
    """Nobody pays to it any more, from this moment on."""

    code = "bank-account.ended"
    bank_account_id: UUID
    reason: str


@dataclass(frozen=True)
class BankAccountRevealed:
    """Somebody of its supplier looked at the full number."""

    code = "bank-account.revealed"
    bank_account_id: UUID


@dataclass(frozen=True)
class BankAccountOffered:
    """A buyer is told of an account of its supplier, and pays nothing to it yet."""

    code = "bank-approval.offered"
    approval_id: UUID
    buyer_id: UUID


@dataclass(frozen=True)
class BankApprovalProposed:
    """Somebody of the buyer called back and says that the account is right."""

    code = "bank-approval.proposed"
    approval_id: UUID


@dataclass(frozen=True)
class BankAccountApproved:
    """A second person agrees: it may be paid once the cool-off is over."""

    code = "bank-approval.approved"
    approval_id: UUID
    payable_from: datetime


@dataclass(frozen=True)
class BankApprovalDeclined:
    code = "bank-approval.declined"
    approval_id: UUID
    reason: str


@dataclass(frozen=True)
class BankApprovalRevoked:
    """The buyer pays nothing to it any more, from this moment on."""

    code = "bank-approval.revoked"
    approval_id: UUID
    reason: str


@dataclass(frozen=True)
class BankApprovalEnded:
    """The supplier ended the account, or put another version in its place before this buyer decided."""

    code = "bank-approval.ended"
    approval_id: UUID
    reason: str


@dataclass(frozen=True)
class PayableNumberRevealed:
    """Somebody of the buyer looked at the full number."""

    code = "bank-approval.revealed"
    approval_id: UUID


@dataclass(frozen=True)
class StaffAccountTold:
    """A person told which account is theirs, of which only a fingerprint and the last digits are kept."""

    code = "staff-account.told"
    personal = frozenset({"last_four"})
    person_id: UUID
    last_four: str


@dataclass(frozen=True)
class StaffAccountForgotten:
    code = "staff-account.forgotten"
    person_id: UUID
