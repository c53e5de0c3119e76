"""A mapping as a form: what a person may say of each field on a page, and back.

A form says less than a mapping can: what it has no box for (joins, derived columns, skipped rows) stays as the mapping
has it. Names are dotted paths: `orders.state.from`, `orders.state.map.0.theirs`, `format.decimal`.
"""

from portal.operations.desk.mapping_form.parts import with_parts
from portal.operations.desk.mapping_form.reading import as_typed, mapping_of
from portal.operations.desk.mapping_form.sheets import FieldRow, PartSheet, one_row, sheets
from portal.operations.desk.mapping_form.writing import form_of

__all__ = ["FieldRow", "PartSheet", "as_typed", "form_of", "mapping_of", "one_row", "sheets", "with_parts"]
