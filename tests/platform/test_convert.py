"""Every problem of an input at once; the quick decoder and the explaining one agree."""

import json
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType

from portal.platform.convert import FieldError, Problems, convert, from_form, read
from portal.platform.fields import CurrencyCode, Day, Line, Quantity, TaxRate, Text, UnitPrice, Whole, dec_hook
from portal.platform.i18n import _

ID = "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b"


class Kind(Enum):
    GOODS = "goods"
    SERVICE = "service"


class Schedule(Struct, forbid_unknown_fields=True):
    quantity: Quantity
    requested_date: Day


class OrderLine(Struct, forbid_unknown_fields=True):
    description: Line
    quantity: Quantity
    unit_price: UnitPrice
    tax_category: Literal["S", "Z"] = "S"
    tax_rate: TaxRate = TaxRate("0")
    free: bool = False
    kind: Kind = Kind.GOODS
    position: Annotated[int, Meta(ge=1, le=2000)] | None = None
    schedule: Annotated[list[Schedule], Meta(max_length=2)] = []

    def __post_init__(self) -> None:
        if self.tax_category == "Z" and self.tax_rate:
            raise Problems([FieldError("tax_rate", _("A zero rate is 0."))])
        if self.free and self.unit_price:
            raise ValueError(_("Free of charge has no price."))


class Order(Struct, forbid_unknown_fields=True):
    supplier_id: UUID
    currency: CurrencyCode
    lines: Annotated[list[OrderLine], Meta(min_length=1, max_length=3)]
    note: Text | None = None
    urgent: bool | UnsetType = UNSET
    version: Whole | UnsetType | None = UNSET


LINE = {"description": "bolt", "quantity": "3", "unit_price": "0.25"}
ORDER: dict[str, Any] = {"supplier_id": ID, "currency": "EUR", "lines": [LINE]}


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def problems_of(value: Any, **how: Any) -> dict[str, str]:
    with pytest.raises(Problems) as refusal:
        convert(Order, value, **how)
    return {error.field: str(error.message) for error in refusal.value.errors}


def test_a_good_order_is_read():
    order = read(Order, body(ORDER))
    assert order.supplier_id == UUID(ID)
    assert order.lines[0].quantity == Decimal("3")
    assert order.urgent is UNSET
    assert convert(Order, ORDER) == order


def test_all_problems_are_told_at_once_each_at_its_place():
    bad = {
        "currency": "eur",
        "lines": [
            LINE | {"quantity": 3, "unit_price": "-1", "colour": "red"},
            LINE | {"position": 0, "kind": "gift", "free": "yes", "schedule": [{"quantity": "0"}, 7]},
            {},
        ],
        "note": None,
        "version": 1.5,
        "supplier": 1,
    }
    assert problems_of(bad) == {
        "supplier_id": "This field is required.",
        "currency": "Enter a currency as its ISO 4217 code, such as EUR.",
        "lines.0.quantity": f"Send a text in quotes. {Quantity.expected()}",
        "lines.0.unit_price": str(UnitPrice.expected()),
        "lines.0.colour": "There is no field of this name.",
        "lines.1.position": "Enter a whole number from 1 to 2000.",
        "lines.1.kind": "Choose one of goods, service.",
        "lines.1.free": "Send true or false.",
        "lines.1.schedule.0.quantity": str(Quantity.expected()),
        "lines.1.schedule.0.requested_date": "This field is required.",
        "lines.1.schedule.1": "Send an object with named fields.",
        "lines.2.description": "This field is required.",
        "lines.2.quantity": "This field is required.",
        "lines.2.unit_price": "This field is required.",
        "version": "Enter a whole number from 0 to 2147483647.",
        "supplier": "There is no field of this name.",
    }


@pytest.mark.parametrize(
    ("raw", "field", "says"),
    [
        (None, "", "required"),
        ([], "", "Send an object"),
        ("x", "", "Send an object"),
        (ORDER | {"lines": []}, "lines", "at least 1"),
        (ORDER | {"lines": [LINE] * 4}, "lines", "at most 3"),
        (ORDER | {"lines": {"0": LINE}}, "lines", "Send a list"),
        (ORDER | {"lines": None}, "lines", "required"),
        (ORDER | {"lines": [None]}, "lines.0", "required"),
        (ORDER | {"supplier_id": "7"}, "supplier_id", "Send an id"),
        (ORDER | {"urgent": None}, "urgent", "required"),
        (ORDER | {"version": 10**44}, "version", "whole number"),
        (ORDER | {"version": True}, "version", "whole number"),
        (ORDER | {"x" * 500: 1}, "x" * 100, "no field"),
        (ORDER | {"lines": [LINE | {"tax_category": "Z", "tax_rate": "7"}]}, "lines.0.tax_rate", "A zero rate is 0."),
        (ORDER | {"lines": [LINE | {"free": True}]}, "lines.0", "Free of charge has no price."),
    ],
)
def test_each_kind_of_problem_has_its_sentence(raw, field, says):
    problems = problems_of(raw)
    assert list(problems) == [field]
    assert says in problems[field]


