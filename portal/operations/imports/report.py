"""What an import did, or would do: figures for programs, sentences for people, the errors as a file to work on."""

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from portal.operations.imports.doubts import Doubt
from portal.operations.imports.problems import Problem
from portal.operations.imports.treated import Treated
from portal.platform.csv_file import csv_line
from portal.platform.i18n import Message, _

COLUMNS = ("file", "row", "column", "value", "reason")
MOST_TREATED = 30  # sentences for people; programs get all


class Report(msgspec.Struct, kw_only=True):
    """`kinds` has a row of figures for each part: created, updated, unchanged, warnings, errors."""

    organisation: str
    kind: str
    mapping: str
    dry_run: bool
    files: list[dict[str, Any]]
    unused: list[str]
    kinds: dict[str, dict[str, int]]
    totals: dict[str, Any] | None  # orders only: how many state a sum, and how many of those differ from the portal's
    warnings: list[Problem]
    errors: list[Problem]
    scores: dict[str, int] | None = None  # suppliers' months of before that follow what came, or are frozen
    treated: list[Treated] = []  # what the mapping made of texts that are no values, and of rows that are none
    doubts: list[Doubt] = []  # columns whose cells can be read in two ways, and how they were read
    seconds: float = 0.0
    peak_memory_mb: int = 0

    @property
    def changes(self) -> int:
        return sum(figures["created"] + figures["updated"] for figures in self.kinds.values())

    @property
    def refused(self) -> bool:
        return any(figures["errors"] for figures in self.kinds.values())

    def facts(self) -> dict[str, Any]:
        """For programs: everything, problems included, in plain values."""
        shown = {name: [problem.shown() for problem in getattr(self, name)] for name in ("warnings", "errors")}
        outcome = (
            "refused" if self.refused else "dry_run" if self.dry_run else "imported" if self.changes else "unchanged"
        )
        shown["treated"] = [treated._asdict() for treated in self.treated]
        shown["doubts"] = [
            doubt._asdict() | {"examples": [example._asdict() for example in doubt.examples]} for doubt in self.doubts
        ]
        return {"outcome": outcome} | {name: getattr(self, name) for name in self.__struct_fields__} | shown

    def sentences(self) -> Iterator[Message]:
        """For people: what happened, what differs, what was left aside."""
        yield self._outcome()
        if self.totals and self.totals["differ"]:
            yield _(
                "{differ} of {stated} orders come to another total than the source states, by at most {largest}, "
                "because the portal rounds each line. Before rounding, {before} differ.",
                differ=self.totals["differ"],
                stated=self.totals["stated"],
                largest=self.totals["largest_difference"],
                before=self.totals["differ_before_rounding"],
            )
        yield from self.of_scores()
        for doubt in self.doubts:
            yield doubt.sentence()
        for treated in self.treated[:MOST_TREATED]:
            yield treated.sentence()
        if self.unused:
            yield _("Not used: {files}.", files=", ".join(self.unused))
        yield _("{seconds} s, {memory} MB.", seconds=self.seconds, memory=self.peak_memory_mb)

    def of_scores(self) -> Iterator[Message]:
        """What history means for months that are frozen: those of which something was known stay as they are."""
        if self.scores and any(self.scores.values()):
            yield _(
                "Scores: {open} months of suppliers follow this history. {frozen} are frozen, and take it once they "
                "are restated.",
                **self.scores,
            )

    def _outcome(self) -> Message:
        files = ", ".join(file["name"] for file in self.files)
        if self.refused:
            return _("Refused, nothing was changed: correct {files} and import again.", files=files)
        if self.dry_run:
            return _("A trial: nothing was changed. {files} can be imported.", files=files)
        if not self.changes:
            return _("{files}: all of it is there already, nothing was changed.", files=files)
        return _("Imported for {organisation}: {files}.", organisation=self.organisation, files=files)


def peak_memory() -> int:
    """The most memory this process ever had, in MB. What its parent had, which getrusage may give, does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return round(int(kilobytes) * 1024 / 1_000_000)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000)  # bytes on macOS


def write_errors(path: Path, report: Report) -> None:
    """All errors as CSV, one a row; without errors only its header, so that no old file is mistaken for a new one."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(COLUMNS))
        for problem in report.errors:
            file.write(csv_line([problem.shown()[column] for column in COLUMNS]))
