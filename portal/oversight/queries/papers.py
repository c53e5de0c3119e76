"""The signed report of a campaign as a file: the bytes that anybody checks, and the same on paper."""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.oversight.queries.reviews import Report, in_words, report
from portal.platform.canonical import canonical
from portal.platform.wiring import WIRING
from portal.platform.work import View


class Paper(NamedTuple):
    """A file with its name."""

    name: str
    content: bytes


async def report_file(view: View, review_id: UUID) -> Paper:
    """What was signed, with the signature."""
    found = await report(view, review_id)
    said = _said(found)
    return Paper(f"{said['number']}.json", canonical({"attested": found.attested, "report": said}))


async def report_pdf(view: View, review_id: UUID) -> Paper:
    """The report in the reader's language."""
    assert WIRING.printed is not None, "the portal is not wired"
    found = await report(view, review_id)
    said = _said(found)
    roles = [each | {"doubts": [str(in_words(doubt)) for doubt in each["doubts"]]} for each in said["roles"]]
    told = {"report": said | {"roles": roles}, "attested": found.attested}
    return Paper(f"{said['number']}.pdf", await WIRING.printed("oversight/report.html", **told))


def _said(found: Report) -> dict[str, Any]:
    return msgspec.json.decode(found.body)
