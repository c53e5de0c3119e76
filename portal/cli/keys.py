"""The key ring: putting a new key in the place of an old one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from portal.cli.place import Data, database, required
from portal.cli.refused import Refused
from portal.cli.screen import Json, remark, say_json
from portal.cli.settle import as_the_portal, settle

keys = typer.Typer(help="The key ring that seals secrets.", no_args_is_help=True)


@keys.command("rotate")
def rotate(data: Data = None, json: Json = False) -> None:
    """Seal everything under the newest key of the ring, which also vouches for the key that signed the log. A ring in
    the data folder gets a new key for it; one of PORTAL_SECRET_KEYS is yours: put the new key in front and restart
    everything first."""
    from portal.platform.keyring import FILE, add_key
    from portal.platform.settings import override, settings

    given = bool(settings().secret_keys)
    with database(data):
        ring = settings().secret_keys if given else add_key(settings().data / FILE)
        with override(secret_keys=ring):
            done = settle(_turn(required("PORTAL_OWNER_URL"), str(settings().database_url)))
    told: dict[str, Any] = {"resealed": done, "keys": len(ring)}
    if json:
        say_json(told)
        return
    remark(f"{done} secrets are sealed with the newest of {len(ring)} keys.")
    remark(_GIVEN if given else _OWN)


@keys.command("sign-with")
def sign_with(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A PKCS#12 file (.p12, .pfx).")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, help="The password of the file.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Sign documents with a certificate of another authority from now on, in the place of the portal's own."""
    from portal.signatures.bringing import Unfit, read, take

    try:
        brought = read(file.read_bytes(), password)
        with database(data):
            settle(as_the_portal(lambda: take(brought)))
    except Unfit as unfit:
        raise Refused(str(unfit)) from unfit
    name = brought.certificate.subject.rfc4514_string()
    told = {"subject": name, "until": brought.certificate.not_valid_after_utc.isoformat()}
    if json:
        say_json(told)
        return
    remark(f"The portal signs as {name} from now on, until {told['until'][:10]}.")


_OWN = (
    "Restart the portal's processes now: they do not know the new key yet. The old ones still open links in mails that "
    "went out; take their lines out of secret.keys after a week."
)
_GIVEN = "The old keys still open links in mails that went out; take them out of PORTAL_SECRET_KEYS after a week."


async def _turn(owner_url: str, database_url: str) -> int:
    import asyncpg

    from portal.access.commands.ring import reseal
    from portal.audit.sealing import Tampered, hand_over

    done = await reseal(owner_url)
    connection = await asyncpg.connect(database_url)
    try:
        await hand_over(connection)
    except Tampered as error:
        raise Refused(f"The log is not handed over to the new key. {error}") from error
    finally:
        await connection.close()
    return done
