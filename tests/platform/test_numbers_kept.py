"""A number comes back from the database as it was meant and as people write it: all its digits, never an exponent."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.decimals import plain, quotient
from portal.platform.gate import gate
from portal.platform.i18n import Message, use_language
from portal.platform.ids import new_id
from portal.platform.plain_json import plain_json

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)
ROUND = st.builds(
    lambda digits, power: Decimal(digits).scaleb(power),
    st.integers(-999, 999),
    st.integers(min_value=-12, max_value=20),
)


class Kept(msgspec.Struct):
    amount: Decimal
    parts: list[Any]
    id: UUID


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(NUMBERS | ROUND, min_size=1, max_size=40))
async def test_whatever_goes_in_comes_out_equal_and_plain(connected, numbers):
    async with gate() as connection:
        single: Any = await connection.fetchval("select $1::numeric", numbers[0])
        array: Any = await connection.fetchval("select $1::numeric[]", numbers)
        rows = await connection.fetch(
            "select n from unnest($1::numeric[]) with ordinality as u(n, o) order by o", numbers
        )
    for came, sent in ((single, numbers[0]), *zip(array, numbers, strict=True)):
        assert came == sent
        assert came.as_tuple().exponent <= 0
    assert [row["n"] for row in rows] == array


async def test_a_sum_of_the_database_is_plain_too(connected):
    async with gate() as connection:
        told: Any = await connection.fetchrow(
            "select sum(n) as sum, max(n) * 1000 as more from (values (1.50), (998.50)) v(n)"
        )
    assert (str(told["sum"]), str(told["more"])) == ("1000.00", "998500.00")


@given(amount=NUMBERS | ROUND)
def test_json_spells_every_number_out(amount):
    kept = Kept(amount, ["1E-8", {"price": amount}], new_id())
    told = msgspec.json.decode(plain_json(kept))
    assert told == {"amount": plain(amount), "parts": ["1E-8", {"price": plain(amount)}], "id": str(kept.id)}


def test_a_sentence_writes_a_number_as_its_reader_does():
    message = Message("Only {count} of {all} {unit}", {"count": Decimal("1E+6"), "all": Decimal("0.50"), "unit": "kg"})
    assert str(message) == "Only 1,000,000 of 0.50 kg"
    use_language("zh-Hans")
    try:
        assert str(message) == "Only 1,000,000 of 0.50 kg"
    finally:
        use_language("en")


def test_a_quotient_that_comes_out_even_is_written_out():
    assert str(quotient(Decimal(100), Decimal("0.05"))) == "2000"
    assert str(quotient(Decimal(1), Decimal(8))) == "0.125"
