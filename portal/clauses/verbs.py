"""The act on a clause that needs nothing but the clause."""

from portal.access.verbs import Verb
from portal.clauses import commands
from portal.clauses.tables import Clause
from portal.platform.i18n import _


def _title(clause: Clause) -> dict[str, str]:
    return {"title": clause.title}


VERBS = [
    Verb(
        "retire", commands.retire, commands.WRITE, "retireClause",
        _("{title} is offered to no contract any more."), told=_title,
    ),
]  # fmt: skip
