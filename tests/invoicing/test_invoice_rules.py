"""The match and its neighbours as pure functions, by example and by property."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.rules import (
    Due,
    Happened,
    Limits,
    basis_of,
    came_on,
    clash,
    differences,
    due_day,
    entitled,
    net_of,
    number_key,
    outlook,
    proposed,
)
from portal.orders.forms import MATCH_BASES as BASES
from portal.organisations.forms import Base, PaymentTerms
from portal.platform.tolerance import NONE, Tolerance

D = Decimal
EXACT = Limits(NONE, NONE)
quantities = st.decimals(D("0.000001"), D("100000"), places=6, allow_nan=False)
prices = st.decimals(D("0"), D("100000"), places=8, allow_nan=False)


def compared(**changes: Any) -> SimpleNamespace:
    """One billed line beside its order line; it matches."""
    line = {
        "line": 1,
        "kind": "goods",
        "match_basis": "four_way",
        "ordered": D(10),
        "received": D(10),
        "accepted": D(10),
        "rejected": D(0),
        "returned_for_replacement": D(0),
        "returned": D(0),
        "invoiced_before": D(0),
        "booked_here": None,
        "quantity": D(10),
        "credited": D(0),
        "ordered_price": D("12.50"),
        "corrected": D(0),
        "unit_price": D("12.50"),
        "base_quantity": D(1),
        "price_factor": D(1),
        "discount": D(0),
        "allowance": D(0),
        "charge": D(0),
        "net": D("125.00"),
        "ordered_tax_category": "S",
        "ordered_tax_rate": D(19),
        "tax_category": "S",
        "tax_rate": D(19),
    } | changes
    return SimpleNamespace(**line)


def kinds(*lines: Any, limits: Limits = EXACT, charges: Any = ()) -> list[tuple[str, int | None]]:
    return [(each.kind, each.line) for each in differences(lines, charges, limits, "EUR")]


@st.composite
def billed_lines(draw: Any) -> list[SimpleNamespace]:
    """Lines that differ from their order in any way, or not."""
    lines = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        price, accepted = draw(prices), draw(quantities)
        line = compared(
            line=number,
            accepted=accepted,
            quantity=draw(st.one_of(st.just(accepted), quantities)),
            ordered_price=price,
            unit_price=draw(st.one_of(st.just(price), prices)),
            tax_rate=draw(st.sampled_from([D(19), D(7)])),
        )
        line.net = net_of(line, "EUR")
        lines.append(line)
    return lines


@given(prices, quantities)
def test_what_is_billed_as_ordered_and_accepted_always_matches(price, quantity):
    line = compared(accepted=quantity, quantity=quantity, ordered_price=price, unit_price=price)
    line.net = net_of(line, "EUR")
    assert kinds(line) == []
    assert kinds(line, limits=Limits(NONE, NONE, NONE)) == []


@given(prices, prices)
def test_with_no_tolerance_any_other_price_is_a_difference(agreed, billed):
    found = kinds(compared(ordered_price=agreed, unit_price=billed))
    assert found == ([] if agreed == billed else [("price", 1)])


@given(quantities, quantities, quantities)
def test_with_no_tolerance_billing_may_reach_what_was_accepted_and_no_more(accepted, before, quantity):
    found = kinds(compared(accepted=accepted, invoiced_before=before, quantity=quantity))
    assert found == ([] if before + quantity <= accepted else [("quantity", 1)])


@given(billed_lines(), st.randoms(use_true_random=False))
def test_the_order_of_lines_never_matters(lines, random):
    limits = Limits(Tolerance(percent=D(3)), Tolerance(absolute=D("0.5")), Tolerance(percent=D(1)))
    shuffled = random.sample(lines, len(lines))
    assert differences(shuffled, (), limits, "EUR") == differences(lines, (), limits, "EUR")


@given(billed_lines(), st.decimals(D(0), D(50), places=2), st.decimals(D(0), D(50), places=2))
def test_a_wider_tolerance_never_finds_more(lines, some, more):
    narrow, wide = (Tolerance(percent=each) for each in (some, some + more))
    found = set(kinds(*lines, limits=Limits(wide, wide)))
    assert found <= set(kinds(*lines, limits=Limits(narrow, narrow)))


def test_what_may_be_billed_follows_the_lines_basis():
    came = compared(received=D(9), accepted=D(6), returned_for_replacement=D(2))
    due = {basis: entitled(compared(**vars(came) | {"match_basis": basis})) for basis in BASES}
    assert due == {"two_way": D(10), "three_way": D(7), "four_way": D(6)}
    freight = compared(kind="charge", accepted=D(0))
    assert (basis_of(freight), entitled(freight)) == ("two_way", D(10))


def test_less_than_accepted_is_a_part_and_no_difference():
    assert kinds(compared(quantity=D(3), net=D("37.50"))) == []


def test_a_tolerance_of_quantity_counts_all_invoices_together():
    limits = Limits(Tolerance(percent=D(10)), NONE)
    assert kinds(compared(invoiced_before=D(10), quantity=D(1)), limits=limits) == []
    assert kinds(compared(invoiced_before=D(11), quantity=D("0.000001")), limits=limits) == [("quantity", 1)]


def test_a_charge_of_the_order_needs_no_delivery():
    freight = compared(kind="charge", ordered=D(1), accepted=D(0), quantity=D(1))
    assert kinds(freight) == []
    assert kinds(compared(kind="charge", ordered=D(1), accepted=D(0), invoiced_before=D(1), quantity=D(1))) == [
        ("quantity", 1)
    ]


def test_a_charge_that_nobody_agreed_on_is_told_with_its_sum():
    charge = {"amount": "7.50"}
    (found,) = differences([compared()], [charge, charge], EXACT, "EUR")
    assert (found.kind, found.expected, found.actual, found.owner) == ("charge", "0", "15.00", "buyer")


def test_a_total_is_limited_only_where_somebody_said_so():
    wide = Tolerance(percent=D(2))
    line = compared(unit_price=D("12.75"), net=D("127.50"))
    assert kinds(line, limits=Limits(NONE, wide)) == []
    assert kinds(line, limits=Limits(NONE, wide, NONE)) == [("total", None)]
    assert kinds(line, limits=Limits(NONE, wide, Tolerance(absolute=D("2.50")))) == []


def test_numbers_are_compared_without_blanks_case_or_width():
    assert number_key("  Rechnung-STRASSE 1 ") == number_key("rechnung-straße 1")
    assert number_key("ＩＮＶ－１") == number_key("inv-1")
    assert number_key("R 1") == number_key("R1") != number_key("R-1")
    twins = (
        "ZХ-1",
        "ΖX-1",
        "ZX-1\ufe0f",
        "ZX-1\U000e0100",
        "Z\u034fX-1",
        "Z\u3164X-1",
        "ZX-١",
        "ZX\u00a0-1",
        "ZX\u0332-1",
    )
    assert {number_key(each) for each in twins} == {number_key("zx-1")}
    for twin in ("Z\u200bW-1", "ZW\u00ad-1", "ZW-1\ufeff", "Z\u2060W-1", "ZW\u20101", "ZW\u22121", "zw\u20141"):
        assert number_key(twin) == number_key("ZW-1"), ascii(twin)


def test_the_worst_clash_is_the_one_told():
    other = SimpleNamespace(issue_date=date(2026, 1, 1), currency="EUR", gross_minor=100)
    same = SimpleNamespace(issue_date=date(2026, 2, 1), currency="EUR", gross_minor=500)
    assert clash([], date(2026, 3, 1), "EUR", 500) is None
    assert clash([other, same], date(2026, 3, 1), "EUR", 500) == (same, True)
    assert clash([other, same], date(2026, 3, 1), "USD", 500) == (other, False)
    assert clash([same, other], date(2026, 1, 1), "EUR", 7) == (other, True)


def test_billing_follows_receipts_as_soon_as_there_is_one():
    line = SimpleNamespace(
        kind="goods",
        accepted=D(4),
        confirmed=D(10),
        invoiced=D(1),
        credited=D(0),
        returned=D(0),
        despatched=D(4),
        rejected=D(0),
        closed_to=None,
    )
    assert (proposed(line, True), proposed(line, False)) == (D(3), D(9))
    line.invoiced, line.credited = D(8), D(2)
    assert proposed(line, True) == D(0)


def test_payment_days_count_from_the_invoice_and_may_leave_the_year():
    agreed = PaymentTerms(days=60)
    assert due_day(agreed, Happened(date(2026, 12, 31))) == (date(2027, 3, 1), date(2026, 12, 31))


def test_payment_days_count_from_what_was_agreed_on_and_never_end_before_the_invoice():
    happened = Happened(date(2026, 2, 10), date(2026, 2, 12), date(2025, 12, 1))
    cases: tuple[tuple[Base, bool, date], ...] = (
        ("invoice", False, date(2026, 2, 20)),
        ("invoice", True, date(2026, 3, 10)),
        ("invoice_receipt", False, date(2026, 2, 22)),
        ("goods_receipt", False, date(2026, 2, 10)),
        ("goods_receipt", True, date(2026, 2, 10)),
    )
    for base, month_end, due in cases:
        assert due_day(PaymentTerms(base=base, month_end=month_end, days=10), happened).day == due
    assert due_day(PaymentTerms(base="goods_receipt", days=10), Happened(date(2026, 2, 10))) == (None, None)


@given(st.permutations([(date(2026, 1, 3), D(4)), (date(2026, 1, 5), D(4)), (date(2026, 1, 9), D(2))]))
def test_goods_have_come_on_the_day_that_completes_what_is_billed(receipts):
    line = compared(order_line_id=1, quantity=D(6), invoiced_before=D(0), ordered=D(10), accepted=D(10))
    assert came_on("acceptance", [line], {1: receipts}, date(2026, 2, 1)) == date(2026, 1, 5)
    line.invoiced_before, line.quantity = D(8), D(2)
    assert came_on("acceptance", [line], {1: receipts}, date(2026, 2, 1)) == date(2026, 1, 9)
    line.ordered, line.quantity, line.accepted = D(20), D(4), D(10)
    assert came_on("acceptance", [line], {1: receipts}, date(2026, 2, 1)) is None
    assert came_on("goods_receipt", [compared(kind="charge")], {}, date(2026, 2, 1)) == date(2026, 2, 1)


def test_a_charge_on_a_line_is_for_purchasing_to_decide_and_an_allowance_is_a_gift():
    (found,) = differences([compared(charge=D("3.00"), net=D("128.00"))], (), EXACT, "EUR")
    assert (found.kind, found.line, found.owner, found.actual) == ("charge", 1, "buyer", "3.00")
    assert kinds(compared(allowance=D("3.00"), net=D("122.00"))) == []


def expected(state: str, payable_on: date = date(2026, 12, 1)) -> SimpleNamespace:
    return SimpleNamespace(
        state=state,
        match_state="matched",
        buyer_name="Acme",
        reason="",
        payable_on=payable_on,
        terms={},
        terms_due=payable_on,
        payment_days=30,
        payment_terms="",
        settled_on=date(2026, 12, 2),
    )


def test_a_hold_stands_in_the_way_of_what_falls_due_in_it_and_only_until_it_ends():
    first, last = date(2026, 11, 1), date(2026, 12, 15)
    assert outlook(expected("approved"), [], last, first).day is None
    assert outlook(expected("approved"), [], last, last).day is None
    assert outlook(expected("approved"), [], last, date(2026, 12, 16)).day == date(2026, 12, 1)
    assert outlook(expected("approved", date(2026, 12, 16)), [], last, first).day == date(2026, 12, 16)


def test_an_invoice_is_never_due_before_the_terms_allow_but_may_be_later():
    for claimed, kinds_found in ((date(2026, 12, 9), ["terms"]), (date(2026, 12, 10), []), (date(2027, 1, 1), [])):
        found = differences([compared()], (), EXACT, "EUR", Due(claimed, date(2026, 12, 10)))
        assert [each.kind for each in found] == kinds_found
    (early,) = differences([compared()], (), EXACT, "EUR", Due(date(2026, 11, 20), date(2026, 12, 10)))
    assert (early.expected, early.actual, early.owner, early.line) == ("2026-12-10", "2026-11-20", "payable", None)


def test_when_will_i_be_paid_always_has_a_date_or_a_named_blocker():
    finding = SimpleNamespace(kind="price", owner_role="buyer", answer="", answer_reason="", line=1)
    for state in ("draft", "submitted", "disputed", "rejected", "approved", "settled"):
        for found in ([], [finding]):
            for held in (None, date(2199, 1, 1)):
                look = outlook(expected(state), found, held, date(2026, 11, 1))
                assert (look.day is None) != (look.blocker is None)
                assert look.blocker is None or (str(look.blocker) and look.owner)
