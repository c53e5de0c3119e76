"""A visitor's own wishes that live in the browser: theme and, before sign-in, language.

Plain forms post here, so both work without JavaScript. The way back is a path of ours and nothing else.
"""

from collections.abc import Mapping
from typing import Annotated

from litestar import Response, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body

from portal.platform.i18n import LANGUAGES
from portal.platform.settings import settings
from portal.web.context import THEMES

YEAR = 365 * 24 * 3600
CHOICES = {"theme": THEMES, "language": tuple(LANGUAGES)}
Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@post("/preferences", include_in_schema=False, sync_to_thread=False)
def prefer(data: Fields) -> Response[None]:
    """Remember what was chosen; an unknown value changes nothing."""
    return remember(Response(None, status_code=303, headers={"location": local_path(data.get("next", "/"))}), data)


def remember(answer: Response[None], data: Mapping[str, str]) -> Response[None]:
    """Let the browser keep those of its wishes that the form names."""
    for name, known in CHOICES.items():
        if data.get(name) in known:
            answer.set_cookie(_cookie(name, data[name]))
    return answer


def local_path(given: str) -> str:
    """`given` if it is a path on this portal, else the home page: no way out through a crafted link."""
    safe = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable() and "\\" not in given
    return given if safe and given.isascii() else "/"


def _cookie(name: str, value: str) -> Cookie:
    https = str(settings().url).startswith("https://")
    return Cookie(key=name, value=value, max_age=YEAR, path="/", samesite="lax", secure=https, httponly=True)
