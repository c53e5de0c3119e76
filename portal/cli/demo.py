"""The whole portal in one command: database, demo company, web, worker and scheduler."""

import ipaddress
import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from portal.cli import demo_folder
from portal.cli.place import Data, data_folder
from portal.cli.refused import WRONGLY_ASKED, Refused
from portal.cli.screen import Json, aloud, progress, remark, say_json, table
from portal.cli.settle import begun_apart, settle
from portal.platform.keyring import key_ring
from portal.platform.settings import override, settings

if TYPE_CHECKING:
    from portal.platform.postgres import Cluster

NOTICE = "Everybody who reaches {host} can sign in to this demo: add --i-know if that is meant."


class Account(Protocol):
    """Somebody who can sign in to the demo."""

    email: str
    organisation: str
    roles: Sequence[str]


def demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")] = 8000,
    i_know: Annotated[bool, typer.Option("--i-know", help="Listen where others can reach the demo.")] = False,
    data: Data = None,
    password: Annotated[
        str | None, typer.Option(help="Password of all accounts; made up at the first start if not given.")
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Start afresh; the demo's data are lost.")] = False,
    json: Json = False,
    browse: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Start the portal with a demo company, until Ctrl-C. Data survive a restart."""
    if not i_know and not _is_loopback(host):
        raise Refused(NOTICE.format(host=host), WRONGLY_ASKED)
    folder = data_folder(data)
    announce = _announce_json() if json else _announce_table
    from portal.cli import web
    from portal.platform import log
    from portal.platform.postgres import APP, OWNER
    from portal.platform.processes import starting

    log.configure(level=settings().log if "log" in settings().given else "warning")
    remark(f"Starting the database server in {folder} …")
    with starting(), web.listen(host, port) as listener, _opened(folder, reset) as cluster:
        _stay_inside(folder, cluster.url(APP), cluster.url(OWNER), web.named(listener))
        secret = demo_folder.password(folder, password)
        built = begun_apart(lambda: _build(cluster, secret))
        app = _app()
        accounts = built()
        demo_folder.finish(folder)
        remark("Starting web, worker and scheduler …")
        code = _run(app, cluster, listener, lambda: announce(folder, secret, accounts, browse))
    raise typer.Exit(code)


def _opened(folder: Path, reset: bool) -> "Cluster":
    from portal.platform.postgres import Cluster

    if reset or demo_folder.is_unfinished(folder):
        demo_folder.clear(folder)
    demo_folder.claim(folder)
    return Cluster.open(folder / "pg", meanwhile=_load)


def _load() -> None:
    """The portal's own code, which takes longer than the server's start."""
    from portal.app import wire

    wire()


def _app() -> Any:
    from portal.app import create_app

    return create_app()


def _is_loopback(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None)
    except OSError as error:
        raise Refused(f"{host} is no address of this machine: {error}.", WRONGLY_ASKED) from error
    return all(ipaddress.ip_address(entry[4][0]).is_loopback for entry in found)


def _stay_inside(folder: Path, app: str, owner: str, address: str) -> None:
    """A demo uses its own database and folder and sends nothing out, whatever the environment says."""
    os.environ["OTEL_SDK_DISABLED"] = "true"
    override(
        database_url=app,
        owner_url=owner,
        database_replica_url=None,
        broker_url=None,
        data=folder,
        documents_url=None,
        smtp_url=None,
        url=settings().url if "url" in settings().given else address,
    )
    override(secret_keys=key_ring())


def _build(cluster: "Cluster", password: str) -> Sequence[Account]:
    """Database and company, as far as they are not there; in a process of its own, beside the one that loads."""
    from portal import demo as company
    from portal.audit.erasures import reapply
    from portal.platform import migrations
    from portal.platform.postgres import OWNER, prepare
    from portal.platform.vault import require_ring

    owner = cluster.url(OWNER)
    prepare(cluster)
    with progress("Preparing the database") as bar:
        report = aloud(bar)
        report(0.0, "Bringing the tables up to date")
        settle(migrations.migrate(owner))
        settle(reapply(owner))
        settle(require_ring(str(settings().database_url)))
        return settle(company.build(owner, password, report))


def _run(app: Any, cluster: Any, listener: socket.socket, ready: Callable[[], None]) -> int:
    """What is imported here is shared by all parts; the worker's jobs need more and import that themselves."""
    from portal.cli import web
    from portal.platform.processes import Child, run

    parts = [
        Child("web", lambda: web.serve(app, listener), patience=5),
        Child("worker", _worker),
        Child("scheduler", _scheduler, patience=5),
    ]
    url = web.address(listener)
    return run(parts, keep=[cluster], answers=lambda: web.answers(url), ready=ready)


def _worker() -> None:
    from portal.worker import run_worker

    run_worker()


def _scheduler() -> None:
    from portal.worker import run_scheduler

    run_scheduler()


def _announce_table(folder: Path, password: str, accounts: Sequence[Account], browse: bool) -> None:
    rows = [(account.email, account.organisation, ", ".join(sorted(account.roles))) for account in accounts]
    table("", ("Account", "Organisation", "Roles"), rows)
    remark(f"Password of all accounts: {password}\nData: {folder}\nReady: {settings().url} (Ctrl-C ends it)")
    if browse:
        webbrowser.open(settings().url)


def _announce_json() -> Callable[[Path, str, Sequence[Account], bool], None]:
    """One line on standard output; all else that is ever written there goes to standard error from now on."""
    line = os.fdopen(os.dup(1), "w")
    sys.stdout.flush()
    os.dup2(2, 1)

    def announce(folder: Path, password: str, accounts: Sequence[Account], browse: bool) -> None:
        people = [
            {"email": account.email, "organisation": account.organisation, "roles": sorted(account.roles)}
            for account in accounts
        ]
        say_json(
            {
                "url": settings().url,
                "password": password,
                "accounts": people,
                "pid": os.getpid(),
                "data": str(folder),
            },
            line,
        )
        if browse:
            webbrowser.open(settings().url)

    return announce
