"""Work whose libraries start threads is done in a process of its own, where a fork follows."""

import os
from pathlib import Path

import obstore
import pytest
from obstore.store import from_url

from portal.cli.settle import apart, settle
from portal.platform.i18n import _
from portal.platform.refusals import Conflict


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def test_a_store_leaves_no_thread_behind_where_work_is_done_apart(tmp_path: Path):
    async def keep() -> int:
        await obstore.put_async(from_url(tmp_path.as_uri()), "kept", b"bytes")
        return threads()

    before = threads()
    assert apart(lambda: settle(keep())) > 1
    assert (tmp_path / "kept").read_bytes() == b"bytes"
    assert threads() == before


def test_what_is_refused_apart_is_refused_here():
    def refuse() -> None:
        raise Conflict(_("Not now."))

    with pytest.raises(Conflict, match="Not now"):
        apart(refuse)


def test_a_process_that_is_gone_is_no_answer():
    with pytest.raises(RuntimeError, match="without a word"):
        apart(lambda: os._exit(3))
