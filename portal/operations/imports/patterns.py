"""Patterns in mappings: regular expressions that take time in proportion to the text, whoever wrote them.

RE2 knows no back references and no look-around; in return no pattern can keep the process busy for hours.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

import re2

LONGEST = 1_000  # characters of a pattern
_QUIET = re2.Options()
_QUIET.log_errors, _QUIET.dot_nl, _QUIET.max_mem = False, True, 1 << 20
_GROUP = re.compile(r"\\(\d)")


class Pattern(NamedTuple):
    """A pattern that a whole text must fit."""

    program: Any

    def fits(self, text: str) -> bool:
        return self.program.fullmatch(text) is not None

    def group(self, text: str, group: int) -> str:
        """What the group stands for, empty where it stands for nothing."""
        found = self.program.fullmatch(text)
        return (found[group] or "") if found else ""

    def becomes(self, text: str, template: str) -> str | None:
        """The template with the text's groups in place of `\\1`; None if the text does not fit."""
        found = self.program.fullmatch(text)
        return found and _GROUP.sub(lambda place: found[int(place[1])] or "", template)

    def check(self, template: str, group: int) -> None:
        """Raises ValueError for groups that the pattern does not have."""
        for wanted in (group, *(int(place[1]) for place in _GROUP.finditer(template))):
            if not 0 <= wanted <= self.program.groups:
                raise ValueError(f"the pattern {self.program.pattern!r} has no group {wanted}")


@lru_cache(500)
def compiled(pattern: str) -> Pattern:
    """Raises ValueError for what is no pattern."""
    if len(pattern) > LONGEST:
        raise ValueError(f"a pattern has at most {LONGEST:,} characters")
    try:
        return Pattern(re2.compile(pattern, _QUIET))
    except re2.error as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise ValueError(f"the pattern {pattern!r} cannot be used: {why}") from error
