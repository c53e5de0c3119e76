"""A sentence for the next page: what was just done, said once on top of wherever the person goes on.

It travels in a cookie that our key ring signs, so nobody else can put words on our pages; the page that shows it takes
the cookie away again. Nothing of it is kept on the server.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import msgspec
from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from portal.platform.i18n import Message, shown
from portal.platform.keyring import key_ring
from portal.platform.settings import settings
from portal.web.context import Flash

COOKIE = "flash"
SECONDS = 60


class _Said(msgspec.Struct):
    text: str
    parameters: dict[str, str]
    tone: str


def go(url: str, text: Message | None = None, tone: str = "success") -> Response[None]:
    """Lead the browser on after a form was sent, and let the next page say what was done."""
    response: Response[None] = Redirect(url, status_code=303, media_type=MediaType.HTML)
    if text is not None:
        response.set_cookie(_cookie(_signed(text, tone), SECONDS))
    return response


def heard(cookies: dict[str, str]) -> tuple[Flash, ...]:
    """What the last answer wanted this page to say; words that we did not sign are not heard."""
    packed, _dot, signature = cookies.get(COOKIE, "").partition(".")
    if not packed or not any(hmac.compare_digest(signature, _sign(packed, key)) for key in key_ring()):
        return ()
    try:
        said = msgspec.json.decode(base64.urlsafe_b64decode(packed), type=_Said)
    except (binascii.Error, msgspec.DecodeError):
        return ()
    return (Flash(Message(said.text, dict(said.parameters)), said.tone),)


def forgotten() -> bytes:
    """The header that takes the cookie away."""
    return _cookie("", 0).to_header(header="").encode()


def _signed(text: Message, tone: str) -> str:
    parameters = {name: str(shown(value)) for name, value in text.parameters.items()}
    packed = base64.urlsafe_b64encode(msgspec.json.encode(_Said(text.text, parameters, tone))).decode()
    return f"{packed}.{_sign(packed, key_ring()[0])}"


def _sign(packed: str, key: str) -> str:
    return hmac.new(hashlib.sha256(key.encode()).digest(), f"flash {packed}".encode(), hashlib.sha256).hexdigest()


def _cookie(value: str, seconds: int) -> Cookie:
    kind: dict[str, Any] = {"path": "/", "secure": settings().secure, "httponly": True, "samesite": "lax"}
    return Cookie(COOKIE, value=value, max_age=seconds, **kind)
