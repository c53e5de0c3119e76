"""The two cookies of a session: its secret, which no script reads, and the token that unsafe requests repeat."""

from typing import TypeVar

from litestar import Response
from litestar.datastructures import Cookie

from portal.access.commands import LIFETIME, Opened
from portal.access.identify import session_cookie
from portal.platform.settings import settings

R = TypeVar("R", bound=Response)
CSRF_COOKIE = "csrf_token"


def set_session(response: R, opened: Opened) -> R:
    """Give the browser the session; both cookies are Secure whenever the public address is https."""
    seconds = int(LIFETIME.total_seconds())
    response.set_cookie(_cookie(session_cookie(), opened.token, seconds, httponly=True))
    response.set_cookie(_cookie(CSRF_COOKIE, opened.csrf, seconds, httponly=False))
    return response


def clear_session(response: R) -> R:
    response.set_cookie(_cookie(session_cookie(), "", 0, httponly=True))
    response.set_cookie(_cookie(CSRF_COOKIE, "", 0, httponly=False))
    return response


def _cookie(name: str, value: str, seconds: int, *, httponly: bool) -> Cookie:
    return Cookie(
        name, value=value, max_age=seconds, path="/", secure=settings().secure, httponly=httponly, samesite="lax"
    )
