"""Serving the application by granian, on a socket that is already open and in a process that is already warm."""

import asyncio
import errno
import signal
import socket
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import uvloop
from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from portal.cli.refused import Refused
from portal.platform.calling import called

BACKLOG = 1024
LOGGERS = {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")}


def listen(host: str, port: int) -> socket.socket:
    """An open socket; port 0 picks a free one. Connections wait in it while a process behind it starts or restarts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(f"Port {port} of {host} is in use: name another by --port, or 0 for any free one.") from error
        raise Refused(f"Nothing can listen on port {port} of {host}: {error.strerror or error}.") from error


def address(listener: socket.socket) -> str:
    """The URL under which a browser on this machine reaches the socket."""
    host, port = str(listener.getsockname()[0]), listener.getsockname()[1]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 the address of a socket, not a wish
    return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"


def named(listener: socket.socket) -> str:
    """The same with a name instead of a number: browsers make passkeys for names alone."""
    return address(listener).replace("//127.0.0.1:", "//localhost:").replace("//[::1]:", "//localhost:")


class _Server(Server):
    """Granian in this process and on this socket, instead of processes and sockets of its own."""

    def __init__(self, app: Any, listener: socket.socket) -> None:
        super().__init__(
            app,
            interface=Interfaces.ASGI,
            websockets=False,
            backlog=BACKLOG,
            log_level=LogLevels.error,
            log_dictconfig={"formatters": {}, "handlers": {}, "loggers": LOGGERS},
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        self._shd = SocketHolder(self._listener.fileno(), False, BACKLOG)  # pyright: ignore[reportCallIssue] granian's stub omits the constructor


def serve(app: Any, listener: socket.socket) -> None:
    """Answer requests until SIGTERM; those that have begun are finished."""

    async def until_told() -> None:
        server = _Server(app, listener)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
        await server.serve()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_told())


def answers(url: str, patience: float = 1.0) -> bool:
    """Whether the portal at the URL answers, and not by an error of its own."""
    try:
        with called(Request(f"{url}/healthz"), patience):  # noqa: S310 our own address
            return True
    except HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False
