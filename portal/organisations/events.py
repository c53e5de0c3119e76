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


@dataclass(frozen=True)
class PaymentTermOffered:
    code = "payment-term.offered"
    payment_term_id: UUID


@dataclass(frozen=True)
class PaymentTermRetired:
    """Nobody agrees on it any more; who did keeps it."""

    code = "payment-term.retired"
    payment_term_id: UUID


@dataclass(frozen=True)
class PaymentTermsAgreed:
    """They hold for orders that are written from here on."""

    code = "supplier.payment-terms-agreed"
    supplier_id: UUID
    payment_terms: str


@dataclass(frozen=True)
class ExchangeRatesEntered:
    """Documents that are sent from here on keep these rates; those that were sent keep theirs."""

    code = "exchange-rate.entered"
    rates: int
