"""A new customer is told where the supplier is paid."""

from collections.abc import Iterable
from typing import Any

from portal.banks.commands import OFFER
from portal.organisations.events import RelationshipReinstated, SupplierApproved
from portal.platform.wiring import Job, Reaction


def _offer(_change: Any, event: SupplierApproved | RelationshipReinstated) -> Iterable[Job]:
    yield Job(OFFER, event.supplier_id, {})


REACTIONS = {event: Reaction(later=[_offer]) for event in (SupplierApproved, RelationshipReinstated)}
