"""One tree of processes: everything that a portal starts ends with it, however it ends.

The supervisor is warm when it forks: it has imported the application and opened the database's server, so its
children start in milliseconds and share its memory. It stays single-threaded and does nothing but wait for signals.
"""

import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn, Protocol

import structlog

STOP = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
AWAITED = STOP | {signal.SIGCHLD, signal.SIGALRM}
GLANCE = 0.5  # seconds between two looks when nothing happens
EAGER = 0.02  # the same while waiting for the children to be ready
UNREADY = 60.0  # seconds until what runs but never answers is given up
BRIEF = 2.0  # seconds; a child that lived shorter did not really start
TRIES = 8  # brief lives in a row before the supervisor gives up
LONGEST_PAUSE = 5.0  # seconds between two tries

PR_SET_PDEATHSIG = 1
_ARENAS, _MMAP_FROM = -8, -3  # of mallopt(3)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_log = structlog.get_logger("portal.processes")


class Kept(Protocol):
    """A server beside the children that the supervisor keeps alive and stops last, such as PostgreSQL."""

    name: str

    def alive(self) -> bool: ...
    def revive(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class Child:
    """A part of the portal in a process of its own: `target` runs until SIGTERM, then ends what it began and returns.

    After `patience` seconds without an end it is killed. Whatever it started ends with it.
    """

    name: str
    target: Callable[[], None]
    patience: float = 10.0
    pid: int = 0
    born: float = 0.0
    due: float = 0.0  # when to try again
    brief: int = 0  # lives in a row that were too short

    def fork(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        bind = die_with_parent(signal.SIGKILL)
        self.born = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            _live(bind, self.target)

    def ended(self) -> int | None:
        """The exit code if the child has ended since the last look; killed by signal n is -n."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        self._end_group()
        self.pid = 0
        self.brief = self.brief + 1 if time.monotonic() - self.born < BRIEF else 0
        self.due = time.monotonic() + (min(LONGEST_PAUSE, 0.05 * 2**self.brief) if self.brief else 0)
        return os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        self._end_group()
        os.kill(self.pid, signal.SIGKILL)  # in case it has no group of its own yet
        os.waitpid(self.pid, 0)
        self.pid = 0

    def _end_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def die_with_parent(order: signal.Signals) -> Callable[[], None]:
    """What a child calls first so that the kernel sends it `order` when the parent ends, even by kill -9.

    To be called in the parent, before forking: a parent that is already gone when the child gets to run must be
    noticed too. Holds for the thread that forks; only Linux knows it, elsewhere the parent's own stopping must do.
    """
    parent = os.getpid()

    def in_child() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(order), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return in_child


@contextmanager
def starting() -> Iterator[None]:
    """While a program loads what it will keep, no garbage is looked for: that takes a quarter of the time and finds
    none. `run` ends this too."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run(
    children: Sequence[Child],
    *,
    keep: Sequence[Kept] = (),
    answers: Callable[[], bool] = lambda: True,
    ready: Callable[[], None] = lambda: None,
) -> int:
    """Run the children until a signal to stop; returns the exit code: 0 when asked to stop, 1 when it had to give up.

    `ready` is called once, when `answers` says so for the first time. Before that the end of any child ends
    everything, since what does not start will not start better the second time; so does a minute without an answer.
    Afterwards a child that ends is started again. Stopping goes through the children in their order and through
    `keep` last; a second signal to stop shortens the goodbye.
    """
    if others := [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]:
        raise RuntimeError(f"threads do not survive a fork, start them in the children: {', '.join(others)}")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    try:
        gc.freeze()  # what is there now stays shared: the collector would write on every page of it
        gc.enable()
        _spare_memory()
        for child in children:
            child.fork()
        return _supervise(children, keep, answers, ready)
    finally:
        _stop(children, keep)
        signal.sigtimedwait({signal.SIGALRM}, 0)  # one that rang just as another signal came would end us now
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _spare_memory() -> None:
    """One arena for all threads, since one of them runs at a time, and what is large goes back when it is freed: else
    glibc keeps what the hashing of a few passwords took."""
    if _libc is not None and hasattr(_libc, "mallopt"):
        _libc.mallopt(_ARENAS, 1)
        _libc.mallopt(_MMAP_FROM, 1_000_000)


def _supervise(
    children: Sequence[Child], keep: Sequence[Kept], answers: Callable[[], bool], ready: Callable[[], None]
) -> int:
    began, started = time.monotonic(), False
    while True:
        if not started and answers():
            started = True
            ready()
        waited = time.monotonic() - began
        if not started and waited > UNREADY:
            _log.error("the portal does not answer; its parts run, but not well", seconds=UNREADY)
            return 1
        eager = waited < BRIEF if not started else not all(child.pid for child in children)
        if _wait(EAGER if eager else GLANCE) in STOP:
            return 0
        for kept in keep:
            if not kept.alive():
                _log.warning("a server ended and is started again", server=kept.name)
                kept.revive()
        for child in children:
            if not _cared_for(child, hopeful=started):
                return 1


def _cared_for(child: Child, *, hopeful: bool) -> bool:
    """Notice the end of a child and start it again in due time; False when that is hopeless."""
    if not child.pid and time.monotonic() >= child.due:
        child.fork()
    code = child.ended() if child.pid else None
    if code is None:
        return True
    if not hopeful or child.brief >= TRIES:
        _log.error("a part of the portal does not start", part=child.name, code=code)
        return False
    _log.warning("a part of the portal ended and is started again", part=child.name, code=code)
    return True


def _wait(seconds: float) -> signal.Signals:
    """The next signal; SIGALRM when nothing happens for so long."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return signal.Signals(signal.sigwait(AWAITED))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _stop(children: Sequence[Child], keep: Sequence[Kept]) -> None:
    hurry = False
    for child in children:
        hurry = _end(child, hurry=hurry)
    for kept in reversed(keep):
        kept.stop()


def _end(child: Child, *, hurry: bool) -> bool:
    """Ask, wait, and in the end kill; returns whether somebody asked for a hurry."""
    if not child.pid:
        return hurry
    os.kill(child.pid, signal.SIGTERM)
    until = time.monotonic() + child.patience
    while child.ended() is None:
        if hurry or time.monotonic() > until:
            _log.warning("a part of the portal did not end in time and is killed", part=child.name)
            child.kill()
            break
        hurry = _wait(EAGER) in STOP
    return hurry


def _live(bind: Callable[[], None], target: Callable[[], None]) -> NoReturn:
    """A child's whole life, in a session of its own: Ctrl-C reaches the supervisor alone, which says when to stop."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        bind()
        target()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        _log.exception("a part of the portal failed")
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
