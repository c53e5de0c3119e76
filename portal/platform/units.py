"""Units of measure: UN/ECE Recommendation 20, and packages of Recommendation 21 behind an X, as EN 16931 uses them.

`units.csv` holds the 2,162 codes that the EN 16931 code list admits, with their English names; where a unit converts,
also its dimension and its exact factor to that dimension's base (kg, m, m², m³, s, one). A month, a working day, a pack
or "kilogram drained net weight" converts to nothing: what it holds is agreed per item, as the order's frozen factor.
Quantities of different dimensions are never added or compared.
"""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

from portal.platform.decimals import from_fraction
from portal.platform.i18n import Message, _

DECIMALS: Final = 12


class Unit(NamedTuple):
    code: str
    name: str
    symbol: str
    dimension: str
    factor: Decimal


class Incompatible(ValueError):
    """Two units between which no conversion exists; `message` names both to a person."""

    def __init__(self, source: str, target: str) -> None:
        self.message: Message = _(
            "A quantity in {source} cannot be converted into {target}.", source=name(source), target=name(target)
        )
        super().__init__(self.message)


def _load() -> dict[str, Unit]:
    with Path(__file__).with_suffix(".csv").open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return {row[0]: Unit(row[0], row[1], row[2], row[3], Decimal(row[4] or 0)) for row in rows}


# The units that selects offer first, in this order, with names that are translated.
COMMON: Final[dict[str, Message]] = {
    "C62": _("one"),
    "H87": _("piece"),
    "EA": _("each"),
    "PR": _("pair"),
    "SET": _("set"),
    "KT": _("kit"),
    "DZN": _("dozen"),
    "CEN": _("hundred"),
    "GRO": _("gross"),
    "MIL": _("thousand"),
    "NMP": _("pack"),
    "XPK": _("package"),
    "XBX": _("box"),
    "XCT": _("carton"),
    "XCS": _("case"),
    "XPX": _("pallet"),
    "XBG": _("bag"),
    "XSA": _("sack"),
    "XBO": _("bottle"),
    "XCA": _("can"),
    "XDR": _("drum"),
    "XRO": _("roll"),
    "XRL": _("reel"),
    "XCL": _("coil"),
    "XST": _("sheet"),
    "XTU": _("tube"),
    "XBE": _("bundle"),
    "XCR": _("crate"),
    "XCN": _("container"),
    "RM": _("ream"),
    "MGM": _("milligram"),
    "GRM": _("gram"),
    "KGM": _("kilogram"),
    "DTN": _("decitonne"),
    "TNE": _("tonne"),
    "ONZ": _("ounce"),
    "LBR": _("pound"),
    "MMT": _("millimetre"),
    "CMT": _("centimetre"),
    "MTR": _("metre"),
    "KMT": _("kilometre"),
    "INH": _("inch"),
    "FOT": _("foot"),
    "YRD": _("yard"),
    "CMK": _("square centimetre"),
    "MTK": _("square metre"),
    "H18": _("hectare"),
    "FTK": _("square foot"),
    "MLT": _("millilitre"),
    "LTR": _("litre"),
    "HLT": _("hectolitre"),
    "MTQ": _("cubic metre"),
    "GLL": _("gallon (US)"),
    "MIN": _("minute"),
    "HUR": _("hour"),
    "DAY": _("day"),
    "E49": _("working day"),
    "WEE": _("week"),
    "MON": _("month"),
    "ANN": _("year"),
    "KWH": _("kilowatt hour"),
    "MWH": _("megawatt hour"),
    "E48": _("service unit"),
    "LS": _("lump sum"),
    "P1": _("percent"),
}

# What stands behind a number. Three codes are pieces to most people: each keeps a name of its own.
SHORT: Final[dict[str, Message | str]] = {
    "C62": _("pcs"),
    "H87": _("pieces"),
    "EA": _("each"),
    "PR": _("pairs"),
    "SET": _("sets"),
    "KT": _("kits"),
    "DZN": _("dozen"),
    "CEN": _("hundred"),
    "GRO": _("gross"),
    "MIL": _("thousand"),
    "NMP": _("packs"),
    "XPK": _("packages"),
    "XBX": _("boxes"),
    "XCT": _("cartons"),
    "XCS": _("cases"),
    "XPX": _("pallets"),
    "XBG": _("bags"),
    "XSA": _("sacks"),
    "XBO": _("bottles"),
    "XCA": _("cans"),
    "XDR": _("drums"),
    "XRO": _("rolls"),
    "XRL": _("reels"),
    "XCL": _("coils"),
    "XST": _("sheets"),
    "XTU": _("tubes"),
    "XBE": _("bundles"),
    "XCR": _("crates"),
    "XCN": _("containers"),
    "RM": _("reams"),
    "DAY": _("days"),
    "E49": _("working days"),
    "WEE": _("weeks"),
    "MON": _("months"),
    "ANN": _("years"),
    "KWH": "kWh",
    "MWH": "MWh",
    "E48": _("service units"),
    "LS": _("lump sum"),
    "P1": "%",
}

UNITS: Final = _load()


def known(code: str) -> bool:
    """Codes are exact: `kgm` and ` KGM` are unknown."""
    return code in UNITS


def name(code: str) -> Message | str:
    """The unit's name, translated for the common ones, English for the rest; an unknown code stands for itself."""
    return COMMON.get(code) or (UNITS[code].name if code in UNITS else code)


def short(code: str) -> Message | str:
    """The unit as it stands behind a number, on pages and in messages alike: `10 pcs`, `3 kg`, `2 working days`."""
    known_unit = UNITS.get(code)
    return SHORT.get(code) or (known_unit.symbol if known_unit and known_unit.symbol != "1" else "") or name(code)


def choices() -> list[tuple[str, Message]]:
    """(code, name) of the common units, for selects; a field takes every known code all the same."""
    return list(COMMON.items())


def labelled(*used: str) -> list[tuple[str, str]]:
    """(code, name with code) of the common units and of those in use, for selects: the code tells pieces apart."""
    usual = list(COMMON)
    more = sorted({code for code in used if code} - set(usual))
    return [(code, f"{short(code)} · {code}") for code in (*usual, *more)]


def converts(source: str, target: str) -> bool:
    """Whether a quantity in one unit has a meaning in the other."""
    if source == target:
        return known(source)
    here, there = UNITS.get(source), UNITS.get(target)
    return here is not None and there is not None and here.dimension == there.dimension != ""


def factor(source: str, target: str) -> Fraction:
    """How many target units one source unit is, exactly; raises Incompatible."""
    if not converts(source, target):
        raise Incompatible(source, target)
    return Fraction(1) if source == target else Fraction(UNITS[source].factor) / Fraction(UNITS[target].factor)


def convert(quantity: Decimal, source: str, target: str) -> Decimal:
    """The quantity in the target unit; raises Incompatible.

    Exact wherever the answer ends within 12 decimals (always towards a smaller decimal unit); what does not end, such
    as 5 pieces in dozens, is rounded half up to 12 decimals.
    """
    if source == target and known(source):
        return quantity
    return from_fraction(Fraction(quantity) * factor(source, target), DECIMALS)
