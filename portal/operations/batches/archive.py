"""The zip of a batch: the same documents give the same bytes, so whoever makes it twice keeps it once."""

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from portal.documents.store import PIECE
from portal.operations.batches.rules import MOST_BYTES
from portal.platform.csv_file import MARK, csv_line
from portal.platform.i18n import _
from portal.platform.refusals import Refusal

CONTENTS: Final = "contents.csv"
_MADE: Final = (1980, 1, 1, 0, 0, 0)  # a zip's own times say nothing


class Archive:
    """A zip that is written to a file; what it grows to is bounded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._bytes = 0

    def add(self, name: str, data: bytes) -> None:
        """One more file; raises `Refusal` if that makes it larger than any may be."""
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            raise Refusal(_("Together these documents are larger than {most} MB. Ask for one partner.", most=most))
        # A PDF is compressed inside already: what a second time saves is not worth its time.
        kind = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
        entry = zipfile.ZipInfo(name, _MADE)
        entry.external_attr = 0o644 << 16  # else whoever unpacks it on Unix may not read what they unpacked
        self._zip.writestr(entry, data, kind)

    def close(self, titles: Sequence[Any], rows: Sequence[Sequence[Any]]) -> tuple[str, int]:
        """With the list of what is in it, and what is not, on top; gives the file's SHA-256 and its bytes."""
        self.add(CONTENTS, (MARK + csv_line(titles) + "".join(map(csv_line, rows))).encode())
        self._zip.close()
        digest = hashlib.sha256()
        with self._path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        return digest.hexdigest(), self._path.stat().st_size
