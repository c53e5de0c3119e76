"""Canonical bytes: one value, one sequence of bytes; two values, two."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from portal.platform.canonical import canonical, commit


class Colour(Enum):
    RED = "red"


class Address(Struct):
    city: str
    country: str


SALT = bytes(range(16))


def test_every_kind_of_value_has_its_form():
    value = {
        "when": datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=8))),
        "day": date(2026, 11, 21),
        "amount": Decimal("12.50"),
        "big": Decimal("1E+3"),
        "id": UUID("0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b"),
        "bytes": b"\xfb\xff",
        "none": None,
        "yes": True,
        "count": 2**70,
        "list": (1, "två"),
        "colour": Colour.RED,
        "address": Address("Ulm", "DE"),
    }
    assert canonical(value).decode() == (
        '{"address":{"city":"Ulm","country":"DE"},"amount":"12.50","big":"1000","bytes":"-_8","colour":"red",'
        '"count":1180591620717411303424,"day":"2026-11-21","id":"0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b",'
        '"list":[1,"två"],"none":null,"when":"2026-11-21T01:30:00.000000Z","yes":true}'
    )


def test_keys_sort_by_utf16_as_rfc_8785_says():
    # The RFC's own example, section 3.2.3.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(canonical(dict.fromkeys(names, 0)))) == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


def test_strings_are_escaped_as_rfc_8785_says():
    assert canonical('\u20ac$\u000f\nA\'B"\\\\"/').decode() == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_one_instant_in_two_zones_is_one_value():
    there = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert canonical(there) == canonical(datetime(2026, 1, 1, tzinfo=UTC))


def test_a_negative_zero_is_zero():
    assert canonical(Decimal("-0.00")) == canonical(Decimal("0.00"))


@pytest.mark.parametrize("value", [1.5, float("nan"), {1, 2}, object(), {1: "a"}, timedelta(1)])
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), Decimal("NaN"), Decimal("Infinity"), "\ud800", {"\ud800": 1}])
def test_what_has_no_bytes_is_refused(value):
    with pytest.raises(ValueError, match=r"zone|finite|surrogates"):
        canonical(value)


CORPUS = [
    None, True, False, 0, 1, -1, "", "0", "null", "true", [], {}, [None], [[]], [{}], {"a": None}, {"a": ""}, {"": "a"},
    {"a": 1}, {"a": "1"}, {"a": [1]}, {"a": {"b": 1}}, {"a": 1, "b": 2}, {"a": "1,b:2"}, [1, 2], [12], ["1", "2"],
    ["1,2"], '"', "\\", "\\u0000", "a\nb", "a\\nb", "é", "e\u0301", Decimal("1.0"), Decimal("1.00"),
]  # fmt: skip


def test_no_two_values_share_their_bytes():
    assert len({canonical(value) for value in CORPUS}) == len(CORPUS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(json_values)
def test_the_bytes_say_everything(value):
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=6), json_values, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_says_nothing(value, chance):
    names = chance.sample(list(value), len(value))
    assert canonical({name: value[name] for name in names}) == canonical(value)


def test_a_commitment_depends_on_every_byte_and_on_where_the_salt_ends():
    made = commit(SALT, b"payload")
    assert len(made) == 32
    assert made == commit(SALT, b"payload")
    assert len({made, commit(SALT, b"payloae"), commit(SALT + b"p", b"ayload"), commit(SALT[::-1], b"payload")}) == 4


@pytest.mark.parametrize("salt", [b"", b"short", bytes(256)])
def test_a_commitment_needs_a_real_salt(salt):
    with pytest.raises(ValueError, match="salt"):
        commit(salt, b"payload")
