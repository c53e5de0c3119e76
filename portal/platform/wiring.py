"""What points upward: tables that capabilities fill through `portal.app.wire()`, the same for every entrance.

Lower layers read these tables and so reach higher ones without importing them. An unwired portal does not start.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.i18n import Message, _


class Job(NamedTuple):
    """Work for later: the name of a job, the organisation as whose system actor it runs, and ids."""

    name: str
    organisation_id: UUID
    arguments: Mapping[str, Any]


class Reaction(NamedTuple):
    """What follows an event: `now` inside the same change, `later` as jobs inserted in the same transaction."""

    now: Sequence[Callable[[Any, Any], Awaitable[None]]] = ()
    later: Sequence[Callable[[Any, Any], Iterable[Job]]] = ()


class Panel(NamedTuple):
    """A section that a later capability adds to an earlier one's page: its data, its template, its place.

    From 80 on it stands beside the others, where a page has a side.
    """

    load: Callable[[Any, Any], Awaitable[Any]]
    template: str
    place: int = 50
    permission: str = ""


class Queue(NamedTuple):
    """Work that waits for a role: a title, where all of it is, and a query giving its count and its first rows.

    The query caps its count at 1,000 and gives rows as `web.parts.Waiting`. A queue of two roles is one object. `what`,
    `who` and `when` head its columns: they say what kind of record, of whom, and what its date is. A `quiet` one is not
    named while nothing waits in it.
    """

    title: Message
    href: str
    load: Callable[[Any], Awaitable[Any]]
    permission: str
    empty: Message
    tone: str = "primary"
    place: int = 50
    what: Message = _("What")
    who: Message = _("Who")
    when: Message = _("When")
    quiet: bool = False


class Narrowing(NamedTuple):
    """A work queue as a filter of a list, `?open=NAME`: the list then shows exactly what the queue counts.

    `sql(actor, bind)` says of the list's rows which they are; `side` names their column of a queue of one side alone.
    """

    title: Message
    sql: Callable[[Actor, Callable[[Any], str]], str]
    permission: str
    side: str = ""


class Search(NamedTuple):
    """One kind of record in the search over all: a query of the words typed, giving its first `web.parts.Found`."""

    title: Message
    href: str
    load: Callable[[Any, str], Awaitable[Sequence[Any]]]
    permission: str
    place: int = 50


class Subject(NamedTuple):
    """A kind of record as the rest of the portal speaks of it; `{id}` in `href` is the record's. `names` are words for
    those that are called by a code."""

    title: Message
    href: str
    permission: str = ""
    names: Mapping[str, Message] = MappingProxyType({})


class MenuEntry(NamedTuple):
    """A page of the main menu, or one that begins something new on the home page; `side` (buyer or supplier) keeps it
    from organisations of the other kind."""

    title: Message
    href: str
    icon: str
    permission: str
    place: int = 50
    side: str = ""


class DocumentKind(NamedTuple):
    """A record that is also a PDF: how to get its frozen snapshot, and the template that sets it.

    `machine` gives the same as XML (CII) that the PDF carries inside, or None if it has none that keeps the rules; an
    `archival` one is PDF/A also without.
    """

    snapshot: Callable[[Any, UUID], Awaitable[Any]]
    template: str
    permission: str
    machine: Callable[[Any], Awaitable[bytes | None]] | None = None
    archival: bool = False


class SettingKind(NamedTuple):
    """A setting that two people make together: columns of a row, which are applied to it when they come into force.

    `named` is the column by which the row is addressed within its owner, `href` the page of its subject, for who holds
    `opens`.
    `told` puts a value in words, as (name, text) pairs; `steps` are the parts it may have. What must follow when other
    values were written into the row, `applied(change, row, before)` does. Who holds `reads` reads it, besides those
    who check. One that is `proved` is approved with a second factor alone, as it is proposed. What `follows` from a
    change that none would expect (before, after) is told to who decides on it.
    """

    title: Message
    row_type: Any
    named: str
    columns: Sequence[str]
    proposes: str
    href: str
    told: Callable[[Mapping[str, Any]], Sequence[tuple[Any, Any]]]
    reads: str = "settings:read"
    opens: str = "settings:read"
    steps: Sequence[str] = ()
    applied: Callable[[Any, Any, Mapping[str, Any]], None] | None = None
    proved: bool = False
    follows: Callable[[Mapping[str, Any], Mapping[str, Any]], Message | None] | None = None

    @property
    def owner(self) -> str:
        """The column of the company whose setting it is; of the company's own row, its id."""
        return self.row_type.owner or "id"


@dataclass
class Wiring:
    """All that is wired. `require` is the access wall: it raises `Denied`, or returns. `scope` is what a reading is
    narrowed to, as the database understands it.

    `meanwhile` tells whoever lost a race what happened to a record last, as timeline nodes. `files` gives the stored
    documents of records with their names, `completed` makes those that nobody opened and says which are missing.
    `evidence` reads the row of a record that files may be attached to, as its reader may: unseen is 404.
    `printed(template, pictures, **context)` sets a template as PDF, `worn(view, heading)` a page that wears a
    letterhead.
    """

    reactions: dict[type, list[Reaction]] = field(default_factory=dict)
    panels: dict[str, list[Panel]] = field(default_factory=dict)
    queues: dict[str, list[Queue]] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    menu: list[MenuEntry] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)
    starts: list[MenuEntry] = field(default_factory=list)
    narrowings: dict[str, dict[str, Narrowing]] = field(default_factory=dict)
    documents: dict[str, DocumentKind] = field(default_factory=dict)
    settings: dict[str, SettingKind] = field(default_factory=dict)
    periodic: list[tuple[str, str]] = field(default_factory=list)
    require: Callable[[Actor, str, Any], None] | None = None
    scope: Callable[[Actor], bytes] | None = None
    meanwhile: Callable[[Actor, UUID], Awaitable[Sequence[Any]]] | None = None
    evidence: dict[str, Callable[[Any, UUID], Awaitable[Any]]] = field(default_factory=dict)
    files: Callable[[Any, Sequence[UUID]], Awaitable[Sequence[tuple[str, bytes]]]] | None = None
    completed: Callable[[Any, Sequence[UUID], Callable[[float], None]], Awaitable[Sequence[Any]]] | None = None
    printed: Callable[..., Awaitable[bytes]] | None = None
    worn: Callable[[Any, Any], Awaitable[bytes]] | None = None
    complete: bool = False

    def react(self, table: Mapping[type, Reaction]) -> None:
        for event, reaction in table.items():
            self.reactions.setdefault(event, []).append(reaction)

    def show(self, kind: str, *panels: Panel) -> None:
        self.panels.setdefault(kind, []).extend(panels)
        self.panels[kind].sort(key=lambda panel: panel.place)

    def narrow(self, kind: str, narrowings: Mapping[str, Narrowing]) -> None:
        self.narrowings.setdefault(kind, {}).update(narrowings)

    def queue(self, role: str, *queues: Queue) -> None:
        self.queues.setdefault(role, []).extend(queues)
        self.queues[role].sort(key=lambda queue: queue.place)


WIRING = Wiring()
REACTIONS, PANELS, QUEUES = WIRING.reactions, WIRING.panels, WIRING.queues
SUBJECTS, MENU, SEARCHES = WIRING.subjects, WIRING.menu, WIRING.searches
STARTS, NARROWINGS, EVIDENCE = WIRING.starts, WIRING.narrowings, WIRING.evidence
DOCUMENTS, SETTINGS = WIRING.documents, WIRING.settings
