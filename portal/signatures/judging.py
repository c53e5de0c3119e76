"""What a PDF in hand is: read by the examiner, compared with what this portal issued, told as a verdict."""

import hashlib

from portal.signatures import examining
from portal.signatures.authority import roots
from portal.signatures.forms import Finding, KnownFile, VerdictOut
from portal.signatures.queries import known_files
from portal.signatures.rules import code_of


async def verdict(pdf: bytes, code: str = "") -> VerdictOut:
    """What can be said of the file, and whether the code that somebody has on paper is that of its document. Keeps
    nothing, and tells of nothing but what is in hand."""
    anchors, whole = await roots(), hashlib.sha256(pdf).hexdigest()
    finding = await examining.examine(pdf, anchors, room=examining.STRANGERS)
    known = await known_files([whole, *(digest for _end, digest in finding.revisions)])
    found, document = _outcome(finding, known, whole)
    if found == "changed" and not finding.fault and finding.signatures:
        base = max(end for end, digest in finding.revisions if digest in known)
        later = await examining.examine(pdf, anchors, base, room=examining.STRANGERS)
        found = "signed" if only_signed(later) else "changed"
    given = code_of(code)
    return VerdictOut(
        outcome=found,
        sha256=whole,
        size=len(pdf),
        pages=finding.pages,
        document=document,
        fits_code=None if document is None or not given else document.code == given,
        signatures=finding.signatures,
    )


def _outcome(finding: Finding, known: dict[str, KnownFile], whole: str) -> tuple[str, KnownFile | None]:
    """By the file's own hash and by those of its earlier revisions, of which the latest known one counts."""
    if whole in known:
        return "unchanged", known[whole]
    earlier = [known[digest] for _end, digest in finding.revisions if digest in known]
    if earlier:
        return "changed", earlier[-1]
    return ("unreadable" if finding.fault else "unknown"), None


def only_signed(finding: Finding) -> bool:
    """Whether signatures that nobody sees account for all that came since the revision that was asked about, each of
    them holds, and the last one covers the file to its end."""
    made = finding.signatures
    if finding.added != "signatures" or not made or not all(each.holds for each in made):
        return False
    return max(made, key=lambda each: each.reach).whole
