"""Numbers, money, dates and times as the reader writes them: by language (CLDR) and in the reader's own time zone.

Nothing is rounded away silently: an amount keeps its currency's decimals, a unit price every decimal it has. An instant
always shows its offset from UTC, because abbreviations are shared (CST is China and Chicago). `None` is an en dash.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import get_currency_name
from markupsafe import Markup

from portal.platform.decimals import half_up
from portal.platform.figures import LOCALES, figure
from portal.platform.i18n import current_language
from portal.platform.money import MINOR_UNITS, decimals
from portal.platform.units import short
from portal.web.context import current

NOTHING = "–"
DATES = {"en": "d MMM y", "zh-Hans": "y-MM-dd"}
JOINS = {"en": ", ", "zh-Hans": " "}
MONTH_NAMES = {"en": "MMM", "zh-Hans": "M月"}
MONTHS = {"en": "MMM y", "zh-Hans": "y-MM"}
PRICE_PLACES = 8
ADDRESS = ("name", "street", "city", "postal_code", "region", "country")
AREAS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("MicroMessenger", "WeChat"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def day(value: date | str | None) -> str:
    """A calendar date, as it stands: dates belong to a place and are never shifted."""
    return NOTHING if value is None or value == "" else _calendar(_date(value), _language())


def month(value: date | str | None) -> str:
    """The month of a date, or of a period written `2026-10`."""
    if value is None or value == "":
        return NOTHING
    first = f"{value}-01" if isinstance(value, str) and len(value) == 7 else value
    return format_date(_date(first), MONTHS[_language()], locale=_locale())


def moment(value: datetime | None) -> str | Markup:
    """An instant in the reader's time zone to the minute, with its offset: `21 Nov 2026, 14:05 UTC+1`."""
    if value is None:
        return NOTHING
    return Markup('<time datetime="%s">%s</time>') % (_iso(value), moment_text(value))


def moment_text(value: datetime) -> str:
    """The same without markup, for attributes and titles."""
    local = value.astimezone(zone())
    language = _language()
    return f"{_calendar(local.date(), language)}{JOINS[language]}{local:%H:%M} {_offset(local)}"


def relative(value: datetime | None, now: datetime | None = None) -> str | Markup:
    """How long ago or ahead, with the exact time as the title."""
    if value is None:
        return NOTHING
    distance = value - (now or datetime.now(UTC))
    words = format_timedelta(distance, add_direction=True, locale=_locale())
    return Markup('<time datetime="%s" title="%s">%s</time>') % (_iso(value), moment_text(value), words)


def money(amount: Decimal | str | None, currency: str = "") -> str | Markup:
    """An amount with its currency's decimals and code: `1,234.50 EUR`. The code says which dollar it is."""
    if amount is None or amount == "":
        return NOTHING
    return _with_unit(_number(Decimal(amount), _decimals(currency)), currency)


def currency_name(code: str) -> str:
    """What a currency is called, for selects."""
    return get_currency_name(code, locale=_locale())


def price(amount: Decimal | str | None, currency: str = "") -> str | Markup:
    """A unit price with every decimal it has (up to eight), at least the currency's own."""
    if amount is None or amount == "":
        return NOTHING
    return _with_unit(_number(Decimal(amount), _decimals(currency), PRICE_PLACES), currency)


def quantity(value: Decimal | str | int | None, code: object = "") -> str | Markup:
    """A quantity with its unit (a Rec 20 code), without trailing zeros: `1,200.5 kg`."""
    if value is None or value == "":
        return NOTHING
    return _with_unit(_number(Decimal(value), 0, PRICE_PLACES), str(short(str(code))) if code else "")


def percent(ratio: Decimal | str | float | None, places: int = 1) -> str:
    """A share of one: `0.9754` is `97.5%`. No data stays no data, never 0%."""
    return (
        NOTHING if ratio is None or ratio == "" else f"{_number(half_up(Decimal(str(ratio)) * 100, places), places)}%"
    )


