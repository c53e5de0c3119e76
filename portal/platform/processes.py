"""One tree of processes: everything that a portal starts ends with it, however it ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


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
