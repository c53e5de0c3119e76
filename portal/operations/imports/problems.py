"""What is wrong with the files: every error of every row at once, and what is odd but was taken all the same."""

from typing import NamedTuple

from portal.platform.i18n import Message

MOST = 100_000
LONGEST_VALUE = 200


class Problem(NamedTuple):
    """One cell (or one row, where `column` is empty) of a part's file, and what is wrong with it."""

    file: str
    row: int
    column: str
    value: str
    reason: Message
    part: str = ""

    def shown(self) -> dict[str, str | int]:
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value[:LONGEST_VALUE],
            "reason": str(self.reason),
        }


class Problems:
    """Errors keep a file out, warnings do not. Past 100,000 of them they are only counted."""

    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.counted: dict[tuple[str, str], int] = {}
        self.bad: dict[str, set[int]] = {}  # the rows of each part that errors are about

    def error(self, part: str, problem: Problem) -> None:
        self.bad.setdefault(part, set()).add(problem.row)
        self._note(self.errors, (part, "errors"), problem)

    def warn(self, part: str, problem: Problem) -> None:
        self._note(self.warnings, (part, "warnings"), problem)

    def count(self, part: str, what: str) -> int:
        return self.counted.get((part, what), 0)

    def _note(self, among: list[Problem], key: tuple[str, str], problem: Problem) -> None:
        self.counted[key] = self.counted.get(key, 0) + 1
        if len(among) < MOST:
            among.append(problem._replace(part=key[0]))
