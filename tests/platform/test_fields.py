"""What each field type takes, refuses, and says."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform import fields
from portal.platform.decimals import plain
from portal.platform.fields import (
    Amount,
    Code,
    Count,
    CountryCode,
    CurrencyCode,
    Day,
    Email,
    FieldType,
    Language,
    Line,
    Moment,
    Percent,
    Phone,
    Quantity,
    Secret,
    TaxCategory,
    TaxRate,
    Text,
    TimeZone,
    UnitCode,
    UnitPrice,
    Why,
    dec_hook,
)

KINDS = [kind for kind in vars(fields).values() if isinstance(kind, type) and type(kind) is FieldType]
NUMBERS = [Quantity, Count, UnitPrice, Amount, Percent, TaxRate]


def taken(kind, raw) -> bool:
    try:
        kind.read(raw)
    except ValueError:
        return False
    return True


NEVER_A_NUMBER = [
    1, 1.5, True, None, [], {}, "", " ", "+1", " 1", "1 ", "1\n", "-1", "-0", "--1", "1e3", "1E400", "NaN", "sNaN",
    "Infinity", "-Infinity", "0x1", "1_000", "1,000", "1,5", ".5", "5.", "01", "1" * 44, "0." + "1" * 44, "１２", "٣",
    "½", "1\x00",
]  # fmt: skip


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("raw", NEVER_A_NUMBER, ids=repr)
def test_a_number_is_plain_digits_in_text(kind, raw):
    assert not taken(kind, raw)


TAKEN = [
    (Quantity, ["1", "0.000001", "999999999999.999999", "10.50"]),
    (Count, ["0", "0.0", "999999999999"]),
    (UnitPrice, ["0", "0.00000001", "999999999999.99999999"]),
    (Amount, ["0", "999999999999999.99"]),
    (Percent, ["0", "100", "100.0000", "99.9999", "7.5"]),
    (TaxRate, ["0", "19", "5.5"]),
    (CurrencyCode, ["EUR", "CNY"]),
    (UnitCode, ["C62", "KGM", "XBX", "10"]),
    (CountryCode, ["DE", "CN", "XK"]),
    (TaxCategory, ["S", "AE", "O"]),
    (Language, ["en", "zh", "zh-Hans", "de-AT"]),
    (TimeZone, ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"]),
    (Email, ["a@b.de", "first.last+tag@sub.example.com", "x@xn--fiq.cn"]),
    (Phone, ["+49 30 901820", "030/901820-11", "10086", "030 12345"]),
    (Day, ["2026-02-28", "2024-02-29", "1900-01-01", "2199-12-31"]),
    (Moment, ["2026-02-28T10:00:00Z", "2026-02-28T10:00:00.123456+08:00"]),
    (Line, ["x", "a b", " a", "中文", "🙂", "x" * 200, "a\u200db", "{{7*7}} <script>"]),
    (Text, ["", "a\nb\tc", "x" * 4000]),
    (Code, ["A-1", "a b", "＃1"]),
    (Secret, ["x", " ", " pass\tword "]),
]

REFUSED = [
    (Quantity, ["0", "0.0", "0.000000", "1000000000000", "1.0000001"]),
    (Count, ["1000000000000", "0.0000001"]),
    (UnitPrice, ["0.000000001", "1000000000000"]),
    (Amount, ["0.001", "1000000000000000"]),
    (Percent, ["100.0001", "101", "0.00001", "1000"]),
    (TaxRate, ["100.01", "-1"]),
    (CurrencyCode, ["eur", "EUR ", "XXX", "XAU", "EURO", "ＥＵＲ"]),
    (UnitCode, ["kgm", "QQQ", "", "KGM\n", "PCS"]),
    (CountryCode, ["EU", "de", "ZZ", "UK", "DEU"]),
    (TaxCategory, ["s", "X", "SS", ""]),
    (Language, ["EN", "xx", "english", "zh_Hans", "en-", "../en"]),
    (TimeZone, ["Berlin", "../../etc/passwd", "Europe/", "UTC+1"]),
    (
        Email,
        ["a", "a@b", "@b.de", "a@b..de", "a@-b.de", "a b@c.de", "a@b.de\n", "a@b.de,c@d.de", "ä@b.de", "a..b@c.de"],
    ),
    (Email, ["<a@b.de>", "a" * 65 + "@b.de", "a@" + "b." * 130 + "de"]),
    (Phone, ["", "1234", "+", "12345 ", "phone", "1" * 31, "12345\n", "=1+12345", "+-12345"]),
    (Day, ["2026-02-29", "0001-01-01", "9999-12-31", "20260228", "2026-W01-1", "28.02.2026", "2026-02-28T00:00:00"]),
    (Moment, ["2026-02-28T10:00:00", "2026-02-28", "2026-02-30T10:00:00Z", "2026-02-28T24:00:00Z"]),
    (Moment, ["2026-02-28T10:00:60Z", "2026-02-28T10:00:00+25:00", 1772272800]),
    (Line, ["", " ", "\u3000", "x" * 201, "a\nb", "a\n", "a\x00", "\x7f", "a\u202eb", "a\u2066", "\ud800", "a\u2028b"]),
    (Line, ["\uffff"]),
    (Text, ["x" * 4001, "a\rb", "\x00", "\x1b[0m", "\u202e", "\udfff"]),
    (Code, ["", " A", "A ", "A\n", "a" * 101, "\x00", "\u00a0A"]),
    (Secret, ["", "a\x00b", "x" * 1001, "\ud800"]),
]


@pytest.mark.parametrize(("kind", "raws"), TAKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_each_kind_takes(kind, raws):
    assert [raw for raw in raws if not taken(kind, raw)] == []


@pytest.mark.parametrize(("kind", "raws"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_each_kind_refuses(kind, raws):
    assert [raw for raw in raws if taken(kind, raw)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_says_what_to_enter_and_never_repeats_the_input(kind):
    with pytest.raises(ValueError, match=r"\.$") as refusal:
        kind.read("\x00{{7*7}}")
    assert "7*7" not in str(refusal.value)
    with pytest.raises(ValueError, match=r"^Send a text in quotes. .+\.$"):
        kind.read(7)


def test_values_travel_as_plain_types():
    assert type(Quantity("12.50")) is Decimal
    assert str(Quantity("12.50")) == "12.50"
    assert type(Quantity(Decimal("1E+2"))) is Decimal
    assert type(Line("a")) is str
    assert type(Day.read("2026-01-31")) is date
    assert Moment.read("2026-01-31T08:00:00+08:00") == datetime(2026, 1, 31, tzinfo=UTC)
    with pytest.raises(ValueError, match="above 0"):
        Quantity(Decimal("-1"))


def test_a_framework_that_asks_isinstance_first_lets_no_bad_text_pass():
    assert isinstance("KGM", UnitCode)
    assert not isinstance("kgm", UnitCode)
    assert not isinstance("a\r\nb", Text)
    assert not isinstance("3", Quantity)
    assert isinstance(Quantity("3"), Quantity)


def test_line_breaks_of_browsers_become_one_kind():
    assert Text.read("a\r\nb") == "a\nb"


@pytest.mark.parametrize("unseen", ["\u200b", " \u200d ", "\ufe0f", "\u3164", "\u2800\xad"])
def test_what_nobody_sees_says_nothing(unseen):
    assert not taken(Line, unseen)
    assert taken(Line, f"bolt{unseen}M8")
    assert not taken(Why, unseen)


def test_a_shorter_line_is_one_declaration():
    class Carrier(Line):
        longest = 10

    assert taken(Carrier, "x" * 10)
    assert not taken(Carrier, "x" * 11)
    assert Carrier.schema()["maxLength"] == 10
    assert "10 characters" in str(Carrier.expected())


def test_msgspec_reads_and_writes_forms_of_field_types():
    class Draft(msgspec.Struct):
        quantity: Quantity
        notes: list[Line] = []
        price: UnitPrice | msgspec.UnsetType | None = msgspec.UNSET

    body = b'{"quantity":"2.50","notes":["a"]}'
    draft = msgspec.json.decode(body, type=Draft, dec_hook=dec_hook)
    assert draft.quantity * 2 == Decimal("5.00")
    assert msgspec.json.encode(draft) == body
    with pytest.raises(msgspec.ValidationError, match=r"Enter a quantity above 0.*\$\.quantity"):
        msgspec.json.decode(b'{"quantity":"0"}', type=Draft, dec_hook=dec_hook)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_json_and_agrees_with_the_reader(kind):
    schema = json.loads(json.dumps(kind.schema()))
    assert schema["type"] == "string"
    assert schema["description"]
    for example in schema["examples"]:
        assert taken(kind, example)
        assert re.search(schema["pattern"], example)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=30) | st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,9})?", fullmatch=True))
def test_what_is_taken_matches_the_published_pattern(kind, text):
    if taken(kind, text):
        assert kind.rule.fullmatch(text.replace("\r\n", "\n"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NUMBERS), st.data())
def test_a_number_is_read_exactly(kind, data):
    text = data.draw(st.from_regex(kind.rule, fullmatch=True).filter(str.isascii))
    assert plain(kind.read(text.strip("\n"))) == text.strip("\n")
