"""Numbers and times as people write them, in their language and where they are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from markupsafe import Markup

from portal.platform.i18n import use_language
from portal.web import PageContext, formats
from portal.web.context import current
from portal.web.render import environment

NOON = datetime(2026, 7, 1, 12, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_berlin() -> Iterator[None]:
    token = current.set(PageContext(time_zone="Europe/Berlin"))
    use_language("en")
    yield
    use_language("en")
    current.reset(token)


def text(value: object) -> str:
    return Markup(str(value)).striptags().replace("\u00a0", " ")


def test_an_amount_keeps_its_currency_s_decimals_and_names_it() -> None:
    assert text(formats.money(Decimal("1234.5"), "EUR")) == "1,234.50 EUR"
    assert text(formats.money("183940", "JPY")) == "183,940 JPY"


@pytest.mark.parametrize("currency", ["RSD", "ALL", "IRR", "LBP", "MMK", "KWD", "AFN", "HUF"])
def test_an_amount_is_shown_with_the_decimals_that_documents_have(currency: str) -> None:
    assert text(formats.money(Decimal("1234.56"), currency)) == f"1,234.56 {currency}"
    assert text(formats.price(Decimal("0.1"), currency)) == f"0.10 {currency}"


def test_a_unit_price_keeps_every_decimal_it_has() -> None:
    assert text(formats.price(Decimal("0.08250000"), "EUR")) == "0.0825 EUR"
    assert text(formats.price(Decimal("0.12345678"), "EUR")) == "0.12345678 EUR"
    assert text(formats.price(Decimal(3), "EUR")) == "3.00 EUR"


def test_large_amounts_are_not_rounded_by_the_way() -> None:
    assert text(formats.money(Decimal("9999999999999999.99"), "EUR")) == "9,999,999,999,999,999.99 EUR"


def test_a_quantity_is_told_in_a_unit_that_people_know() -> None:
    assert text(formats.quantity(Decimal("1200.500"), "KGM")) == "1,200.5 kg"
    assert text(formats.quantity(Decimal(12), "H87")) == "12 pieces"
    assert text(formats.quantity(Decimal(1), "4K")) == "1 milliampere"
    assert text(formats.quantity(Decimal(1), "NO")) == "1 NO"


def test_an_instant_is_told_in_the_reader_s_zone_with_its_offset() -> None:
    assert text(formats.moment(NOON)) == "1 Jul 2026, 14:05 UTC+2"
    current.set(PageContext(time_zone="Asia/Kolkata"))
    assert text(formats.moment(NOON)) == "1 Jul 2026, 17:35 UTC+5:30"


def test_a_date_is_never_shifted_by_a_zone() -> None:
    current.set(PageContext(time_zone="Pacific/Kiritimati"))
    assert formats.day(date(2026, 12, 31)) == "31 Dec 2026"


def test_what_is_not_known_is_not_a_number() -> None:
    nothing = [formats.money(None, "EUR"), formats.percent(None), formats.day(None), formats.moment(None)]
    assert nothing == ["–"] * 4


def test_a_capped_count_says_that_there_is_more() -> None:
    assert formats.count(1000, 1000) == "1,000+"
    assert formats.count(999, 1000) == "999"


def test_chinese_readers_get_their_own_forms() -> None:
    use_language("zh-Hans")
    assert formats.day("2026-07-01") == "2026-07-01"
    assert text(formats.moment(NOON)) == "2026-07-01 14:05 UTC+2"
    assert text(formats.relative(NOON, now=NOON + timedelta(hours=5))) == "5小时前"
    assert text(formats.quantity("3", "H87")) == "3 件"


def test_a_constant_in_a_template_is_told_in_each_reader_s_language() -> None:
    template = environment().from_string('{{ "2026-07-01"|date }} {{ "issued"|state }}')
    use_language("zh-Hans")
    chinese = template.render()
    use_language("en")
    assert text(chinese) == "2026-07-01 已下达"
    assert text(template.render()) == "1 Jul 2026 Issued"


def test_what_a_person_wrote_is_never_markup() -> None:
    told = environment().from_string("{{ 5|quantity(unit) }} {{ code|state }}").render(unit="<b>", code="<i>")
    assert "<b>" not in told
    assert "<i>" not in told


@pytest.mark.parametrize("number", ["PO-2026-00001", "PO-2026-00105/1", "BR-260968-1", "GR-2026-7"])
def test_a_documents_number_stays_on_one_line_wherever_it_stands(number):
    assert formats.unbroken(f"Invoice {number} of June") == f'Invoice <span class="num">{number}</span> of June'


@pytest.mark.parametrize("words", ["well-known", "A & B <b>", "a" * 40 + "-1", "Jules Norwood", "1 – 2"])
def test_words_and_what_is_too_long_for_a_phone_break_as_before(words):
    assert formats.unbroken(words) == Markup.escape(words)
