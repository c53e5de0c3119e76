"""Files at the import desk, for stories that need some to be there."""

import tempfile
from pathlib import Path
from uuid import UUID

from portal.operations.desk import commands, runs, store
from portal.operations.desk.commands.choosing import Wish
from portal.operations.desk.reception import Brought, look_at
from portal.platform.actor import Actor
from portal.platform.ids import new_id


async def brought_files(actor: Actor, name: str) -> dict[str, UUID]:
    """An import of suppliers that nobody started yet, and its mapping, kept under a name: ids as paths name them."""
    made, file = await _brought(actor, name, f"Number;Name;Country\n1;{name};DE\n2;{name} Sons;XX\n")
    kept = await commands.save_mapping(actor, name, import_id=made)
    return {"file_import_id": made, "import_file_id": file, "import_mapping_id": kept.id}


async def ended_import(actor: Actor, name: str, rows: str, *, leave_out: bool = False) -> UUID:
    """An import of suppliers that came to its end, as it would in the worker."""
    made, _file = await _brought(actor, name, f"Number;Name;Country\n{rows}")
    await commands.start(actor, made, trial=False, leave_out=leave_out)
    await runs.run(Actor.system(actor.organisation_id), made)
    return made


async def _brought(actor: Actor, name: str, text: str) -> tuple[UUID, UUID]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        path.write_text(text)
        [seen] = await look_at([path])
        file = Brought(new_id(), path.name, path.stat().st_size, seen)
        await store.keep(actor.organisation_id, file.id, path)
    made = await commands.open_import(actor, [file], Wish("suppliers"))
    return made.id, file.id
