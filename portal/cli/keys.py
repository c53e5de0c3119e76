"""The key ring: putting a new key in the place of an old one."""

from typing import Any

import typer

from portal.cli.place import Data, database, required
from portal.cli.screen import Json, remark, say_json
from portal.cli.settle import settle

keys = typer.Typer(help="The key ring that seals secrets.", no_args_is_help=True)


@keys.command("rotate")
def rotate(data: Data = None, json: Json = False) -> None:
    """Seal everything under the newest key of the ring. A ring in the data folder gets a new key for it; one of
    PORTAL_SECRET_KEYS is yours: put the new key in front and restart everything first."""
    from portal.platform.keyring import FILE, add_key
    from portal.platform.settings import override, settings

    given = bool(settings().secret_keys)
    with database(data):
        ring = settings().secret_keys if given else add_key(settings().data / FILE)
        with override(secret_keys=ring):
            done = settle(_reseal(required("PORTAL_OWNER_URL")))
    told: dict[str, Any] = {"resealed": done, "keys": len(ring)}
    if json:
        say_json(told)
        return
    remark(f"{done} secrets are sealed with the newest of {len(ring)} keys.")
    remark(_GIVEN if given else _OWN)


_OWN = (
    "Restart the portal's processes now: they do not know the new key yet. The old ones still open links in mails that "
    "went out; take their lines out of secret.keys after a week."
)
_GIVEN = "The old keys still open links in mails that went out; take them out of PORTAL_SECRET_KEYS after a week."


async def _reseal(owner_url: str) -> int:
    from portal.access.commands.ring import reseal

    return await reseal(owner_url)
