"""What the portal says about itself: one line an event, on standard error, never with a secret in it.

A terminal gets readable lines, everything else JSON. What the libraries say through `logging` takes the same way.
Bind what holds for a while with `structlog.contextvars`: request_id, organisation, actor, job; every line carries it.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from portal.platform.settings import HIDDEN, settings, without_password
from portal.platform.watching import tracing

TALKATIVE = {"dramatiq": "warning", "asyncpg": "warning", "httpx": "warning", "granian.access": "warning"}
CHATTERING = {"fontTools": "error", "weasyprint": "error", "PIL": "warning"}  # even for debugging
DEEPEST = 8  # levels of a logged value; nothing we mean to log is deeper

HIDES = r"password|passwd|passphrase|secret|token|authorization|cookie|csrf|api_?key|secret_?keys|key_?ring|t?otp"
BY_NAME = re.compile(rf"(?:^|[_.\-\s])(?:{HIDES})s?(?:$|[_.\-\s])", re.IGNORECASE)
OPENING = "reset-password|password-links|invitations"  # in an address, what follows is a link's token
IN_TEXT = re.compile(
    rf"""(?P<kept>(?:\b(?:[\w-]*[_-])?(?:{HIDES})["']?\s*[=:]\s*["']?(?:(?:bearer|basic)\s+)?)|\b(?:bearer|basic)\s+"""
    rf"""|/(?:{OPENING})/)"""
    r"""[^\s"',;&)]+""",
    re.IGNORECASE,
)


# What PostgreSQL quotes of the rows and values that it refuses, and what is somebody's wherever it stands.
QUOTED = re.compile(r"^DETAIL:.*$|(?<=\)=)\([^)]*\)|(?<=: )\"[^\"\n]*\"$", re.MULTILINE)
SOMEBODYS = re.compile(
    r"(?<![\w.+%'-])(?<!//)[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"  # addresses for mail
    r"|\bpk_[\w-]{16,}"  # keys of the API
    r"|\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b"  # IBANs
)


def configure(*, level: str | None = None, pretty: bool | None = None, to: TextIO | None = None) -> None:
    """Set up logging for this process and the children it forks; a second call replaces the first.

    `level` is PORTAL_LOG unless given, `pretty` whether `to`, standard error, is a terminal.
    """
    least, stream = level or settings().log, to or sys.stderr
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        trace,
        redact,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(stream.isatty() if pretty is None else pretty),
            ],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(least.upper())
    for name, own in (CHATTERING if least == "debug" else TALKATIVE | CHATTERING).items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(own.upper()), logging.root.level))


def _renderer(pretty: bool) -> Processor:
    if pretty:
        plain = structlog.dev.plain_traceback  # the other one prints local variables, secrets among them
        return structlog.dev.ConsoleRenderer(exception_formatter=plain, timestamp_key="at")
    return structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False)


def trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the trace that the line belongs to, if there is one."""
    if tracing.is_on() and (present := tracing.trace_id()):
        event["trace_id"] = present
    return event


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide what is secret by its name, and passwords in URLs and texts, however deep; the last word before writing."""
    record, own = event.pop("_record", None), event.pop("_from_structlog", None)
    clean = _clean(event, DEEPEST)
    if record is not None:
        clean |= {"_record": record, "_from_structlog": own}
    return clean


def _clean(value: Any, levels: int) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return scrub(value)
    if levels and isinstance(value, Mapping):
        return {
            str(key): HIDDEN if BY_NAME.search(str(key)) else _clean(entry, levels - 1) for key, entry in value.items()
        }
    if levels and isinstance(value, list | tuple | set | frozenset):
        return [_clean(entry, levels - 1) for entry in value]
    return scrub(str(value))


def scrub(text: str) -> str:
    """The text without the secrets that it names, and without whose it is."""
    bare = IN_TEXT.sub(rf"\g<kept>{HIDDEN}", without_password(text))
    return SOMEBODYS.sub(HIDDEN, QUOTED.sub(HIDDEN, bare))
