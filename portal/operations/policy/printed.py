"""The matrix of roles as text, for the page of the documentation that auditors read."""

from typing import Final

from portal.access.words import CONDITIONS
from portal.operations.policy.queries import matrix

BEGIN: Final = "<!-- matrix: written by `portal policy matrix --write`, not by hand -->"
END: Final = "<!-- end of the matrix -->"
SIDES: Final = {"buyer": "Roles of a buying company", "supplier": "Roles of a supplying company"}


def written(text: str) -> str:
    """The page with the matrix of the policy that holds now; raises ValueError where it has no place for it."""
    if BEGIN not in text or END not in text:
        raise ValueError("this file has no place for the matrix")
    before, _begin, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{printed()}\n{END}{after}"


def printed() -> str:
    """Both sides' roles and permissions in Markdown; figures name the conditions under which a permission is held."""
    marks = {name: str(number) for number, name in enumerate(CONDITIONS, 1)}
    meanings = "\n".join(f"{marks[name]}. {meaning}" for name, meaning in CONDITIONS.items())
    tables = [f"### {title}\n\n{_table(side, marks)}" for side, title in SIDES.items()]
    return "\n".join([*tables, f"Conditions:\n\n{meanings}\n"])


def _table(side: str, marks: dict[str, str]) -> str:
    roles, rows = matrix(side)
    lines = [f"| may | {' | '.join(roles)} |", f"|---|{'---|' * len(roles)}"]
    for row in rows:
        cells = [_cell(row.by_role[role], marks) for role in roles]
        lines.append(f"| `{row.permission}` {row.title} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(held: frozenset[str] | None, marks: dict[str, str]) -> str:
    if held is None:
        return ""
    return " or ".join("+".join(marks[name] for name in names.split("&")) for names in sorted(held)) or "yes"
