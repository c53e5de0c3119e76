"""What a person reads when the portal says no: the reason, what happened meanwhile, and what to do next.

The app's exception handler calls `refusal_page` for a browser and `refusal_fragment` for htmx. Both say the same.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response

from portal.platform.database import was_changed
from portal.platform.i18n import Message, _
from portal.web.context import current
from portal.web.render import fragment, page


class Advice(msgspec.Struct, frozen=True):
    """How a kind of refusal looks, and what its reader can do."""

    icon: str
    tone: str
    what_next: Message


ADVICE = {
    400: Advice("help-circle", "warning", _("The address or the form was changed on its way. Go back and try again.")),
    401: Advice("login", "info", _("Sign in and you come back to this page.")),
    403: Advice("shield-lock", "warning", _("If your work needs this, ask your administrator for the role.")),
    404: Advice(
        "map-search", "neutral", _("It may be gone, or belong to another organisation. Search for its number.")
    ),
    405: Advice("help-circle", "warning", _("Go back and use the buttons on the page.")),
    409: Advice("git-merge", "warning", _("Nothing was changed. Open the record again to see how it stands now.")),
    412: Advice("git-compare", "warning", _("Nothing of yours was saved. Open the record again to see the change.")),
    413: Advice("file-alert", "warning", _("Send less at once: split the file or the form into parts.")),
    421: Advice("map-search", "warning", _("Open the portal by its own address.")),
    422: Advice("alert-circle", "danger", _("Go back, correct what is named here and send it again.")),
    429: Advice("hourglass", "warning", _("Wait a minute, then try again.")),
    500: Advice("tool", "danger", _("This is our fault. If it happens again, tell us the number.")),
    503: Advice("tool", "warning", _("The portal is busy or being looked after. Try again in a minute.")),
    507: Advice("tool", "warning", _("Nothing else is affected. Try again when there is room.")),
}
PARTLY = Advice("git-merge", "warning", _("Part of it may be done. Open the record again to see how it stands now."))


def refusal_page(
    status: int,
    title: Message | str,
    detail: Message | str = "",
    errors: Sequence[Any] = (),
    request_id: str = "",
    meanwhile: Sequence[Any] = (),
    back: str = "",
    kept: Sequence[Any] = (),
) -> Response[str]:
    """A whole page: within the app for who is signed in, else plain. `meanwhile` are timeline nodes (409, 412), `kept`
    what was typed into the form that was refused, by the names of its fields."""
    told = {"heading": title, "detail": detail, "errors": errors, "request_id": request_id, "meanwhile": meanwhile}
    told |= {"kept": kept}
    layout = "layouts/app.html" if current.get().actor else "layouts/plain.html"
    return page(
        "errors/refusal.html", status=status, code=status, advice=advice(status), layout=layout, back=back, **told
    )


def refusal_fragment(
    status: int,
    title: Message | str,
    detail: Message | str = "",
    errors: Sequence[Any] = (),
    request_id: str = "",
    *,
    meanwhile: Sequence[Any] = (),
) -> Response[str]:
    """A note that htmx puts among the others at the page's corner; the page itself stays as it was."""
    told = {"heading": title, "detail": detail, "errors": errors, "request_id": request_id, "meanwhile": meanwhile}
    corner = {"HX-Retarget": "#notes", "HX-Reswap": "innerHTML"}
    return fragment("errors/note.html", status=status, headers=corner, code=status, advice=advice(status), **told)


def advice(status: int) -> Advice:
    """What fits a status that is not in the table is what fits its hundred; a part may be done when the rest is not."""
    if status in (409, 412) and was_changed():
        return PARTLY
    return ADVICE.get(status) or ADVICE[500 if status >= 500 else 400]
