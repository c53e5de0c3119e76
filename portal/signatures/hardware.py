"""Keys in hardware (PKCS#11): named by an address (RFC 7512), used where they lie, never copied.

The PIN is kept nowhere: it is read anew from PORTAL_PKCS11_PIN_FILE, or PORTAL_PKCS11_PIN, each time.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, Self
from urllib.parse import parse_qs, quote, unquote

import structlog

from portal.platform.i18n import _
from portal.platform.refusals import Refusal
from portal.platform.settings import settings

log = structlog.get_logger("signatures")
SCHEME: Final = "pkcs11:"
_one = threading.Lock()  # who is signed in to a token is a matter of the whole process


class Place(NamedTuple):
    """Where a key lies: the module that speaks to the token, the token's label and that of the key on it."""

    module: str
    token: str
    label: str

    @classmethod
    def of(cls, address: str) -> Self:
        path, _mark, query = address.removeprefix(SCHEME).partition("?")
        named = dict(part.split("=", 1) for part in path.split(";"))
        return cls(parse_qs(query)["module-path"][0], unquote(named["token"]), unquote(named["object"]))

    @property
    def address(self) -> str:
        module = quote(self.module, safe="/")
        token, label = (quote(each, safe="") for each in (self.token, self.label))
        return f"{SCHEME}token={token};object={label};type=private?module-path={module}"


class NotThere(Exception):
    """No module, no token, no key, or not the right PIN: one sentence that says which."""


class KeyAway(Refusal):
    """Somebody signs while the token is away."""

    status = 503
    title = _("The portal cannot sign now")

    def __init__(self) -> None:
        super().__init__(
            _("The key that the portal signs with lies in hardware that does not answer. Nothing was signed."),
            retry_after=60,
        )


@contextmanager
def opened(place: Place) -> Iterator[Any]:
    """A session with the token, signed in. Raises NotThere; one at a time in this process."""
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import open_pkcs11_session

    told = pin()
    with _one:
        try:
            wanted = TokenCriteria(label=place.token)
            session = open_pkcs11_session(place.module, token_criteria=wanted, user_pin=told)
        except (PKCS11Error, RuntimeError, OSError) as error:
            raise NotThere(_said(place, error, is_loading=True)) from None
        try:
            yield session
        except PKCS11Error as error:
            raise NotThere(_said(place, error)) from None
        finally:
            session.close()


def signer(session: Any, place: Place, certificate: Any, chain: Any = None) -> Any:
    """What pyHanko signs with. Elliptic curve keys sign the digest itself: not every token hashes for them."""
    from pyhanko.sign.pkcs11 import PKCS11Signer

    raw = certificate.public_key.algorithm == "ec"
    return PKCS11Signer(session, key_label=place.label, signing_cert=certificate, ca_chain=chain, use_raw_mechanism=raw)


def pin() -> str:
    """Raises NotThere where none is given."""
    file, told = settings().pkcs11_pin_file, settings().pkcs11_pin
    try:
        told = file.read_text().strip() if file else told
    except OSError as error:
        raise NotThere(f"The file of PORTAL_PKCS11_PIN_FILE cannot be read: {error.strerror}.") from None
    if not told:
        raise NotThere("The token wants a PIN: give it in PORTAL_PKCS11_PIN_FILE or PORTAL_PKCS11_PIN.")
    return told


def _said(place: Place, error: Exception, *, is_loading: bool = False) -> str:
    """What went wrong, without the PIN: the library's errors are told by their kind."""
    kind = type(error).__name__
    if kind in ("PinIncorrect", "PinInvalid", "PinLenRange"):
        return f"The token {place.token} does not take this PIN."
    if kind == "PinLocked":
        return f"The token {place.token} is locked: too many wrong PINs were tried."
    if str(error).startswith("No token"):
        return f"There is no token {place.token} behind {place.module}. Plug it in, or look at its label."
    if str(error).startswith(("Could not find", "Found more than one")):
        return f"The token {place.token} holds not just one private key {place.label} that may sign."
    if is_loading and (isinstance(error, RuntimeError | OSError) or kind == "GeneralError"):
        return f"The module {place.module} cannot be loaded."
    return f"The token {place.token} does not answer ({kind})."
