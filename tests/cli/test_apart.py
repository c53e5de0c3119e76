"""Work whose libraries start threads is done in a process of its own, where a fork follows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.cli.settle import apart
from portal.platform.i18n import _
from portal.platform.refusals import Conflict

ALONE = """
import asyncio, os, sys
import obstore
from obstore.store import from_url
from portal.cli.settle import apart, settle

def threads():
    return len(os.listdir("/proc/self/task"))

async def keep():
    await obstore.put_async(from_url(sys.argv[1]), "kept", b"bytes")
    return threads()

print(threads(), apart(lambda: settle(keep())), threads())
"""


def test_a_store_leaves_no_thread_behind_where_work_is_done_apart(tmp_path: Path):
    """In a process of its own: stories before this one have begun threads here."""
    told = subprocess.run([sys.executable, "-c", ALONE, tmp_path.as_uri()], capture_output=True, text=True, check=True)
    before, meanwhile, after = map(int, told.stdout.split())
    assert (before, after) == (1, 1)
    assert meanwhile > 1
    assert (tmp_path / "kept").read_bytes() == b"bytes"


def test_what_is_refused_apart_is_refused_here():
    def refuse() -> None:
        raise Conflict(_("Not now."))

    with pytest.raises(Conflict, match="Not now"):
        apart(refuse)


def test_a_process_that_is_gone_is_no_answer():
    with pytest.raises(RuntimeError, match="without a word"):
        apart(lambda: os._exit(3))
