"""Clauses as they come in and as they are read."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from portal.platform.fields import Line, Text


class Heading(Line):
    """What a clause is called."""

    longest = 200
    example = "Delivery"


class Wording(Text):
    """What a clause says."""

    shortest = 1
    example = "{supplier} delivers within ten days of each call-off."


class ClauseForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`body` may name facts of the contract: `{number}`, `{title}`, `{buyer}`, `{supplier}`, `{valid_from}`,
    `{valid_to}`, `{notice_days}`, `{currency}`, `{value_cap}`, `{allowance}`, `{payment_terms}`."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Delivery",
        "body": "{supplier} delivers within ten days of each call-off.",
    }

    title: Heading
    body: Wording


class ClauseRow(msgspec.Struct, kw_only=True):
    """A clause in its newest edition."""

    id: UUID
    version: int
    edition: int
    title: str
    body: str
    retired: bool
    created_at: datetime
    created_by_name: str


class ClauseOut(ClauseRow, kw_only=True):
    """The same with the editions before it, the newest first."""

    editions: list[ClauseRow]
