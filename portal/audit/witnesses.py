"""Checkpoints outside the database: whoever rewrites the database, and even its checkpoints, does not rewrite these.

The newest note always lies in the data folder, with those of every ten minutes before it. `PORTAL_AUDIT_WITNESSES`
names more: a file (each note is appended), an address (the note is posted as text, the answer is kept as its receipt)
or a time-stamp authority (`timestamp+https://…`, RFC 3161: the token is kept). A witness that does not answer is asked
again with the next note; sealing never waits for one.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import Request

from portal.platform.calling import called
from portal.platform.settings import settings

EVERY: Final = 600.0  # seconds between two notes of the history, and between two to each witness
PATIENCE: Final = 20.0  # seconds
STAMP: Final = "timestamp+"
LONGEST: Final = 100_000  # bytes of a receipt
_GRANTED: Final = (0, 1)
_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")


class NoWitness(Exception):
    """A witness did not take the checkpoint."""


def folder() -> Path:
    """Where notes lie beside the database."""
    place = settings().data / "audit"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(note: str) -> None:
    """Write the newest note into the data folder, whole or not at all, whatever power fails: a sealer that finds a note
    which it cannot read seals no more."""
    place = folder()
    fresh = place / f"checkpoint.{os.getpid()}"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place / "checkpoint")
    history = place / "checkpoints"
    if not history.exists() or time.time() - history.stat().st_mtime >= EVERY:
        with history.open("a", encoding="utf-8") as file:
            file.write(f"{note}\n")


def newest() -> str:
    """The newest note; empty while there is none."""
    file = settings().data / "audit" / "checkpoint"
    return file.read_text("utf-8") if file.exists() else ""


def kept() -> Iterator[str]:
    """The notes that lie in the data folder and in the files of witnesses."""
    files = [settings().data / "audit" / name for name in ("checkpoint", "checkpoints")]
    files += [Path(unquote(urlsplit(each).path)) for each in settings().audit_witnesses if each.startswith("file:")]
    for file in files:
        if file.exists():
            yield from notes(file.read_text("utf-8"))


def set_aside(now: datetime) -> Path:
    """Move the notes of this folder where nobody takes them for this log's: it was replaced by an older copy. They
    stay there, to be shown."""
    place = folder() / f"before-{now:%Y%m%dT%H%M%SZ}"
    place.mkdir(mode=0o700)
    for name in ("checkpoint", "checkpoints"):
        if (folder() / name).exists():
            (folder() / name).rename(place / name)
    return place


def aside() -> Iterator[tuple[Path, str]]:
    """The newest note of each time that notes were set aside: what this log is no continuation of, or was."""
    for place in sorted((settings().data / "audit").glob("before-*")):
        if (place / "checkpoint").exists():
            yield place, (place / "checkpoint").read_text("utf-8")


def notes(text: str) -> Iterator[str]:
    """Each note ends with an empty line but for the one between its text and its signature."""
    parts = [part for part in text.split("\n\n") if part.strip()]
    for said, signature in zip(parts[::2], parts[1::2], strict=False):
        yield f"{said.lstrip()}\n\n{signature.strip()}\n"


def show(witness: str, note: str) -> bytes:
    """Give a note to one witness; its receipt. Raises `NoWitness`. It blocks: call it in a thread."""
    try:
        if witness.startswith("file:"):
            with Path(unquote(urlsplit(witness).path)).open("a", encoding="utf-8") as file:
                file.write(f"{note}\n")
            return b""
        if witness.startswith(STAMP):
            digest = hashlib.sha256(note.encode()).digest()
            answer = _post(witness.removeprefix(STAMP), stamp_request(digest), "application/timestamp-query")
            return stamp_of(answer, digest)
        return _post(witness, note.encode(), "text/plain; charset=utf-8")
    except OSError as error:
        raise NoWitness(str(error)) from error


def stamp_request(digest: bytes) -> bytes:
    """A TimeStampReq (RFC 3161, 2.4.1): version 1, the SHA-256 of the note, a nonce, and the wish for certificates."""
    imprint = _der(0x30, _SHA256 + _der(0x04, digest))
    nonce = _der(0x02, b"\x00" + secrets.token_bytes(8))
    return _der(0x30, _der(0x02, b"\x01") + imprint + nonce + _der(0x01, b"\xff"))


def stamp_of(answer: bytes, digest: bytes) -> bytes:
    """The whole answer, if it grants a stamp of this digest; the authority's signature is checked by `openssl ts`."""
    status = _inside(_inside(_inside(answer, 0x30), 0x30), 0x02)
    if int.from_bytes(status, "big") not in _GRANTED or digest not in answer:
        raise NoWitness("The time-stamp authority did not stamp it.")
    return answer


def _post(url: str, body: bytes, kind: str) -> bytes:
    request = Request(url, body, {"content-type": kind, "user-agent": "procurement-portal"})  # noqa: S310 its scheme is checked with the setting
    with called(request, PATIENCE) as answer:
        return answer.read(LONGEST)


def _der(tag: int, content: bytes) -> bytes:
    assert len(content) < 128, "short values have a length of one byte"
    return bytes([tag, len(content)]) + content


def _inside(data: bytes, tag: int) -> bytes:
    """The content of the first value, which must be of this kind."""
    if len(data) < 2 or data[0] != tag:
        raise NoWitness("The time-stamp authority's answer cannot be read.")
    size = data[1] & 0x7F if data[1] & 0x80 else 0
    length = int.from_bytes(data[2 : 2 + size], "big") if size else data[1]
    return data[2 + size : 2 + size + length]
