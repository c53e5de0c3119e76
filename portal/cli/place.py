"""Where a command finds the data it works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.refused import Refused
from portal.platform.keyring import key_ring
from portal.platform.settings import home, override, settings

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of a demo's data; PORTAL_DATA or a folder of the user's own if not given."),
]


def data_folder(option: Path | None) -> Path:
    """The folder of the demo's data: as named, else PORTAL_DATA, else one for each user of the machine."""
    if option is not None:
        return option.expanduser().absolute()
    present = settings()
    return present.data if "data" in present.given else home() / "demo"


@contextmanager
def database(option: Path | None) -> Iterator[None]:
    """The settings of a database to work on: PORTAL_DATABASE_URL, else the demo's, beside it or without it running."""
    present = settings()
    if option is None and present.database_url:
        with override(secret_keys=key_ring()):
            yield
        return
    from portal.platform.postgres import APP, OWNER, reach

    folder = data_folder(option)
    if not (folder / "pg" / "PG_VERSION").exists():
        raise Refused(f"There is no portal's data in {folder}: start 'portal demo' first, or set PORTAL_DATABASE_URL.")
    with (
        reach(folder / "pg") as address,
        override(database_url=address.url(APP), owner_url=address.url(OWNER), data=folder, documents_url=None),
        override(secret_keys=key_ring()),
    ):
        yield


def required(name: str) -> str:
    """The value of a setting that this command cannot do without."""
    value = getattr(settings(), name.removeprefix("PORTAL_").lower())
    if not value:
        raise Refused(f"{name} is not set; 'portal settings' says what it means, 'portal demo' needs none.", code=2)
    return value
