"""What the company brought along in files: an older list of items, by a mapping that is kept."""

import tempfile
from pathlib import Path

from portal.demo.stage import Stage
from portal.operations.desk import commands, runs, store
from portal.operations.desk.commands.choosing import Wish
from portal.operations.desk.reception import Brought, look_at
from portal.platform.actor import Actor
from portal.platform.ids import new_id

NAME, MAPPING = "Tool crib items.csv", "Tool crib list"
# The last row names a unit that none is: it stayed behind, to be mended.
ROWS = """Number;Name;Unit;Category;Tax category;Tax rate
TC-0101;Carbide end mill 8 mm;C62;Tools;S;19
TC-0102;Carbide end mill 12 mm;C62;Tools;S;19
TC-0140;Cutting fluid, water-miscible;LTR;Tools;S;19
TC-0200;Torque wrench 20–100 Nm;C62;Tools;S;19
TC-0203;Hex key set;as usual;Tools;S;19
"""


async def bring_files(stage: Stage) -> None:
    """One import that is over, and the mapping that it went by."""
    administrator = stage.people["admin@demo.test"]
    stage.at(12)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_text(ROWS)
        [seen] = await look_at([path])
        file = Brought(new_id(), path.name, path.stat().st_size, seen)
        await store.keep(administrator.organisation_id, file.id, path)
    made = await commands.open_import(administrator, [file], Wish("items"))
    await commands.save_mapping(administrator, MAPPING, import_id=made.id)
    await commands.start(administrator, made.id, trial=False, leave_out=True)
    await runs.run(Actor.system(administrator.organisation_id), made.id)
