"""The examiner: a process of its own that reads a stranger's PDF and can do nothing else.

`python -m portal.signatures.examiner` knows no database, no secret and no network, and has a bound on memory; who feeds
it bounds the time. A PDF that breaks the reader breaks this process, and nothing that matters.
"""

import logging
from collections.abc import Callable
from typing import Any

import msgspec

from portal.platform.bounded import answer_all
from portal.signatures.forms import Finding

MEMORY = 1_200_000_000  # bytes of address space


class Task(msgspec.Struct, frozen=True):
    """A file, the certificates (DER) that signatures on it may rest on, and where a revision of it ended that is to be
    compared with the whole; 0 for none."""

    pdf: bytes
    roots: list[bytes] = []
    since: int = 0


def main() -> None:
    logging.disable()  # what a file is like is told in findings, not in the log
    answer_all(Task, _prepared, MEMORY)


def _prepared() -> Callable[[Any], Finding]:
    from portal.signatures.reading import examine

    def examined(task: Task) -> Finding:
        """Whatever a file does to its reader is a finding about the file."""
        try:
            return examine(task.pdf, task.roots, task.since)
        except MemoryError:
            return Finding(fault="too large")
        except Exception as error:
            return Finding(fault=type(error).__name__)

    return examined


if __name__ == "__main__":
    main()
