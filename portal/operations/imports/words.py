"""Words in cells that the portal has codes for: units, countries, states of orders, as other systems write them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

from babel import Locale
from babel.core import get_global

from portal.platform import units
from portal.platform.fields import CountryCode

LANGUAGES = ("en", "de", "zh", "fr", "es")
STATES = {
    "draft": "draft|new|entwurf|neu|草稿",
    "in_approval": "pending|in approval|awaiting approval|in genehmigung|待审批|审批中",
    "approved": "approved|released|genehmigt|freigegeben|已审批|已批准",
    "issued": "open|offen|issued|sent|ordered|in progress|bestellt|versendet|未交货|已下达|已发出|进行中",
    "accepted": "accepted|confirmed|acknowledged|partially received|bestätigt|teilgeliefert|已确认|部分收货",
    "rejected": "rejected|declined|refused|abgelehnt|已拒绝",
    "closed": "closed|complete|completed|done|delivered|received|fertig|erledigt|abgeschlossen|geliefert|已完成|已关闭",
    "cancelled": "cancelled|canceled|void|storniert|gelöscht|已取消|已作废",
}
UNITS = {
    "H87": "pc|pcs|piece|pieces|stk|stck|stück|st|个|件|只|支",
    "EA": "ea|each",
    "C62": "one|unit|units|nos",
    "SET": "set|sets|satz|套",
    "PR": "pair|pairs|paar|双|对",
    "DZN": "dz|doz|dozen|dtz|dutzend|打",
    "NMP": "pack|packs|pak|packung|包",
    "XPK": "package|paket",
    "XBX": "box|boxes|bx|schachtel|盒",
    "XCT": "carton|cartons|ctn|karton|箱",
    "XCS": "case|cases|cs",
    "XBO": "bottle|bottles|flasche|瓶",
    "XRO": "roll|rolls|rolle|卷",
    "XPX": "pallet|palette|pal|托盘",
    "KGM": "kg|kgs|kilogram|kilogramm|公斤|千克",
    "GRM": "g|gram|gramm|克",
    "TNE": "t|to|ton|tonne|吨",
    "LBR": "lb|lbs|pound",
    "MTR": "m|meter|metre|mtr|米",
    "MMT": "mm",
    "CMT": "cm",
    "MTK": "m2|m²|qm|sqm|平方米",
    "MTQ": "m3|m³|cbm|立方米",
    "LTR": "l|liter|litre|ltr|升",
    "MLT": "ml|毫升",
    "GLL": "gal|gallon",
    "HUR": "h|hr|hrs|hour|hours|std|stunde|stunden|小时",
    "DAY": "d|day|days|tag|tage|天",
}
# What people write and CLDR, whose names and codes of countries are known in five languages, does not have.
COUNTRIES = {
    "GB": "great britain|britain|england|scotland|wales|northern ireland|united kingdom of great britain and northern "
    "ireland|großbritannien|england|英格兰|大不列颠",
    "US": "us of a|united states of america|america|amerika|vereinigte staaten von amerika|美利坚合众国",
    "CN": "pr china|p r china|prc|people s republic of china|volksrepublik china|vr china|mainland china|"
    "中华人民共和国",
    "KR": "korea|republic of korea|korea republic of|korea south|南韩|大韩民国",
    "KP": "korea democratic people s republic of|korea north",
    "RU": "russian federation|russische föderation|俄罗斯联邦",
    "VN": "viet nam|socialist republic of vietnam",
    "NL": "holland|the netherlands",
    "CZ": "czech republic|tschechische republik",
    "TR": "turkey|republic of turkey",
    "CI": "cote d ivoire|ivory coast",
    "CD": "dr congo|drc|congo drc|congo dem rep|democratic republic of the congo|congo democratic republic of the",
    "CG": "republic of the congo|congo republic|congo brazzaville",
    "TZ": "united republic of tanzania|tanzania united republic of",
    "IR": "islamic republic of iran|iran islamic republic of",
    "AE": "uae|u a e|emirates",
    "TW": "taiwan province of china|chinese taipei|台湾地区",
    "HK": "hong kong|hongkong|hong kong sar",
    "MO": "macau|macao",
    "IE": "republic of ireland|eire",
    "MK": "macedonia",
    "SZ": "swaziland",
    "MM": "burma",
    "CV": "cape verde",
    "LA": "lao pdr|lao people s democratic republic",
    "SY": "syrian arab republic",
    "MD": "republic of moldova|moldova republic of",
    "VE": "venezuela bolivarian republic of",
    "BO": "bolivia plurinational state of",
}
_APART = re.compile(r"[\W_]+")


Words = tuple[dict[str, str], Callable[[str], bool]]


def codes(kind: str, said: Iterable[str]) -> dict[str, str] | None:
    """A value map for the texts of a column, as far as their meaning is known; None where they are codes already."""
    _words, known = _BY_KIND[kind]()
    texts = {text for text in said if text}
    found = {text: code for text in sorted(texts) if (code := code_of(kind, text)) is not None}
    return None if all(known(text) for text in texts) else {text: text for text in sorted(texts) if known(text)} | found


def code_of(kind: str, said: str) -> str | None:
    """The code for a word that is none itself."""
    words, known = _BY_KIND[kind]()
    return None if known(said) else words.get(said.casefold()) or words.get(plain(said))


def plain(said: str) -> str:
    """Without case, accents and points: U.S.A. is USA, and Côte d'Ivoire is Cote d Ivoire."""
    letters = unicodedata.normalize("NFKD", re.sub(r"(?<=\b\w)\.(?=\w|$)", "", said.casefold()))
    return " ".join(_APART.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def _of(table: dict[str, str]) -> dict[str, str]:
    return {word: code for code, words in table.items() for word in words.split("|")}


@cache
def _units() -> Words:
    return _of(UNITS), units.known


@cache
def _states() -> Words:
    return _of(STATES), lambda text: text in STATES


@cache
def _countries() -> Words:
    """Names in five languages, codes of three letters or digits, and what else CLDR takes for a country; of two that
    are written alike the language that is spoken more here holds."""
    aliases = get_global("territory_aliases").items()
    names = {plain(old): new[0] for old, new in aliases if len(new) == 1 and CountryCode.takes(new[0])}
    names |= {
        plain(str(name)): code
        for language in reversed(LANGUAGES)
        for code, name in Locale(language).territories.items()
        if CountryCode.takes(code)
    }
    names |= {code.lower(): code for code in {*names.values()}}
    return names | {plain(word): code for word, code in _of(COUNTRIES).items()}, CountryCode.takes


_BY_KIND = {"unit": _units, "country": _countries, "state": _states}
