"""What people and programs enter of bank accounts, and get to see of them."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec

from portal.banks import rules
from portal.platform.fields import Code, CountryCode, CurrencyCode, Line
from portal.platform.fields.texts import Why
from portal.platform.i18n import Message, _
from portal.platform.problems import Problems
from portal.settings.forms import Proposal


class AccountNumber(Code):
    """An IBAN or a bank's own number, with or without blanks."""

    example = "DE89 3704 0044 0532 0130 00"
    longest = 50

    @classmethod
    def expected(cls) -> Message:
        return _("Enter an IBAN or an account’s number, such as {example}.", example=cls.example)


class CallBack(Why):
    """How the buyer made sure: whom they called, at which number they had before, when, and what was said."""

    longest = 1000
    example = "Called Ms Berg at +49 421 555 010, the number of our contract, on 12 May: she confirmed the change."


class BankAccountForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new account, or the next version of the one that it `supersedes`."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "holder": "Brightbolt Fasteners GmbH",
        "country": "DE",
        "currency": "EUR",
        "number": "DE89 3704 0044 0532 0130 00",
        "bic": "COBADEFFXXX",
    }

    holder: Line
    country: CountryCode
    currency: CurrencyCode
    number: AccountNumber
    bank_code: Code | None = None
    bic: Code | None = None
    bank_name: Line | None = None
    label: Line | None = None
    supersedes: UUID | None = None

    def __post_init__(self) -> None:
        errors = list(rules.problems(self.country, self.number, self.bank_code or "", self.bic or ""))
        if errors:
            raise Problems(errors)


class StaffAccountForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A person's own account, of which a fingerprint and the last digits are kept and nothing else."""

    country: CountryCode
    number: AccountNumber
    bank_code: Code | None = None

    def __post_init__(self) -> None:
        errors = list(rules.problems(self.country, self.number, self.bank_code or "", ""))
        if errors:
            raise Problems(errors)


class CallBackForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Nobody proposes an account for paying without having called back."""

    call_back: CallBack


class AccountFacts(msgspec.Struct, kw_only=True):
    """An account as everybody sees it who may see it at all; `number` is masked."""

    holder: str
    country: str
    currency: str
    number: str
    bank_name: str
    bank_code: str
    bic: str
    revision: int


class BuyerOut(msgspec.Struct, kw_only=True):
    """How a version stands at one customer; `payable` says that it may be paid now."""

    buyer_id: UUID
    buyer_name: str
    state: str
    payable: bool
    payable_from: datetime | None
    payable_until: datetime | None
    reason: str


class BankAccountRow(AccountFacts, kw_only=True):
    """A version in a supplier's list."""

    id: UUID
    version: int
    state: str
    label: str
    supersedes: UUID | None
    created_by: UUID | None
    created_by_name: str
    created_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    ended_at: datetime | None
    reason: str


class BankAccountOut(BankAccountRow, kw_only=True):
    """A version with what each customer made of it."""

    buyers: list[BuyerOut]


class SupplierAccountRow(AccountFacts, kw_only=True):
    """A supplier's account as one buyer has it. `call_back` is how the buyer made sure; `replaces` is what is paid
    until this one may be."""

    id: UUID
    version: int
    state: str
    supplier_id: UUID
    supplier_name: str
    payable: bool
    payable_from: datetime | None
    payable_until: datetime | None
    created_at: datetime
    submitted_by: UUID | None
    submitted_by_name: str
    submitted_at: datetime | None
    decided_by_name: str
    decided_at: datetime | None
    reason: str
    call_back: str
    replaces: str


class SharedAccountOut(msgspec.Struct):
    """Who has the same account: other suppliers, or members of the company."""

    name: str
    is_staff: bool


class SupplierAccountOut(SupplierAccountRow, kw_only=True):
    """The same with who else has this account."""

    shared_with: list[SharedAccountOut]


class AccountNumberOut(msgspec.Struct):
    """The full number, for who owns it or pays to it; that it was looked at stands in the log."""

    number: str
    bank_code: str
    bic: str


class PayableAccount(msgspec.Struct, kw_only=True):
    """A version that may be paid now."""

    id: UUID
    bank_account_id: UUID
    holder: str
    number: str
    currency: str
    payable_from: datetime


class CoolOffProposal(Proposal, forbid_unknown_fields=True, kw_only=True):
    """Another cool-off, in days, from a day on."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"days": 7, "reason": "Our insurer asks for a week."}

    days: Annotated[int, msgspec.Meta(ge=0, le=60)]
