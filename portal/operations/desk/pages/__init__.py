"""The import desk in a browser. Every act is a plain form; scripts only show how far an upload or a run is."""

from litestar import Router

from portal.operations.desk.pages import files, lists, mapping, mappings, progress, show
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject

MENU = [MenuEntry(_("Imports"), "/imports", "database-import", "imports:read", 88, "buyer")]
SUBJECTS = {
    "file-import": Subject(_("Import"), "/imports/{id}", "imports:read"),
    "import-run": Subject(_("Import"), "/imports/{id}", "imports:read"),
    "import-mapping": Subject(_("Mapping"), "/imports/mappings", "imports:read"),
}
router = Router(
    "/",
    route_handlers=[
        *lists.HANDLERS,
        *files.HANDLERS,
        *show.HANDLERS,
        *mapping.HANDLERS,
        *mappings.HANDLERS,
        *progress.HANDLERS,
    ],
)
