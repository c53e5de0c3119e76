"""Documents on the command line: whether a PDF is one that the portal issued, as it issued it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from portal.cli.members import Company, inside, operator, organisation
from portal.cli.place import Data
from portal.cli.refused import Refused
from portal.cli.screen import Json, remark, say_json

documents = typer.Typer(help="Documents: check one that you hold, set a stored one again.", no_args_is_help=True)
TOLD = {
    "unchanged": "issued by this portal, and not changed since",
    "signed": "issued by this portal; signatures that it did not make were added since",
    "changed": "issued by this portal, then CHANGED",
    "unknown": "not issued by this portal",
    "unreadable": "not readable as a PDF",
}
CHANGED = {"sheet": "What the page says (words, templates, formats, the portal's address)", "fonts": "Fonts"}


@documents.callback()
def group() -> None:
    """What is said of a document in hand is what the page /verify says."""


@documents.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The PDF.")],
    code: Annotated[str, typer.Option(help="The code at the foot of a print that is to be the same document.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Say whether this portal issued the file, whether it was changed, who signed, and whether a later revision
    exists; exit code 1 unless it is the file as it was issued."""
    from portal.signatures.rules import LARGEST

    if file.stat().st_size > LARGEST:
        raise Refused(f"{file} is larger than {LARGEST // 1_000_000} MB.")
    found = inside(data, lambda: _verdict(file.read_bytes(), code))
    if json:
        say_json({"file": str(file), **_plain(found)})
    else:
        _show(file, found)
    if found.outcome != "unchanged" or found.fits_code is False:
        raise typer.Exit(1)


async def _verdict(pdf: bytes, code: str) -> Any:
    from portal.signatures import examining
    from portal.signatures.judging import verdict

    try:
        return await verdict(pdf, code)
    finally:
        examining.close()


def _plain(found: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(found)


def _show(file: Path, found: Any) -> None:
    remark(f"{file}: {TOLD[found.outcome]}.")
    if found.document is not None:
        document = found.document
        newest = "the present one" if document.is_current else "a later revision exists"
        remark(f"{document.kind} {document.number}, revision {document.revision} ({newest}), of {document.issuer}.")
    if found.fits_code is False:
        remark("The code on the paper is that of another document.")
    for each in found.signatures:
        remark(f"{'Signed' if each.holds else 'NOT HOLDING: signed'} by {each.name} ({_whose(each)}).")


def _whose(signature: Any) -> str:
    if signature.portal:
        return "attested by this portal"
    if signature.self_issued:
        return "a certificate that the signer made: nobody vouches for it"
    return f"a certificate of {signature.issuer}, which this portal does not vouch for"


@documents.command("again")
def again(
    named: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Its id, or the SHA-256 of its file.")],
    company: Company = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Set a stored document once more from what was frozen with it, and say whether the same bytes come out and, if
    not, what changed since: templates or words, a library, fonts. The stored file stays; exit code 1 if they differ."""
    found = inside(data, lambda: _again(company, named))
    if json:
        say_json({"same": found.same, **found._asdict()})
    else:
        for line in _compared(found):
            remark(line)
    if not found.same:
        raise typer.Exit(1)


async def _again(company: str | None, named: str) -> Any:
    from portal.documents import pressroom
    from portal.documents.again import again

    try:
        return await again(operator((await organisation(company))["id"]), named)
    finally:
        pressroom.close()


def _compared(found: Any) -> Iterator[str]:
    yield f"{found.kind} {found.number}: {'the same bytes' if found.same else 'OTHER BYTES'} (SHA-256 {found.now})."
    if found.same:
        return
    for name, (then, now) in found.changed.items():
        yield f"{CHANGED.get(name, name)} changed since: {then[:16]} then, {now[:16]} now."
    if not found.known:
        yield "What it was made with was not kept then."
    elif not found.changed:
        yield "Nothing that decides about the bytes is known to have changed: ask why."
