"""The key ring: putting a new key in the place of an old one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from portal.cli.place import Data, database, required
from portal.cli.refused import WRONGLY_ASKED, Refused
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
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="A PKCS#12 file (.p12, .pfx).")
    ] = None,
    password: Annotated[str | None, typer.Option(help="The password of the file; asked for otherwise.")] = None,
    module: Annotated[Path | None, typer.Option(exists=True, help="Or the module of a token (PKCS#11).")] = None,
    token: Annotated[str, typer.Option(help="The token's label.")] = "",
    label: Annotated[str, typer.Option(help="The label of the key on it, and of its certificate.")] = "",
    certificate: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Certificates (PEM) that are not on the token, in their order."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Sign documents with a certificate of another authority from now on, in the place of the portal's own: its key in
    a file, or one that stays in hardware, whose PIN is read from PORTAL_PKCS11_PIN_FILE or PORTAL_PKCS11_PIN."""
    from portal.signatures.bringing import Unfit, take

    try:
        brought = _of_file(file, password) if module is None else _on_token(module, token, label, certificate)
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


def _of_file(file: Path | None, password: str | None) -> Any:
    from portal.signatures.bringing import read

    if file is None:
        raise Refused("Name a PKCS#12 file, or --module, --token and --label of a key in hardware.", WRONGLY_ASKED)
    if password is None:
        password = str(typer.prompt("Password", hide_input=True))
    return read(file.read_bytes(), password)


def _on_token(module: Path, token: str, label: str, certificate: Path | None) -> Any:
    from portal.signatures.bringing import on_token
    from portal.signatures.hardware import Place

    if not (token and label):
        raise Refused("Name the token and the key on it by --token and --label.", WRONGLY_ASKED)
    return on_token(Place(str(module.absolute()), token, label), certificate.read_bytes() if certificate else b"")


_OWN = (
    "Restart the portal's processes now: they do not know the new key yet. The old ones still open links in mails that "
    "went out; take their lines out of secret.keys after a week, once 'portal doctor' finds nothing that hangs on them."
)
_GIVEN = (
    "The old keys still open links in mails that went out; take them out of PORTAL_SECRET_KEYS after a week, once "
    "'portal doctor' finds nothing that hangs on them."
)


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
