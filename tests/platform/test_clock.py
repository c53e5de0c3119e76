"""A story of months is told in seconds."""

from datetime import UTC, datetime

from portal.platform.ids import new_id
from tests.harness.world import draft_order, trading_pair


async def test_what_is_done_on_a_day_is_recorded_on_that_day(clock, superuser):
    company, supplier = await trading_pair()
    new_year = datetime(2027, 1, 1, 12, tzinfo=UTC)
    await clock(new_year)

    order = await draft_order(company, supplier)

    assert order.number == "PO-2027-00001"
    entry = superuser.execute("select at from audit_entry where subject_id = %s", [order.id]).fetchone()
    assert entry == (new_year,)


def test_ids_sort_by_the_time_they_were_made():
    made = [new_id() for _each in range(1000)]
    moments = [each.int >> 64 for each in made]

    assert {each.version for each in made} == {7}
    assert moments == sorted(moments)
    assert len(set(made)) == 1000
