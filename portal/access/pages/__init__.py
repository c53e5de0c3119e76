"""What belongs to everybody who signs in: the way in, the home page, the search over all, one's own data."""

from litestar import Router

from portal.access.pages import home, profile, search, sign_in
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry

MENU = [MenuEntry(_("Home"), "/", "home", "self:use", place=0)]

router = Router("/", route_handlers=[*home.HANDLERS, *search.HANDLERS, *sign_in.HANDLERS, *profile.HANDLERS])
