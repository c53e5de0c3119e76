"""Processes that do one thing, know nothing of ours, and end when it takes too long or too much memory.

Question and answer are MessagePack messages behind their length, over standard input and output. Such a process has no
settings, so no secrets; it bounds its own memory by `enclose`, and whoever asks bounds the time.
"""

import os
import resource
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any

import msgspec

INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "PYTHONPATH")
_LENGTH = struct.Struct(">Q")


class TookTooLong(Exception):
    """It was ended because it was not done in time."""


class Died(Exception):
    """It ended in the middle, by itself or by who watches the machine's memory."""


def write(stream: IO[bytes], message: msgspec.Struct) -> None:
    body = msgspec.msgpack.encode(message)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def read(stream: IO[bytes], kind: type[Any]) -> Any:
    """The next message; raises EOFError when the other side is gone."""
    head = stream.read(_LENGTH.size)
    body = stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
    if not body:
        raise EOFError
    return msgspec.msgpack.decode(body, type=kind)


def answer_all(kind: type[Any], prepare: Callable[[], Callable[[Any], msgspec.Struct]], memory: int) -> None:
    """The life of such a process: `prepare` loads what is slow to load, then each question is answered."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not get among the messages
    answer = prepare()
    with suppress(EOFError, BrokenPipeError):
        while True:
            write(target, answer(read(source, kind)))


class Bounded:
    """One such process and the wire to it; used by one thread at a time."""

    def __init__(self, module: str, more: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(  # noqa: S603 a module of ours
            [sys.executable, "-P", "-m", module],
            env={name: os.environ[name] for name in INHERITED if name in os.environ} | dict(more or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._over = weakref.finalize(self, _end, self._process, os.getpid())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """How it ended: its own code, or minus the signal; None while it runs."""
        return self._process.returncode

    def ask(self, message: msgspec.Struct, kind: type[Any], seconds: float) -> Any:
        """The answer; raises TookTooLong or Died, and the process is over then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Event()
        watch = threading.Timer(seconds, lambda: (late.set(), self._process.kill()))
        watch.start()
        try:
            write(self._process.stdin, message)
            return read(self._process.stdout, kind)
        except (EOFError, OSError) as error:
            self.end()
            raise (TookTooLong if late.is_set() else Died) from error
        finally:
            watch.cancel()

    def end(self) -> None:
        self._over()


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """End it at the latest with whoever began it; what was forked from that one leaves it alone."""
    if os.getpid() != owner:
        return
    process.kill()
    process.wait()
    for wire in filter(None, (process.stdin, process.stdout)):
        with suppress(OSError):
            wire.close()
