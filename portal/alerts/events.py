"""What happens to alerts. Each kind has a code of its own, so that log and mails say what it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class AlertRaised:
    alert_id: UUID


@dataclass(frozen=True)
class MassExportRaised(AlertRaised):
    code = "alert.mass-export"


@dataclass(frozen=True)
class SignInSpikeRaised(AlertRaised):
    code = "alert.sign-in-spike"


@dataclass(frozen=True)
class AddressSpikeRaised(AlertRaised):
    code = "alert.address-spike"


@dataclass(frozen=True)
class PolicyChangeRaised(AlertRaised):
    code = "alert.policy-change"


@dataclass(frozen=True)
class BankChangeRaised(AlertRaised):
    code = "alert.bank-change"


@dataclass(frozen=True)
class SharedAccountRaised(AlertRaised):
    code = "alert.shared-account"


@dataclass(frozen=True)
class AlertTaken:
    """Somebody looks after it."""

    code = "alert.taken"
    alert_id: UUID


@dataclass(frozen=True)
class AlertResolved:
    """Somebody says what it was, and what was done."""

    code = "alert.resolved"
    alert_id: UUID
    reason: str


RAISED: Mapping[str, Any] = MappingProxyType(
    {
        "mass-export": MassExportRaised,
        "sign-in-spike": SignInSpikeRaised,
        "address-spike": AddressSpikeRaised,
        "policy-change": PolicyChangeRaised,
        "bank-change": BankChangeRaised,
        "shared-account": SharedAccountRaised,
    }
)
