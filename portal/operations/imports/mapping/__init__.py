"""The mapping: how one company's files become the portal's records. It is a file, so no company ever needs code."""

from portal.operations.imports.mapping.reading import decode, load
from portal.operations.imports.mapping.shape import (
    EVERYTHING,
    Field,
    File,
    Format,
    Join,
    Made,
    Mapping,
    OrderTable,
    Rows,
    Rule,
    Skip,
    Table,
    Told,
    Unusable,
)
from portal.operations.imports.mapping.writing import encode

__all__ = [
    "EVERYTHING",
    "Field",
    "File",
    "Format",
    "Join",
    "Made",
    "Mapping",
    "OrderTable",
    "Rows",
    "Rule",
    "Skip",
    "Table",
    "Told",
    "Unusable",
    "decode",
    "encode",
    "load",
]
