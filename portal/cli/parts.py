"""The parts of a portal in production, one command each."""

from typing import Annotated

import structlog
import typer

from portal.cli.place import required
from portal.cli.settle import settle
from portal.platform import log
from portal.platform.keyring import key_ring
from portal.platform.settings import override


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")] = 8000,
    processes: Annotated[int, typer.Option(min=1, help="Number of processes; one for each core is a good number.")] = 1,
) -> None:
    """Serve pages and API. Behind a proxy that speaks https; see PORTAL_URL and PORTAL_TRUSTED_PROXIES."""
    from portal.cli import web
    from portal.platform.processes import Child, run, starting

    with starting():
        _begin()
        from portal.app import create_app

        listener = web.listen(host, port)
        app = create_app()
    children = [Child(f"web {number}", lambda: web.serve(app, listener)) for number in range(1, processes + 1)]
    url = web.address(listener)
    say = structlog.get_logger("portal.serve")
    ended = run(
        children, answers=lambda: web.answers(url), ready=lambda: say.info("serving", url=url, processes=processes)
    )
    raise typer.Exit(ended)


def worker() -> None:
    """Do the jobs: documents, mails, notifications."""
    from portal.platform.processes import starting

    with starting():
        _begin()
        from portal.worker import run_worker
    run_worker()


def scheduler() -> None:
    """Start what is due at a time of day. One of it is enough."""
    from portal.platform.processes import starting

    with starting():
        _begin()
        from portal.worker import run_scheduler
    run_scheduler()


def _begin() -> None:
    url = required("PORTAL_DATABASE_URL")
    log.configure()
    override(secret_keys=key_ring())
    from portal.platform.vault import require_ring

    settle(require_ring(url))
