"""Figures are read while processes begin and write: what is half there at one moment is whole at the next."""

import threading
from pathlib import Path

import pytest

from portal.platform.watching.exposition import UNREADY, text


@pytest.mark.parametrize("half", [b"\x10", b"\xff\xff\x00\x00\x00\x00\x00\x00" + b"x" * 40])
def test_a_file_that_another_process_is_writing_is_read_again(tmp_path: Path, half: bytes):
    begun = tmp_path / "counter_web-1.db"
    begun.write_bytes(half)
    with pytest.raises(UNREADY):
        text(tmp_path, None)
    threading.Timer(0.08, begun.unlink).start()

    assert b"portal_database_up" in text(tmp_path, None)
