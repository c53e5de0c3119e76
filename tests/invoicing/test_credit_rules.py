"""What credit notes give back, by property: in any order, never more than was billed, and all of it in the end."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.rules import net_of, totals_of
from portal.invoicing.rules.credits import Asked, TooMuch, credit, left_of, remaining, sums, whole
from portal.platform.decimals import ZERO, total
from portal.platform.money import round_amount
from portal.platform.totals import Part

D = Decimal
quantities = st.decimals(D("0.01"), D("1000"), places=2, allow_nan=False)
prices = st.decimals(D("0.0001"), D("1000"), places=4, allow_nan=False)
cents = st.decimals(D("0"), D("50"), places=2, allow_nan=False)
rates = st.sampled_from([D(7), D(19)])


def kept(amount: Decimal, rate: Decimal) -> dict[str, str]:
    """An allowance or charge on the whole document, as it keeps it."""
    return {"amount": str(amount), "tax_category": "S", "tax_rate": str(rate)}


@st.composite
def invoices(draw: Any) -> SimpleNamespace:
    """Lines with allowances and charges of their own, and allowances and charges on the whole."""
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        line = SimpleNamespace(
            line=number,
            quantity=draw(quantities),
            unit_price=draw(prices),
            base_quantity=D(1),
            price_factor=D(1),
            discount=draw(st.sampled_from([D(0), D("2.5")])),
            allowance=ZERO,
            charge=draw(cents),
            tax_category="S",
            tax_rate=draw(rates),
        )
        line.allowance = min(draw(cents), net_of(line, "EUR"))
        line.net = net_of(line, "EUR")
        lines.append(line)
    room = {rate: total(line.net for line in lines if line.tax_rate == rate) for rate in (D(7), D(19))}
    rate = lines[0].tax_rate
    allowances = [kept(min(draw(cents), room[rate]), rate)]
    charges = [kept(draw(cents), lines[-1].tax_rate)]
    return SimpleNamespace(lines=lines, allowances=allowances, charges=charges)


def parts(of: list[dict[str, str]]) -> list[Part]:
    return [Part(D(each["amount"]), each["tax_category"], D(each["tax_rate"])) for each in of]


class Book:
    """What was credited of an invoice so far."""

    def __init__(self, invoice: SimpleNamespace) -> None:
        self.invoice = invoice
        self.billed = totals_of(invoice.lines, invoice.allowances, invoice.charges, "EUR")
        self.lines: list[tuple[int, Any]] = []
        self.notes: list[Any] = []

    def left(self) -> list[Any]:
        return [
            left_of(line, [each for number, each in self.lines if number == line.line]) for line in self.invoice.lines
        ]

    def take(self, kind: str, asked: list[Asked], *, all_of_it: bool = False) -> bool:
        """Credit it, or not; whether it was."""
        try:
            made = credit(kind, asked, "EUR")
            note = sums(
                [Part(each.net, each.left.line.tax_category, each.left.line.tax_rate) for each in made],
                parts(self.invoice.allowances) if all_of_it else [],
                parts(self.invoice.charges) if all_of_it else [],
                "EUR",
                remaining(self.billed, [each.breakdown for each in self.notes]),
            )
        except TooMuch:
            return False
        self.lines += [(each.left.line.line, each) for each in made]
        self.notes.append(note)
        return True

    def booked(self) -> dict[int, Decimal]:
        """The ledger: how much of each line left the invoiced quantity."""
        numbers = [line.line for line in self.invoice.lines]
        return {n: total(each.booked for number, each in self.lines if number == n) for n in numbers}


acts = st.lists(
    st.tuples(st.sampled_from(["goods", "price"]), st.integers(0, 3), st.decimals(D("0.01"), D("0.99"), places=2)),
    max_size=6,
)


@given(invoices(), acts)
def test_partial_credits_and_then_the_rest_are_the_invoice_itself_to_the_cent(invoice, partial):
    book = Book(invoice)
    for kind, number, fraction in partial:
        left = book.left()[number % len(invoice.lines)]
        quantity = (left.quantity * fraction).quantize(D("0.000001"))
        if quantity > ZERO:
            price = (left.line.unit_price * fraction).quantize(D("0.0001")) if kind == "price" else None
            book.take(kind, [Asked(left, quantity, price)])
        for each in book.left():
            assert ZERO <= each.quantity <= each.line.quantity
            assert ZERO <= each.net <= each.line.net
    assert book.take("whole", whole(book.left()), all_of_it=True)

    for name in ("net", "tax", "gross"):
        assert total(getattr(note, name) for note in book.notes) == getattr(book.billed, name)
    assert book.booked() == {line.line: line.quantity for line in invoice.lines}
    assert not any(each.net or each.quantity for each in book.left())


@given(invoices(), st.data())
def test_any_order_of_partial_credits_gives_the_same_ledger(invoice, data):
    share = [(line.line, line.quantity / 4) for line in invoice.lines for _part in range(3)]
    ledgers = []
    for order in (share, data.draw(st.permutations(share))):
        book = Book(SimpleNamespace(lines=invoice.lines, allowances=[], charges=[]))
        for number, quantity in order:
            left = next(each for each in book.left() if each.line.line == number)
            assert book.take("goods", [Asked(left, quantity)])
        ledgers.append(book.booked())
    assert ledgers[0] == ledgers[1]


@given(invoices())
def test_totals_with_allowances_and_charges_add_up_as_en_16931_says(invoice):
    found = totals_of(invoice.lines, invoice.allowances, invoice.charges, "EUR")
    allowances = total(D(each["amount"]) for each in invoice.allowances)
    charges = total(D(each["amount"]) for each in invoice.charges)
    assert found.lines == total(line.net for line in invoice.lines)
    assert (found.allowances, found.charges) == (allowances, charges)
    assert found.net == found.lines - allowances + charges == total(row.base for row in found.breakdown)
    for row in found.breakdown:
        assert row.tax == round_amount(row.base * row.rate / 100, "EUR")
    assert found.gross == found.net + total(row.tax for row in found.breakdown)
