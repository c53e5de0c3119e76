"""Reading the policy: the matrix of roles and permissions, what changed when, and why somebody may do something."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.areas import by_area
from portal.access.duties import counterparts
from portal.access.explain import Explanation, explain
from portal.access.loads import Told, doubts, is_genuine, told
from portal.access.policy import POLICY
from portal.access.queries import colleagues, roles_of
from portal.access.words import PERMISSIONS, named
from portal.operations.policy.forms import LoadGoneOut, LoadOut, Permitted
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid, NotFound
from portal.platform.wiring import SUBJECTS
from portal.platform.work import Row, View

MOST_LOADS = 100


class Answer(NamedTuple):
    """An explanation, the records that it is about, and duties on the same transaction that exclude each other."""

    person: Actor
    explanation: Explanation
    records: tuple[str, ...]
    duties: tuple[Message, ...]

    @property
    def allowed(self) -> bool:
        return self.explanation.allowed and not self.duties


def matrix(kind: str) -> tuple[list[str], list[Permitted]]:
    """The roles of such an organisation, and each permission with who holds it."""
    roles = roles_of(kind)
    rows = [Permitted(each, named(each), {role: _held(role, kind, each) for role in roles}) for each in PERMISSIONS]
    return roles, [row for row in rows if any(held is not None for held in row.by_role.values())]


def narrowed(rows: Sequence[Permitted], words: str, role: str) -> list[Permitted]:
    """Rows whose act or code holds the words, and that the role gives; a role that there is none of narrows nothing."""
    wanted = words.strip().casefold()
    found = [row for row in rows if wanted in f"{row.title} {row.permission}".casefold()]
    return [row for row in found if not role or role not in row.by_role or row.by_role[role] is not None]


def by_areas(rows: Sequence[Permitted]) -> list[tuple[Message, list[Permitted]]]:
    """The same rows under the areas of the business that they belong to."""
    known = {row.permission: row for row in rows}
    return [(area, [known[each] for each in permissions]) for area, permissions in by_area(known)]


def _held(role: str, kind: str, permission: str) -> frozenset[str] | None:
    held = POLICY.decide(frozenset({role, "anyone"}), kind, permission)
    return (frozenset() if "" in held else held) if held else None


async def loads(view: View) -> list[LoadOut]:
    """Policies that came to hold, the newest first."""
    rows = await view.fetch("select * from policy_load order by at desc limit $1", MOST_LOADS)
    said = told(await view.fetch("select * from portal.loads_told()"))
    doubtful = {each.load_id: each.kind for each in doubts(rows, said)}
    return [_load(row, said.get(row["id"]), doubtful.get(row["id"], "")) for row in rows]


def _load(row: Any, said: Told | None, doubt: str) -> LoadOut:
    plain = {name: row[name] for name in ("at", "digest", "release", "added", "removed")}
    return LoadOut(**plain, genuine=is_genuine(row), position=said and said.position, doubt=doubt)


async def loads_gone(view: View) -> list[LoadGoneOut]:
    """Loads that the log tells of and that are not there any more, the newest first."""
    said = told(await view.fetch("select * from portal.loads_told()"))
    there = {row["id"] for row in await view.fetch("select id from policy_load where id = any($1)", list(said))}
    gone = sorted((each for key, each in said.items() if key not in there), key=lambda each: each.at, reverse=True)
    return [LoadGoneOut(each.load_id, each.at, each.entry_id) for each in gone]


async def why(view: View, person_id: UUID, permission: str, record: str = "") -> Answer:
    """Why a colleague may use the permission, or not, on the record of this number or id, where one is named.

    Raises `NotFound` for a stranger, `Invalid` for a permission or a record that is not there.
    """
    if permission not in PERMISSIONS:
        raise Invalid.field("permission", _("There is no such permission."))
    people = await colleagues(view, person_id)
    if not people:
        raise NotFound()
    rows = await _records(view, record.strip()) if record.strip() else []
    duties = [_(meaning) for row in rows for meaning in await _excluded(view, people[0], permission, row)]
    about = tuple(f"{SUBJECTS[type(row).subject_kind].title} {row.__dict__.get('number', '')}".strip() for row in rows)
    return Answer(people[0], explain(people[0], permission, rows), about, tuple(dict.fromkeys(duties)))


async def _records(view: View, wanted: str) -> list[Row]:
    """The record, and the orders that it belongs to, as the organisation may see them."""
    found = [row for kind in _kinds() for row in await _found(view, kind, wanted)]
    if not found:
        raise Invalid.field("record", _("There is no record of this number or id that your company may see."))
    roots = await view.fetch(_ROOTS, [row.id for row in found])
    orders = await view.fetch(_ORDERS, [row["root_id"] for row in roots], [row.id for row in found])
    return [*found, *(PurchaseOrder.of(order) for order in orders)]


_ROOTS = "select distinct root_id from audit_entry where subject_id = any($1) and root_id is not null"
_ORDERS = "select * from purchase_order where id = any($1) and not id = any($2)"


def _kinds() -> Sequence[type[Row]]:
    return [each for each in Row.__subclasses__() if each.subject_kind in SUBJECTS]


async def _found(view: View, kind: type[Row], wanted: str) -> list[Row]:
    numbered = " or number = $1" if "number" in kind.column_names() else ""
    sql = f"select * from {kind.table_name()} where id::text = $1{numbered} limit 2"
    return [kind.of(record) for record in await view.fetch(sql, wanted)]


async def _excluded(view: View, person: Actor, permission: str, row: Row) -> list[Any]:
    """What the person did on the same transaction, for each thing that excludes the permission."""
    excluding = counterparts().get(permission, {})
    if not excluding or not isinstance(row, PurchaseOrder):
        return []
    sql = "select permission from duty_taken where organisation_id = $1 and root_id = $2 and person_id = $3"
    taken = await view.fetch(sql, person.organisation_id, row.id, person.person_id)
    return [excluding[each["permission"]] for each in taken if each["permission"] in excluding]
