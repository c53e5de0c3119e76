"""What happens between trading partners."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SupplierApproved:
    """Orders may be issued to this supplier from here on."""

    code = "supplier.approved"
    supplier_id: UUID


@dataclass(frozen=True)
class StandingChanged:
    """The scorecard moved a supplier to another standing."""

    code = "supplier.standing-changed"
    supplier_id: UUID
    standing: str
