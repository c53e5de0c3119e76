"""A visitor's own wishes that live in the browser: theme, and the language of the pages before sign-in.

Plain forms send them, so both work without JavaScript. The way back is a path of ours and nothing else.
"""

from collections.abc import Mapping

from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from portal.platform.i18n import LANGUAGES
from portal.platform.settings import settings
from portal.web.context import THEMES

YEAR = 365 * 24 * 3600
CHOICES = {"theme": THEMES, "language": tuple(LANGUAGES)}


def chosen(fields: Mapping[str, str]) -> dict[str, str]:
    """What a form wishes for; an unknown value is no wish."""
    return {name: fields[name] for name, known in CHOICES.items() if fields.get(name) in known}


def remember(response: Response[None], wishes: Mapping[str, str]) -> Response[None]:
    """Let the browser keep them for a year."""
    for name, value in wishes.items():
        response.set_cookie(_cookie(name, value))
    return response


def back(fields: Mapping[str, str]) -> Response[None]:
    """To where the form was sent from."""
    return Redirect(local_path(fields.get("next", "/")), status_code=303, media_type=MediaType.HTML)


def local_path(given: str) -> str:
    """`given` if it is a path on this portal, else the home page: no way out through a crafted link."""
    safe = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable() and "\\" not in given
    return given if safe and given.isascii() else "/"


def _cookie(name: str, value: str) -> Cookie:
    https = str(settings().url).startswith("https://")
    return Cookie(key=name, value=value, max_age=YEAR, path="/", samesite="lax", secure=https, httponly=True)
