"""The command `portal` inside the test's own process."""

import logging
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
import structlog

from portal.cli import main


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
