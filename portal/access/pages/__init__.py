"""What belongs to everybody who signs in: the way in, the home page, the search over all, one's own data."""

from typing import Any

from litestar import Router

from portal.access.pages import (
    company_sign_in,
    home,
    invitations,
    keys,
    looking,
    mailed,
    people,
    profile,
    search,
    second_factor,
    security,
    sign_in,
    terms,
    way_in,
)
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry

MENU = [
    MenuEntry(_("Home"), "/", "home", "self:use", place=0),
    MenuEntry(_("People"), "/people", "users", "members:read", place=80),
    MenuEntry(_("Sign-in"), "/security", "shield-lock", "security:configure", place=82),
]
SETTINGS = people.SETTINGS | security.SETTINGS
SUBJECTS = looking.SUBJECTS
_PAGES: tuple[Any, ...] = (
    *(home, search, sign_in, company_sign_in, way_in, mailed, profile, second_factor, keys),
    *(people, looking, invitations, security, terms),
)
router = Router("/", route_handlers=[handler for each in _PAGES for handler in each.HANDLERS])
