"""Versions of suppliers' bank accounts, and what each buyer thinks of them.

Numbers stand in `bank_account_number`, sealed: no row of the log, no list and no export ever holds one.
"""

from piccolo.columns import UUID, Integer, Text, Timestamptz

from portal.access.tables import Organisation, Person
from portal.platform.work import Row
from portal.settings.tables import SettingVersion

__all__ = ["BankAccount", "BankApproval", "Organisation", "Person", "SettingVersion"]


class BankAccount(Row, tablename="bank_account"):
    """A version of an account of a supplier; a change is the next version, which has the same `origin`. `number` is
    masked, such as DE •••• 3000."""

    subject_kind = "bank-account"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    supplier_id = UUID()
    version = Integer(default=1)
    origin = UUID()
    revision = Integer(default=1)
    supersedes = UUID(null=True, default=None)
    state = Text(default="proposed")
    label = Text()
    holder = Text()
    country = Text()
    currency = Text()
    bank_name = Text()
    bank_code = Text()
    bic = Text()
    number = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    reason = Text()


class BankApproval(Row, tablename="bank_approval"):
    """Whether one buyer pays to a version. Its supplier reads how it stands; how the buyer made sure is the buyer's."""

    subject_kind = "bank-approval"
    owner = "buyer_id"
    private = frozenset({"call_back"})
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    supplier_name = Text()
    bank_account_id = UUID()
    number = Text()
    version = Integer(default=1)
    state = Text(default="offered")
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    submitted_by = UUID(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    call_back = Text()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    payable_from = Timestamptz(null=True, default=None)
    payable_until = Timestamptz(null=True, default=None)
    reason = Text()
