"""The command line over stand-ins for what it starts: a tiny application, a worker and a scheduler that take notes.

Run as a program with the command's arguments. The demo company is one table with a counter of its starts.
"""

import importlib
import os
import signal
import sys
import time
import types
from dataclasses import dataclass
from pathlib import Path

import psycopg


@dataclass
class Account:
    email: str
    organisation: str
    roles: tuple[str, ...]


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    answers = {"/pid": str(os.getpid()), "/settings": _settings()}
    body = answers.get(scope["path"], "well").encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def _settings() -> str:
    from portal.platform.settings import settings

    return f"{settings().url} {settings().smtp_url} {len(settings().secret_keys)}"


def note(text: str) -> None:
    with (Path(os.environ["STAND_IN_NOTES"])).open("a") as file:
        file.write(f"{text}\n")


def part(name: str):
    def run() -> None:
        def leave(*_):
            note(f"{name} left")
            sys.exit(0)

        signal.signal(signal.SIGTERM, leave)
        note(f"{name} {os.getpid()}")
        print(f"{name} speaks")
        while True:
            time.sleep(60)

    return run


def build(owner: str, password: str, progress) -> list[Account]:
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("create table if not exists start (password text)")
        connection.execute("insert into start values (%s)", (password,))
        counted = connection.execute("select count(*) from start").fetchone()
    if "STAND_IN_BREAKS" in os.environ:
        raise RuntimeError("half a company")
    progress(1.0, "Company")
    starts = counted[0] if counted else 0
    return [Account("buyer@demo.test", f"Company of {starts} starts", ("buyer",))]


async def reapply(owner: str) -> int:
    return 0


async def migrate(owner: str) -> list[str]:
    return ["portal_0001"]


async def pending(owner: str) -> list[str]:
    return os.environ.get("STAND_IN_PENDING", "").split()


def module(name: str, **contents: object) -> None:
    made = types.ModuleType(name)
    made.__dict__.update(contents)
    sys.modules[name] = made
    parent, _, child = name.rpartition(".")
    setattr(importlib.import_module(parent), child, made)


if __name__ == "__main__":
    module("portal.app", create_app=lambda: application, wire=lambda: None)
    module("portal.worker", run_worker=part("worker"), run_scheduler=part("scheduler"))
    module("portal.demo", build=build)
    module("portal.platform.migrations", migrate=migrate, pending=pending)
    module("portal.audit.erasures", reapply=reapply)
    from portal.cli import main

    main()
