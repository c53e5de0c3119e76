"""The sheet on which services are answered: a row for each line that waits, with what it is of."""

from typing import Any

from markupsafe import Markup

from portal.platform.i18n import _
from portal.services.forms import EntryOut
from portal.web import Form
from portal.web.formats import money, quantity


def answerable(form: Form, entry: EntryOut) -> Form:
    """The form with what each row is of: that is printed and never sent."""
    known = {str(line.id): line for line in entry.lines}
    shown: dict[str, Any] = {}
    for row in form.rows("lines"):
        if line := known.get(form.value(f"lines.{row}.line_id")):
            shown[f"lines.{row}.what"] = told(line)
            shown[f"lines.{row}.done"] = quantity(line.quantity, line.unit)
            shown[f"lines.{row}.net"] = money(line.net, entry.currency)
    return Form({**form.values, **shown}, form.errors, form.rows_named)


def told(line: Any) -> Markup:
    """A service of an order: what it is called, which line, and what was done of it where that is said."""
    under = [str(_("Line {n}", n=line.line)), line.item_number, str(_("up to a limit")) if line.kind == "limit" else ""]
    done = getattr(line, "text", "")
    more = Markup('<small class="under">{}</small>').format(done) if done else ""
    shown = Markup('<span class="what">{} <small class="under">{}</small>{}</span>')
    return shown.format(line.description, " · ".join(filter(None, under)), more)
