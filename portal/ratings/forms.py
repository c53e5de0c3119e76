"""What people and programs say of orders, and what comes of it."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut
from portal.platform.fields import Text
from portal.platform.paging import Page
from portal.settings.forms import Proposal

Stars = Annotated[int, msgspec.Meta(ge=1, le=5)]


class Comment(Text):
    """A sentence or two, for colleagues."""

    longest = 1000


class RatingForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """1 to 5 stars on the whole; the aspects that one can speak of; a comment, which colleagues read."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"stars": 4, "communication": 5, "comment": "Came in time, well packed."}

    stars: Stars
    as_agreed: Stars | None = None
    communication: Stars | None = None
    handling: Stars | None = None
    comment: Comment | None = None


class RatingOut(msgspec.Struct, kw_only=True):
    """One rating, for colleagues of its author; `own` says whether it is the reader's."""

    id: UUID
    version: int
    order_id: UUID
    order_number: str
    supplier: PartyOut
    stars: int
    as_agreed: int | None
    communication: int | None
    handling: int | None
    comment: str
    rated_by: UUID
    rated_by_name: str
    own: bool
    rated_at: datetime
    changed_at: datetime | None
    changeable_until: datetime


class RatedOut(msgspec.Struct, kw_only=True):
    """What a buyer's people say of a supplier over twelve months, apart from its score. Averages and how often each
    number of stars was given are null with fewer than `least_raters` people; `number` and `raters` are null for a
    supplier that is shown nothing. A supplier is told of ended months only, and never how often which stars."""

    supplier_id: UUID
    buyer_id: UUID
    number: int | None
    raters: int | None
    least_raters: int
    average: Decimal | None
    distribution: dict[str, int] | None
    as_agreed: Decimal | None
    communication: Decimal | None
    handling: Decimal | None


class SupplierRatingsOut(Page[RatingOut], kw_only=True):
    """The averages, and the ratings behind them for who may read those: newest first."""

    summary: RatedOut


class RatingsShownProposal(Proposal, forbid_unknown_fields=True, kw_only=True):
    """Whether suppliers see the averages of what is said of them, from a day on."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"shown": True, "reason": "Good suppliers are to know it."}

    shown: bool
