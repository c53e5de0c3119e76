"""A portal whose store of files was copied elsewhere: its mark went along."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import obstore

from portal.documents.own import MARK
from portal.documents.store import place
from portal.platform.settings import override


@contextmanager
def kept_in(url: str) -> Iterator[None]:
    """The portal of the stories keeps its files there meanwhile. Afterwards they are where other stories look for them,
    but for damaged ones."""
    home, mark = place(), bytes(obstore.get(place(), MARK).bytes())
    with override(documents_url=url):
        there = place()
        obstore.put(there, MARK, mark)
        yield
    for batch in obstore.list(there):
        for each in batch:
            data = bytes(obstore.get(there, each["path"]).bytes())
            if hashlib.sha256(data).hexdigest() == each["path"].rpartition("/")[2]:
                obstore.put(home, each["path"], data)


def files_below(folder: Path) -> list[Path]:
    """What is kept there, without the mark."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != MARK]
