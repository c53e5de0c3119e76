"""Loading master data: suppliers, items and prices. What is there already under the same key is updated if it changed.

Whether it changed is asked of the digest that the last import left: what somebody corrected in the portal since then
stays until the source itself says something new. Only columns that the mapping fills are written again. What people
entered themselves stays altogether, and so do the own data of a supplier that looks after them itself by now; both are
said.
"""

from collections.abc import Iterable

from portal.operations.imports.checks import bad_rates, unlike_units
from portal.operations.imports.staging import Check, Load, ask, outcomes
from portal.operations.imports.targets import MASTERS, Column, Target
from portal.platform.i18n import _
from portal.platform.refusals import Conflict

KEYS = {"suppliers": "number", "items": "number", "prices": "item"}
ENTERED = _("People entered this in the portal itself, so it stays as it is there.")
THEIRS = _("This supplier keeps its own data by now, or works with others too. Not taken over: {other}.")


async def prepare(load: Load, kind: str) -> dict[str, dict[str, int]]:
    """Find what the staged rows refer to and what they are already; gives how many are new, changed and the same."""
    master = MASTERS[kind]
    for statement in master.resolve:
        await load.change.connection.execute(statement)
    await ask(load, master.checks)
    await ask(load, [_entered(load, kind)], warn=True)
    if kind == "suppliers":
        await _leave_theirs(load)
    if kind == "items":
        await bad_rates(load, "items")
    if kind == "prices":
        await unlike_units(load)
    return {kind: await outcomes(load, kind)}


async def write(load: Load, kind: str) -> None:
    """Insert the new and update the changed ones, a table at a time."""
    for target in MASTERS[kind].targets:
        await load.change.connection.execute(_insert(load, kind, target), load.marks[kind])
        done = await load.change.connection.execute(_update(load, kind, target), load.marks[kind])
        await _require_all(load, kind, target, done)


async def _leave_theirs(load: Load) -> None:
    """Say what of a supplier's own data is not the buyer's to change any more, and change what was agreed with it."""
    own, agreed = MASTERS["suppliers"].targets
    differing = {name: column.sql for name, column in _mapped(load, "suppliers", own).items()}
    named = ", ".join(f"case when {_differs(name, sql)} then '{name}' end" for name, sql in differing.items())
    sql = f"""select * from (select s.place, s.number as value, concat_ws(', ', {named}) as other
        from import_supplier s join organisation t on t.id = s.supplier_id
        where s.outcome = 'changed' and not portal.hosts(t.id)) found where other <> ''"""
    await ask(load, [Check("suppliers", "number", THEIRS, sql)], warn=True)
    terms = {name: column.sql for name, column in _mapped(load, "suppliers", agreed).items() if name != "supplier_name"}
    changes = " or ".join(_differs(name, sql) for name, sql in terms.items()) or "false"
    await load.change.connection.execute(
        f"""update import_supplier s set outcome = case when {changes} then 'terms' else 'theirs' end
        from trading_relationship t where t.id = s.id and s.outcome = 'changed' and not portal.hosts(s.supplier_id)"""
    )


def _entered(load: Load, kind: str) -> Check:
    staging, key = load.parts[kind].part.staging, KEYS[kind]
    return Check(kind, key, ENTERED, f"select place, {key} as value from {staging} where outcome = 'entered'")


def _differs(name: str, sql: str) -> str:
    return f"t.{name} is distinct from ({sql})"


def _mapped(load: Load, kind: str, target: Target) -> dict[str, Column]:
    """The columns that the mapping fills."""
    mapped = load.parts[kind].mapped
    return {name: column for name, column in target.columns.items() if mapped & {*column.fields}}


async def _require_all(load: Load, kind: str, target: Target, done: str) -> None:
    """Row-level security passes over rows in silence; nothing is told as updated that was not."""
    sql = f"select count(*) from {load.parts[kind].part.staging} where outcome = any ($1)"
    if int(done.split()[-1]) != await load.change.value(sql, [*target.updates]):
        raise Conflict(_("Somebody changed these records meanwhile. Import once more."))


SOURCE = "$1::jsonb || jsonb_build_object('row', s.place, 'digest', s.digest) || s.kept"


def _insert(load: Load, kind: str, target: Target) -> str:
    columns = {name: column.sql for name, column in target.columns.items()}
    filled = {"id": f"s.{target.id}", "created_at": "portal.now()", "source": SOURCE} | target.made | columns
    staging = load.parts[kind].part.staging
    return f"""insert into {target.table} ({", ".join(filled)})
        select {", ".join(filled.values())} from {staging} s where s.outcome = 'new'"""


def _update(load: Load, kind: str, target: Target) -> str:
    columns = {name: column.sql for name, column in _mapped(load, kind, target).items()}
    filled = {"version": "t.version + 1", "source": SOURCE} | columns
    staging = load.parts[kind].part.staging
    return f"""update {target.table} t set {", ".join(f"{name} = {sql}" for name, sql in filled.items())}
        from {staging} s where s.outcome in ({_listed(target.updates)}) and t.id = s.{target.id}"""


def _listed(outcomes: Iterable[str]) -> str:
    return ", ".join(f"'{outcome}'" for outcome in outcomes)
