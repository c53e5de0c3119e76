"""What pages hand to components: columns, timeline nodes, steps, buttons. Plain data, made by pages or in templates.

All are also globals in templates under their lower-case names: `column(…)`, `node(…)`, `step(…)`, `action(…)`, …
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup

from portal.platform.decimals import half_up
from portal.platform.i18n import Message

Text = Message | str


class Column(msgspec.Struct, frozen=True):
    """A list's column; `sort` is the key used in the address, None if the list is not sorted by it."""

    key: str
    title: Text
    align: str = "start"
    sort: str | None = None
    hide_label: bool = False


class Node(msgspec.Struct, frozen=True):
    """One event of a record: `state` is done, current, upcoming or failed; `detail` is what to know about it.

    `event` is the code of what happened, where the log told it.
    """

    title: Text
    at: datetime | None = None
    who: str = ""
    state: str = "done"
    detail: Text = ""
    href: str = ""
    icon: str = ""
    event: str = ""


class Step(msgspec.Struct, frozen=True):
    """One station on the way: `state` is done, partial, current, upcoming or failed; `note` says how far."""

    title: Text
    state: str = "upcoming"
    note: Text = ""


class Choice(NamedTuple):
    """A field beside the reason of an act: one of `options` (value, label), the first unless another is chosen."""

    name: str
    label: Text
    options: tuple[tuple[str, Text], ...]


class Action(msgspec.Struct, frozen=True):
    """A button for one allowed verb. A `href` without `post` is a link.

    `confirm` is the question asked before; `reason` its field's label if a reason must be given. `fields` travel along
    hidden, such as the record's version.
    """

    label: Text
    href: str
    tone: str = "default"
    icon: str = ""
    post: bool = True
    confirm: Text = ""
    reason: Text = ""
    fields: dict[str, Any] = {}
    choice: Choice | None = None


class TaxRow(msgspec.Struct, frozen=True):
    """One tax rate's share of a document: category (S, Z, E, AE, …), rate in percent, basis and tax."""

    category: str
    rate: Decimal
    basis: Decimal
    tax: Decimal


class Tile(msgspec.Struct, frozen=True):
    """A figure on a home page that leads to its list."""

    title: Text
    value: Any
    href: str = ""
    hint: Text = ""
    tone: str = "neutral"
    icon: str = ""


class LineColumn(msgspec.Struct, frozen=True):
    """A column of a grid of lines. `kind` is text, number, date, select, hidden or shown (read only).

    `width` is narrow, normal or wide; `options` are (value, label) pairs; `value` is a new line's default; `more` are
    further attributes of its fields; `align` is end for figures that are shown.
    """

    name: str
    label: Text
    kind: str = "text"
    width: str = "normal"
    options: Iterable[tuple[str, Text]] = ()
    value: str = ""
    required: bool = False
    list: str = ""
    more: dict[str, str] = {}
    align: str = "start"


class Waiting(msgspec.Struct, frozen=True):
    """One record in a work queue: what it is, whose, until when, and the one act that is possible right there."""

    title: Text
    href: str
    party: str = ""
    due: date | datetime | None = None
    overdue: bool = False
    amount: Decimal | None = None
    currency: str = ""
    state: str = ""
    note: Text = ""
    act: Action | None = None


class Found(msgspec.Struct, frozen=True):
    """One record that a search came upon; `exact` says that its number is just what was looked for."""

    title: Text
    href: str
    detail: Text = ""
    state: str = ""
    exact: bool = False


class Stored(msgspec.Struct, frozen=True):
    """A stored document: `state` is absent, preparing, ready or failed; `progress` is 0 to 100 or None if not known.

    `poll` answers the status fragment, `href` the file itself, `retry` takes a POST. One that has `arrived` was waited
    for, and opens by itself.
    """

    title: Text
    state: str
    href: str = ""
    poll: str = ""
    retry: str = ""
    progress: int | None = None
    detail: Text = ""
    created_at: datetime | None = None
    size: int | None = None
    digest: str = ""
    arrived: bool = False


class Criterion(msgspec.Struct, frozen=True):
    """One measure of a score: `score` 0 to 100 or None for no data; `value` as people read it; `href` its lines."""

    name: Text
    score: Decimal | float | None
    value: Text | None = None
    weight: Decimal | float | None = None
    href: str = ""
    detail: Text = ""


PARTS = {
    "column": Column,
    "node": Node,
    "step": Step,
    "action": Action,
    "tax_row": TaxRow,
    "tile": Tile,
    "line_column": LineColumn,
    "stored": Stored,
    "criterion": Criterion,
}


def cells(columns: Iterable[Column]) -> dict[str, Markup]:
    """The attributes of a list's cells by column key: the label a phone shows, and the alignment."""
    made = Markup(' data-label="{}"{}')
    return {c.key: made.format(str(c.title), Markup(' class="end"') if c.align == "end" else "") for c in columns}


def score_tone(score: Decimal | float | None) -> str:
    """The tone of a score from 0 to 100 when the buyer has set no standings, by what people see of it: one decimal."""
    if score is None:
        return "neutral"
    shown = half_up(Decimal(str(score)), 1)
    return "success" if shown >= 80 else "warning" if shown >= 60 else "danger"
