"""Signing in as a program, what people keep of their own account, and what administrators keep of their company's."""

from litestar import Router

from portal.access.api import account, company, keys, looking, members, passkeys, sessions

_PARTS = {"Sessions": sessions, "Account": account, "Passkeys": passkeys, "API keys": keys, "Company": company}
_PARTS |= {"Members": members, "Looking as a colleague": looking}
_routers = [Router("/", route_handlers=list(part.HANDLERS), tags=[tag]) for tag, part in _PARTS.items()]
router = Router("/", route_handlers=_routers)
