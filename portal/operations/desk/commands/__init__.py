"""The acts at the import desk: each is one transaction, and says no with a sentence."""

from portal.operations.desk.commands.mappings import delete_mapping, rename_mapping, save_mapping
from portal.operations.desk.commands.prepare import (
    add_files,
    begin_correction,
    discard,
    open_import,
    remove_file,
    set_mapping,
)
from portal.operations.desk.commands.room import forget_old_files, forget_strays
from portal.operations.desk.commands.start import cancel, start

__all__ = [
    "add_files",
    "begin_correction",
    "cancel",
    "delete_mapping",
    "discard",
    "forget_old_files",
    "forget_strays",
    "open_import",
    "remove_file",
    "rename_mapping",
    "save_mapping",
    "set_mapping",
    "start",
]
