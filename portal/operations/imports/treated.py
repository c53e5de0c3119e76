"""What was done to texts that are no values, and to rows that are none: counted, so that the report can say it."""

from collections import Counter
from typing import NamedTuple

from portal.platform.i18n import Message, _

LEFT_OUT = None  # what a row becomes that a mapping skips
HEADER, REPEATED = "header", "repeated"  # what rows are, of no column, that only say the same once more
MOST = 1_000  # different things that are counted


class Treated(NamedTuple):
    """A text (or pattern) of a column, what it became, and in how many rows. `became` is empty for an empty cell, and
    None for rows that were left out."""

    file: str
    column: str
    text: str
    became: str | None
    rows: int

    def sentence(self) -> Message:
        told = {"rows": f"{self.rows:,}", "text": self.text, "column": self.column, "file": self.file}
        if not self.column:
            return Message(_ROWS[self.text].text, told)
        if self.became is LEFT_OUT:
            return _("{rows} × '{text}' in {column} of {file}: row left out", **told)
        if not self.became:
            return _("{rows} × '{text}' in {column} of {file} → empty", **told)
        return _("{rows} × '{text}' in {column} of {file} → '{became}'", became=self.became, **told)


_ROWS = {
    HEADER: _("{rows} × the header once more in {file}: row left out"),
    REPEATED: _("{rows} × a further row of the same record in {file}: put together with the first"),
}


class Treatments:
    """Counts of what was treated. A file that several kinds are made of is read once for each: the fullest count is
    the one that holds."""

    def __init__(self) -> None:
        self._counted: dict[str, Counter[tuple[str, str, str, str | None]]] = {}

    def note(self, part: str, file: str, column: str, text: str, became: str | None) -> None:
        counted = self._counted.setdefault(part, Counter())
        key = (file, column, text, became)
        if key in counted or len(counted) < MOST:
            counted[key] += 1

    def all(self) -> list[Treated]:
        keys = {key: None for counted in self._counted.values() for key in counted}
        found = [Treated(*key, max(counted[key] for counted in self._counted.values())) for key in keys]
        return sorted(found, key=lambda treated: -treated.rows)
