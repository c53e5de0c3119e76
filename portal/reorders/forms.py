"""What people send to order again, and what they get to see of templates."""

from datetime import datetime
from uuid import UUID

import msgspec

from portal.orders.forms import OrderOut, PartyOut
from portal.platform.fields import Line
from portal.platform.guarded import FIELDS
from portal.reorders.rules import Difference, RecipeLine

# What of a template is seen with the right to see prices alone, or internal notes.
GUARDED = FIELDS["order-template"]


class TemplateName(Line):
    """What a template is called."""

    longest = 100
    example = "Monthly packaging"


class TemplateForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A template of an order: one's own, or `shared` with all who order in the organisation."""

    order_id: UUID
    name: TemplateName
    shared: bool = False


class TemplateEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Another name, or shared or not any more; what is absent stays."""

    name: TemplateName | None = None
    shared: bool | None = None


class TemplateRow(msgspec.Struct):
    """A template in a list; `own` says whether it is the reader's."""

    id: UUID
    name: str
    version: int
    shared: bool
    own: bool
    supplier: PartyOut
    currency: str
    line_count: int
    created_at: datetime


class TemplateOut(TemplateRow):
    """A template with what is in it."""

    note: str
    internal_note: str | None
    lines: list[RecipeLine]


class AgainOut(msgspec.Struct):
    """A new draft, and what differs in it from what was ordered then."""

    order: OrderOut
    differences: list[Difference]
