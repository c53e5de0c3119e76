"""The first rows as they will be, written as their reader writes: the days of the source, numbers, states."""

from tests.harness.pages import Reader
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import brought, mapped

MAPPING = """
name = "M"
[format]
decimal = ","
dates = ["%d-%b-%y", "%d-%b-%y %H:%M"]
time_zone = "Europe/Berlin"
[orders]
file = "o.csv"
repeated = "first"
[orders.fields]
number = "PO"
supplier = "Vendor"
ordered_at = "Ordered"
state = { column = "State", map = { open = "issued" } }
[orders.lines]
file = "o.csv"
[orders.lines.fields]
order_number = "PO"
quantity = "Qty"
unit_price = "Price"
requested_date = "Due"
delivered_at = "Came"
"""
ROWS = (
    "PO;Vendor;Ordered;State;Qty;Price;Due;Came\n"
    "1;V-1;05-Jan-24;open;12000;1,5;20-Jan-24;19-Jan-24\n"
    "2;V-1;05-Jan-24 08:30;open;3;0,125;20-Jan-24;19-Jan-24 14:05\n"
)


async def test_a_day_is_that_of_the_source_and_numbers_are_the_readers(client_of):
    person = (await buying_company()).administrator
    client, reader = await client_of(person), Reader(await client_of(person))
    made = await brought(client, ("o.csv", ROWS))
    await mapped(client, made["id"], "orders", MAPPING)
    shown = (await reader.open(f"/imports/{made['id']}")).text
    assert "V-1 Issued 5 Jan 2024 Row 3" in shown, "a day without a time"
    assert "V-1 Issued 5 Jan 2024 08:30" in shown
    assert "12,000 1.5 20 Jan 2024 19 Jan 2024" in shown
    assert "3 0.125 20 Jan 2024 19 Jan 2024 14:05" in shown
    assert "23:00" not in shown
