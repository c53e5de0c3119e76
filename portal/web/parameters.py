"""Query parameters of the API: each route takes those that its handler declares, once unless it takes a list of them,
and refuses any other by its name.

A misspelt filter that is passed over shows everything to a program that believes it narrowed the list; of two values
of one filter all but the last would be passed over, too. Pages stay lenient, the API's reference too: links from
elsewhere bring marks of their own, and a page shows what narrows it.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final

from litestar import Request
from litestar.routes import BaseRoute, HTTPRoute

from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError
from portal.platform.refusals import Invalid

API: Final = "/api/"
_KNOWN, _LISTS = "query_parameters", "query_lists"
_MOST: Final = 20  # names that are told; who sends more has mistaken the address
_LONGEST: Final = 60  # characters of a name that are told again and compared


def learn_parameters(routes: Iterable[BaseRoute]) -> None:
    """Note at each route of the API what its handler and the handler's dependencies declare; once, at start-up."""
    for route in routes:
        if isinstance(route, HTTPRoute) and route.path.startswith(API):
            for handler, model in route.route_handler_map.values():
                if handler.resolve_include_in_schema():
                    handler.opt[_KNOWN] = frozenset(each.field_alias for each in model.expected_query_params)
                    handler.opt[_LISTS] = frozenset(model.sequence_query_parameter_names)


def refuse_other_parameters(request: Request[Any, Any, Any]) -> None:
    """Raise `Invalid` that names every parameter the route does not take, each with the nearest that it does, and every
    one that came more often than it is taken."""
    opt = request.route_handler.opt
    known: frozenset[str] | None = opt.get(_KNOWN)
    if known is None or not request.scope["query_string"]:
        return
    sent = request.query_params
    once = known - opt[_LISTS]
    wrong = dict.fromkeys(
        name[:_LONGEST] for name in sent if name not in known or (name in once and len(sent.getall(name)) > 1)
    )
    if wrong:
        raise Invalid(
            _("This address does not take every parameter that was sent."),
            errors=[FieldError(name, _ONCE if name in known else _meant(name, known)) for name in list(wrong)[:_MOST]],
        )


_ONCE = _("This parameter was sent several times, and is taken once.")


def _meant(name: str, known: frozenset[str]) -> Message:
    """What would have been right: the one that looks most like it, else all there are."""
    if not known:
        return _("There is no parameter of this name: this address takes none.")
    if nearest := get_close_matches(name.lower(), sorted(known), n=1):
        return _("There is no parameter of this name. The nearest is {nearest}.", nearest=nearest[0])
    return _("There is no parameter of this name. There are: {names}.", names=", ".join(sorted(known)))
