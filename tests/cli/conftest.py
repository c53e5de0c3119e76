"""The command `portal` inside the test's own process."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog

from portal.cli import main
from portal.platform.settings import settings
from tests.harness.cluster import url

ROOT = Path(__file__).resolve().parents[2]


class Answer(NamedTuple):
    code: int
    out: str
    err: str


Portal = Callable[..., Answer]


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Portal]:
    """Runs the command in an environment with just the settings given."""
    handlers, level = list(logging.root.handlers), logging.root.level
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, **environment: str) -> Answer:
        monkeypatch.setattr("portal.platform.settings._present", None)
        monkeypatch.setattr("portal.platform.settings.os.environ", environment)
        monkeypatch.setattr(sys, "argv", ["portal", *arguments])
        with pytest.raises(SystemExit) as ending:
            main()
        said = capsys.readouterr()
        return Answer(int(ending.value.code or 0), said.out, said.err)

    yield run
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


class Said(NamedTuple):
    code: int
    facts: Any
    err: str


Operator = Callable[..., Said]


@pytest.fixture
def operator(connected, database: str, tmp_path: Path) -> Operator:
    """`operator("users", "list")`: the command `portal` on this worker's database; its JSON as `facts`."""
    known = {"PORTAL_DATABASE_URL": url("portal_app", database), "PORTAL_DATA": str(tmp_path)}
    known |= {"PORTAL_OWNER_URL": url("portal_owner", database), "PORTAL_DOCUMENTS_URL": settings().documents}
    known |= {"PORTAL_SECRET_KEYS": ",".join(settings().secret_keys), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}

    def run(*arguments: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-c", "from portal.cli import main; main()", *arguments],
            env=os.environ | known,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Said(
            done.returncode, json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else None, done.stderr
        )

    return run
