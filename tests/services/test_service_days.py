"""The supplier says on which days it performed, and no day that it names makes it punctual before it was asked."""

from datetime import date, timedelta

import pytest

from portal.platform.refusals import Invalid
from tests.harness.deliveries_facts import facts_of, noon, on
from tests.harness.services import accepted_services, hours, service_order
from tests.harness.world import trading_pair

ISSUED = date(2026, 10, 12)


def period(first: date, last: date) -> dict[str, str]:
    return {"performed_from": str(first), "performed_until": str(last)}


async def test_a_service_cannot_be_dated_before_its_order_was_issued(connected):
    company, supplier = await trading_pair()
    with on(noon(ISSUED)):
        asked = hours(requested_date=str(ISSUED - timedelta(days=1)), performed_from=None)
        order = await service_order(company, supplier, asked)
    with on(noon(ISSUED + timedelta(days=5))):
        for first in (date(1900, 1, 1), ISSUED - timedelta(days=1)):
            with pytest.raises(Invalid) as refused:
                await accepted_services(company, supplier, order, **period(first, ISSUED + timedelta(days=1)))
            [error] = refused.value.errors
            assert (error.field, "cannot have begun before" in str(error.message)) == ("performed_from", True)
        await accepted_services(company, supplier, order, **period(ISSUED, ISSUED))
    [fact] = await facts_of(company.buyer, order.id)
    assert (fact["requested_in_time"], fact["last_delivered"]) == (0, ISSUED)


async def test_a_service_may_begin_on_the_day_that_the_buyer_itself_asked_for(connected):
    company, supplier = await trading_pair()
    first = ISSUED - timedelta(days=20)
    with on(noon(ISSUED)):
        order = await service_order(company, supplier, hours(performed_from=str(first)))
        entry = await accepted_services(company, supplier, order, **period(first, ISSUED))
    assert entry.performed_from == first
