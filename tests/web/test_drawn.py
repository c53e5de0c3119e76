"""What a page drew once it shows again only where it would draw the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from markupsafe import Markup

from portal.platform.i18n import _, use_language
from portal.web import PageContext, formats
from portal.web.context import current
from portal.web.drawn import Drawn
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.pages import Page, Reader

NOON = datetime(2026, 7, 1, 12, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    token = current.set(PageContext())
    yield
    use_language("en")
    current.reset(token)


class Macro:
    """Tells an amount and a moment, and how often it was asked to."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, amount: Decimal, at: datetime) -> Markup:
        self.asked += 1
        return Markup("%s %s %s") % (_("Orders"), formats.money(amount, "EUR"), formats.moment(at))


def test_the_same_is_drawn_once_and_anything_else_anew() -> None:
    drawn, macro = Drawn(), Macro()
    first = drawn(("a list", True), macro, Decimal("1.50"), NOON)

    assert drawn(("a list", True), macro, Decimal("1.50"), NOON) is first
    assert macro.asked == 1
    assert "1.51" in drawn(("a list", True), macro, Decimal("1.51"), NOON)
    drawn(("a list", False), macro, Decimal("1.50"), NOON)
    assert macro.asked == 3


def test_a_reader_of_another_language_or_elsewhere_is_shown_their_own() -> None:
    drawn, macro = Drawn(), Macro()
    english = drawn(("a list",), macro, Decimal("1.50"), NOON)
    use_language("zh-Hans")
    chinese = drawn(("a list",), macro, Decimal("1.50"), NOON)
    current.set(PageContext(time_zone="Asia/Shanghai"))
    there = drawn(("a list",), macro, Decimal("1.50"), NOON)

    assert ("Orders" in english, "订单" in chinese, "20:05" in there) == (True, True, True)
    assert macro.asked == 3


def test_what_was_not_looked_at_for_longest_makes_room() -> None:
    drawn, macro = Drawn(most=300), Macro()
    for amount in range(20):
        drawn(("a list",), macro, Decimal(amount), NOON)
        drawn(("a list",), macro, Decimal(0), NOON)

    assert macro.asked == 20
    assert "1.00" in drawn(("a list",), macro, Decimal(1), NOON)
    assert macro.asked == 21


@pytest.mark.parametrize(("path", "theirs"), [("/orders", "order_desk"), ("/invoices", "billing")])
async def test_each_side_and_role_is_shown_its_own_row_of_the_same_record(
    path: str, theirs: str, client_of: Any
) -> None:
    company, supplier, order = await delivered_order(accepted=(8,))
    await submitted_invoice(supplier, order)
    seen: dict[str, str] = {}
    for _again in range(2):
        for role in ("buyer", "receiver", theirs):
            client = await client_of((company.people | supplier.people)[role])
            if (await client.get(path)).status_code == 200:
                text = _table(await Reader(client).open(path))
                assert seen.setdefault(role, text) == text

    assert supplier.name in seen["buyer"]
    assert company.name in seen[theirs]
    assert "EUR" in seen["buyer"]
    assert "EUR" not in seen.get("receiver", "")


def _table(page: Page) -> str:
    return page.html.partition("<tbody>")[2].partition("</tbody>")[0]