def test_a_body_is_read_in_one_call_or_refused_with_all_problems():
    with pytest.raises(Problems) as refusal:
        read(Order, b'{"lines": [{}]}')
    assert len(refusal.value.errors) == 5
    with pytest.raises(Problems, match="not JSON"):
        read(Order, b"{")
    with pytest.raises(Problems, match=r"note: Text must not contain NUL"):
        read(Order, rb'{"note": "\u0000"}')


def test_an_empty_body_serves_where_nothing_is_required():
    class Reason(Struct, forbid_unknown_fields=True):
        reason: Text | None = None

    assert read(Reason, b"") == read(Reason, b" \n") == read(Reason, b"{}") == Reason()
    with pytest.raises(Problems, match="required"):
        read(Order, b"")


def test_renamed_fields_are_told_by_the_name_that_was_sent():
    class Renamed(Struct, rename="camel", forbid_unknown_fields=True):
        unit_price: UnitPrice

    assert convert(Renamed, {"unitPrice": "1"}).unit_price == 1
    with pytest.raises(Problems, match="unitPrice: This field is required"):
        convert(Renamed, {})


def test_a_form_reads_as_its_page_meant_it():
    pairs = [
        ("supplier_id", ID),
        ("currency", "EUR"),
        ("lines.0.description", "bolt"),
        ("lines.0.quantity", "3"),
        ("lines.0.unit_price", "0"),
        ("lines.0.free", "on"),
        ("lines.0.position", "12"),
        ("lines.1.description", " "),
        ("note", ""),
    ]
    order = convert(Order, from_form(pairs), lenient=True)
    assert order.lines[0].free is True
    assert order.lines[0].position == 12
    assert order.note is None


def test_a_form_is_lenient_about_text_only():
    fields = problems_of(ORDER | {"lines": [LINE | {"position": "twelve", "free": "perhaps"}]}, lenient=True)
    assert list(fields) == ["lines.0.free", "lines.0.position"]


def test_an_unticked_box_is_false_and_one_choice_is_a_list():
    class Settings(Struct, forbid_unknown_fields=True):
        enabled: bool
        roles: Annotated[list[Literal["buyer", "approver"]], Meta(max_length=2)]

    made = convert(Settings, {"roles": "buyer"}, lenient=True)
    assert (made.enabled, made.roles) == (False, ["buyer"])
    with pytest.raises(Problems, match="required"):
        convert(Settings, {"roles": ["buyer"]})


@pytest.mark.parametrize(
    "annotation", [str, int, float, Decimal, dict[str, str], Line | Quantity, Any, bytes, list[Line]]
)
def test_a_form_with_an_unbounded_field_is_a_programming_error(annotation):
    form = msgspec.defstruct("Loose", [("field", annotation)])
    with pytest.raises(TypeError):
        convert(form, {})
    with pytest.raises(TypeError):
        read(form, b"{}")


# Properties

SCALARS = [
    "3", "0", "-1", "EUR", "bolt", "", "2026-02-28", "2026-02-30", ID, "S", "Z", "goods", "\u202e",
    1, 0, 2001, 1.5, True, None, [], {},
]  # fmt: skip


def changed(value: Any, draw: st.DrawFn) -> Any:
    """The value with one thing in it replaced, taken out, doubled or added."""
    if isinstance(value, dict) and value and draw(st.integers(0, 4)):
        name = draw(st.sampled_from(sorted(value)))
        rest = {key: item for key, item in value.items() if key != name}
        return rest if draw(st.booleans()) else value | {name: changed(value[name], draw)}
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        return draw(st.sampled_from([value + value, [changed(value[0], draw), *value[1:]]]))
    if isinstance(value, dict) and draw(st.booleans()):
        return value | {"x": draw(st.sampled_from(SCALARS))}
    return draw(st.just(value) | st.sampled_from(SCALARS))


@st.composite
def nearly_right(draw: st.DrawFn) -> Any:
    """An order in which up to three things were changed; it is often still good."""
    value: Any = FULL
    for _change in range(draw(st.integers(0, 3))):
        value = changed(value, draw)
    return value


FULL_LINE = LINE | {
    "tax_category": "S",
    "tax_rate": "19",
    "free": False,
    "kind": "service",
    "position": 7,
    "schedule": [{"quantity": "1.5", "requested_date": "2026-12-01"}],
}
FULL = ORDER | {"lines": [FULL_LINE], "note": "two\nlines", "urgent": True, "version": 3}


@settings(max_examples=300, deadline=None)
@given(nearly_right())
def test_what_the_quick_decoder_takes_the_explaining_one_takes_and_what_it_refuses_is_explained(raw):
    try:
        quick = msgspec.json.decode(body(raw), type=Order, dec_hook=dec_hook)
    except (msgspec.ValidationError, Problems):
        assert problems_of(raw)
    else:
        assert convert(Order, raw) == quick


def test_the_property_meets_both_kinds():
    assert convert(Order, FULL) == msgspec.json.decode(body(FULL), type=Order, dec_hook=dec_hook)
    assert problems_of(FULL | {"version": -1})
