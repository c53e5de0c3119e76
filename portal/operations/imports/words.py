"""Words in cells that the portal has codes for: units, countries, states of orders, as other systems write them."""

from collections.abc import Callable, Iterable
from functools import cache

from babel import Locale

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


Words = tuple[dict[str, str], Callable[[str], bool]]


def codes(kind: str, said: Iterable[str]) -> dict[str, str] | None:
    """A value map for the texts of a column, as far as their meaning is known; None where they are codes already."""
    words, known = _BY_KIND[kind]()
    texts = {text for text in said if text}
    found = {text: words[text.casefold()] for text in sorted(texts) if text.casefold() in words}
    return None if all(known(text) for text in texts) else {text: text for text in sorted(texts) if known(text)} | found


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
    names = {
        str(name).casefold(): code
        for language in reversed(LANGUAGES)
        for code, name in Locale(language).territories.items()
        if CountryCode.takes(code)
    }
    return names, CountryCode.takes


_BY_KIND = {"unit": _units, "country": _countries, "state": _states}
