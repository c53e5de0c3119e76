"""One kind more, or one less, that comes out of the files of an import of everything in them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from portal.operations.desk.drafts import MAIN, proposed, restored, stored, with_tables
from portal.operations.desk.mapping_form.reading import as_typed
from portal.operations.desk.samples import Sample
from portal.operations.imports.mapping import EVERYTHING, Unusable
from portal.operations.imports.mapping import Mapping as Whole


def with_parts(values: Mapping[str, str], before: Whole, sources: Sequence[Sample], add: str, drop: str) -> Whole:
    """The mapping with one kind more, as it is proposed for these files, and without another; the last one stays."""
    there = [kind for kind in MAIN if getattr(before, kind) is not None]
    gone: dict[str, Any] = {drop: None} if drop in there and len(there) > 1 else {}
    mapping = msgspec.structs.replace(before, **gone)
    if there:
        with suppress(Unusable):  # what was typed cannot be kept yet: it is asked for anew
            mapping = restored(stored(as_typed(values, mapping, EVERYTHING, sources)))
    if add not in MAIN or add in there:
        return mapping
    draft = proposed(sources, add).mapping
    return with_tables(mapping, add, draft.parts(add))
