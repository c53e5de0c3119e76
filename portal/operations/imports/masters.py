"""Loading master data: suppliers, items and prices. What is there already under the same key is updated if it changed.

Whether it changed is asked of the digest that the last import left: what somebody corrected in the portal since then
stays until the source itself says something new. Only columns that the mapping fills are written again.
"""

from portal.operations.imports.checks import bad_rates, unlike_units
from portal.operations.imports.staging import Load, ask, outcomes
from portal.operations.imports.targets import MASTERS, Target


async def prepare(load: Load, kind: str) -> dict[str, dict[str, int]]:
    """Find what the staged rows refer to and what they are already; gives how many are new, changed and the same."""
    master = MASTERS[kind]
    for statement in master.resolve:
        await load.change.connection.execute(statement)
    await ask(load, master.checks)
    if kind == "items":
        await bad_rates(load, "items")
    if kind == "prices":
        await unlike_units(load)
    return {kind: await outcomes(load, kind)}


async def write(load: Load, kind: str) -> None:
    """Insert the new and update the changed ones, a table at a time."""
    for target in MASTERS[kind].targets:
        for statement in (_insert(load, kind, target), _update(load, kind, target)):
            await load.change.connection.execute(statement, load.marks[kind])


SOURCE = "$1::jsonb || jsonb_build_object('row', s.place, 'digest', s.digest) || s.kept"


def _insert(load: Load, kind: str, target: Target) -> str:
    columns = {name: column.sql for name, column in target.columns.items()}
    filled = {"id": f"s.{target.id}", "created_at": "portal.now()", "source": SOURCE} | target.made | columns
    staging = load.parts[kind].part.staging
    return f"""insert into {target.table} ({", ".join(filled)})
        select {", ".join(filled.values())} from {staging} s where s.outcome = 'new'"""


def _update(load: Load, kind: str, target: Target) -> str:
    mapped = load.parts[kind].mapped
    columns = {name: column.sql for name, column in target.columns.items() if mapped & {*column.fields}}
    filled = {"version": "t.version + 1", "source": SOURCE} | columns
    staging = load.parts[kind].part.staging
    return f"""update {target.table} t set {", ".join(f"{name} = {sql}" for name, sql in filled.items())}
        from {staging} s where s.outcome = 'changed' and t.id = s.{target.id}"""