def score(value: Decimal | float | None) -> str:
    """A score from 0 to 100 with one decimal, rounded half up: the same figure wherever it stands."""
    return NOTHING if value is None else _number(half_up(Decimal(str(value)), 1), 1)


def month_name(value: date | str) -> str:
    """A month alone, as short as its reader knows it, for the axis of a chart."""
    return format_date(
        _date(f"{value}-01" if len(str(value)) == 7 else value), MONTH_NAMES[_language()], locale=_locale()
    )


def count(value: int | None, cap: int | None = None) -> str:
    """A whole number; one that reached its cap is shown as `1,000+`."""
    if value is None:
        return NOTHING
    return f"{_number(Decimal(cap), 0)}+" if cap is not None and value >= cap else _number(Decimal(value), 0)


def duration(value: timedelta | None) -> str:
    """A length of time in its largest fitting unit: `3 hours`."""
    return NOTHING if value is None else format_timedelta(value, locale=_locale())


def unbroken(text: object) -> Markup:
    """A text whose document numbers (`PO-2026-00001/1`) stay on one line; long ones break as before."""
    return Markup(" ").join(_KEPT.format(each) if _NUMBER.fullmatch(each) else each for each in str(text).split(" "))


_NUMBER = re.compile(r"(?=.{3,30}$)[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*[-/]\d[A-Za-z0-9]*")
_KEPT = Markup('<span class="num">{}</span>')


def country(code: str | None) -> str:
    """A country's name; a code that CLDR does not know stands for itself."""
    return str(Locale.parse(_locale()).territories.get((code or "").upper(), code or ""))


def address_lines(place: Mapping[str, str | None] | None) -> list[str]:
    """An address as its reader writes it: from the country down in Chinese, from the street up in English."""
    told = {name: str((place or {}).get(name) or "").strip() for name in ADDRESS}
    nation = country(told["country"])
    if _language() == "zh-Hans" and told["country"].upper() == "CN":
        lines = [told["name"], nation + told["region"] + told["city"], told["street"], told["postal_code"]]
    else:
        town = " ".join(filter(None, (told["postal_code"], told["city"])))
        lines = [told["name"], told["street"], ", ".join(filter(None, (town, told["region"]))), nation]
    return [line for line in lines if line]


def browser(agent: str) -> str:
    """Which browser on which system a User-Agent names, for people who look through their sessions."""
    seen = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " · ".join(filter(None, (seen, system))) or agent[:40] or NOTHING


def time_zones() -> list[tuple[str, str]]:
    """(name, label) of the places a person may choose from, with today's offset."""
    now = datetime.now(UTC)
    names = ["UTC", *sorted(name for name in available_timezones() if name.startswith(AREAS))]
    return [(name, f"{name.replace('_', ' ')} ({_offset(now.astimezone(ZoneInfo(name)))})") for name in names]


def zone() -> ZoneInfo:
    return ZoneInfo(current.get().time_zone)


def _with_unit(number: str, unit: str) -> str | Markup:
    if not unit:
        return number
    return Markup('<span class="num">%s\u00a0<small class="unit">%s</small></span>') % (number, unit)


def _number(value: Decimal, least: int, most: int | None = None) -> str:
    return figure(value, _language(), least, most)


def _decimals(currency: str) -> int:
    """What documents in this currency have: ISO 4217's, at most two. CLDR's would round a dinar's paras away."""
    return decimals(currency) if currency in MINOR_UNITS else 2


@lru_cache(4096)
def _calendar(value: date, language: str) -> str:
    return format_date(value, DATES[language], locale=LOCALES[language])


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


def _date(value: date | str) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value.astimezone(zone()).date() if isinstance(value, datetime) else value


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")


def _language() -> str:
    language = current_language()
    return language if language in LOCALES else "en"


def _locale() -> str:
    return LOCALES[_language()]
