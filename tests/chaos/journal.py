"""What the portal acknowledged, written through to the disk before anybody acts on it: one JSON line an answer."""

import json
import os
from pathlib import Path
from typing import Any


class Journal:
    """Grows by lines; what stands in it was promised."""

    def __init__(self, path: Path) -> None:
        self.lines: list[dict[str, Any]] = []
        self._file = path.open("ab", buffering=0)

    def acknowledged(self, **answer: Any) -> None:
        self._file.write(json.dumps(answer).encode() + b"\n")
        os.fsync(self._file.fileno())
        self.lines.append(answer)

    def close(self) -> None:
        self._file.close()
