"""What happens between trading partners."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class SupplierApproved:
    """Orders may be issued to this supplier from here on."""

    code = "supplier.approved"
    supplier_id: UUID


@dataclass(frozen=True)
class SupplierEdited:
    """Its own data, or what is agreed with it, are other ones; documents keep what they say."""

    code = "supplier.edited"
    supplier_id: UUID


@dataclass(frozen=True)
class CompanyEdited:
    """A company says something else of itself; documents that were sent keep what they say."""

    code = "organisation.edited"
    organisation_id: UUID


@dataclass(frozen=True)
class SupplierInvited:
    """Somebody of the supplier is to get a mail that opens the portal to it."""

    code = "supplier.invited"
    supplier_id: UUID
    invitation_id: UUID


@dataclass(frozen=True)
class SupplierHeld:
    """Orders are entered, and issued once the supplier is approved again."""

    code = "supplier.held"
    supplier_id: UUID
    reason: str


@dataclass(frozen=True)
class RelationshipEnded:
    """No new orders; what was ordered goes on to its end."""

    code = "supplier.ended"
    supplier_id: UUID
    reason: str


@dataclass(frozen=True)
class RelationshipReinstated:
    code = "supplier.reinstated"
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


@dataclass(frozen=True)
class RateAgeSet:
    """Rates that are older are warned of before a document keeps them."""

    code = "exchange-rate.age-set"
    rate_days: int


@dataclass(frozen=True)
class ExceptionGranted:
    """Orders go to this supplier until the end of a day, whatever its standing would stop."""

    code = "standing-exception.granted"
    override_id: UUID
    supplier_id: UUID
    until: date
    reason: str


@dataclass(frozen=True)
class ExceptionEnded:
    """The supplier's standing counts again before the exception had run out, or another one took its place."""

    code = "standing-exception.ended"
    override_id: UUID
    supplier_id: UUID
    reason: str


@dataclass(frozen=True)
class OrdersHeld:
    """No orders are issued to this supplier until the day has ended; why, only the relationship's row says."""

    code = "supplier.orders-held"
    relationship_id: UUID
    until: date


@dataclass(frozen=True)
class InvoicesHeld:
    """This supplier's invoices are not taken until the day has ended."""

    code = "supplier.invoices-held"
    relationship_id: UUID
    until: date


@dataclass(frozen=True)
class PaymentsHeld:
    """This supplier is not paid until the day has ended."""

    code = "supplier.payments-held"
    relationship_id: UUID
    until: date


@dataclass(frozen=True)
class OrdersReleased:
    code = "supplier.orders-released"
    relationship_id: UUID


@dataclass(frozen=True)
class InvoicesReleased:
    code = "supplier.invoices-released"
    relationship_id: UUID


@dataclass(frozen=True)
class PaymentsReleased:
    code = "supplier.payments-released"
    relationship_id: UUID
