"""Every line can be read by a machine, says whom it is about, and holds no secret."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
import structlog

from portal.platform.log import configure, scrub


@pytest.fixture
def stream() -> Iterator[StringIO]:
    """Where lines go, with logging put back afterwards."""
    handlers, level = list(logging.root.handlers), logging.root.level
    yield StringIO()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def lines(stream: StringIO) -> Callable[[], list[dict]]:
    configure(level="info", pretty=False, to=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_carries_the_request_and_its_actor(lines: Callable[[], list[dict]]):
    with structlog.contextvars.bound_contextvars(request_id="r-1", organisation="Brook", actor="Ada"):
        structlog.get_logger("portal.orders").info("order issued", order="PO-1")
    (line,) = lines()
    assert {
        name: line[name] for name in ("event", "level", "logger", "order", "request_id", "organisation", "actor")
    } == {
        "event": "order issued",
        "level": "info",
        "logger": "portal.orders",
        "order": "PO-1",
        "request_id": "r-1",
        "organisation": "Brook",
        "actor": "Ada",
    }
    assert line["at"].endswith("Z")


def test_libraries_take_the_same_way(lines: Callable[[], list[dict]]):
    with structlog.contextvars.bound_contextvars(job="j-1"):
        logging.getLogger("some.library").warning("tried %s times", 3)
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"], line["job"]) == (
        "tried 3 times",
        "warning",
        "some.library",
        "j-1",
    )


def test_what_is_below_the_level_or_mere_chatter_is_not_said(lines: Callable[[], list[dict]]):
    structlog.get_logger("portal").debug("detail")
    logging.getLogger("dramatiq.worker").info("chatter")
    logging.getLogger("weasyprint").warning("ignored a rule")
    assert lines() == []


def test_an_exception_is_said_with_its_reason(lines: Callable[[], list[dict]]):
    try:
        raise ValueError("cannot reach postgresql://portal:hunter2@db/portal")
    except ValueError:
        structlog.get_logger("portal").exception("failed")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "hunter2" not in line["exception"]


def test_secrets_are_hidden_by_name_however_deep(lines: Callable[[], list[dict]]):
    names = ["password", "new_password", "client_secret", "csrf_token", "Authorization", "Set-Cookie", "X-CSRF-Token"]
    names += ["api_key", "secret_keys", "key_ring", "session_token", "otp"]
    structlog.get_logger("portal").info("signed in", **dict.fromkeys(names, "hunter2"))
    structlog.get_logger("portal").info("sent", request={"headers": [dict.fromkeys(names, "hunter2")]})
    for line in lines():
        assert "hunter2" not in json.dumps(line)
        assert "•••" in json.dumps(line, ensure_ascii=False)


def test_names_that_only_sound_alike_stay_readable(lines: Callable[[], list[dict]]):
    structlog.get_logger("portal").info("ok", key="PO-1", secretary="Ada", monkey="yes")
    (line,) = lines()
    assert (line["key"], line["secretary"], line["monkey"]) == ("PO-1", "Ada", "yes")


@pytest.mark.parametrize(
    "text",
    [
        "smtp://me:hunter2@host:25",
        "password=hunter2",
        "mail(token='hunter2')",
        '{"client_secret": "hunter2"}',
        "Authorization: Bearer hunter2",
        "sent Basic hunter2==",
        "PORTAL_SECRET_KEYS=hunter2",
    ],
)
def test_secrets_are_hidden_in_texts(text: str):
    assert "hunter2" not in scrub(text)
    assert "•••" in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "550 no such user <ada@brook.example>",
        'duplicate key value violates unique constraint "x"\nDETAIL:  Key (name)=(Ada) already exists.',
        "Key (name)=(Ada) is not present",
        'invalid input syntax for type date: "Ada"',
        "of account DE89 3704 0044 0532 0130 00",
        "the key pk_AdaAdaAdaAdaAdaAda is not known",
    ],
)
def test_what_is_somebodys_is_hidden_in_texts(text: str):
    assert not any(theirs in scrub(text) for theirs in ("ada", "Ada", "3704", "0130"))


def test_what_names_nobody_stays_readable():
    text = (
        'amqp://portal@broker.example:5672/ at 0192f0aa-bbbb-7ccc-8ddd-eeeeffff0000: relation "item" of PO-2026-00001'
    )
    assert scrub(text) == text


def test_a_terminal_gets_readable_lines(stream: StringIO):
    configure(level="info", pretty=True, to=stream)
    structlog.get_logger("portal").info("order issued", password="hunter2")
    said = stream.getvalue()
    assert "order issued" in said
    assert "hunter2" not in said
    assert not said.startswith("{")
