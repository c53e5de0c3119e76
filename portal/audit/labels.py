"""What the log calls a field.

A column that stands nowhere in `FIELDS` is told readably by its own name, so that a new one is never lost; what stands
in `TECHNICAL` means nothing to a person and is kept for the details.
"""

from typing import Final

from portal.audit.fields import FIELDS
from portal.platform.i18n import Message

TECHNICAL: Final = frozenset(
    {
        "id", "version", "search", "number_key", "gross_minor", "price_factor", "source", "position", "sequence",
        "sha256", "size", "template", "media_type", "message_id", "tax_method", "supplier", "buyer", "claim",
        "parties", "despatch_ceiling", "receive_ceiling", "invoice_ceiling",
    }
)  # fmt: skip
# Ids of other records say nothing; of these the record behind them is named.
NAMED_IDS: Final = frozenset({"person_id", "organisation_id"})


def label(column: str) -> Message | str:
    """What a field is called for people."""
    return FIELDS.get(column) or column.replace("_", " ").capitalize()


def is_technical(column: str) -> bool:
    return column in TECHNICAL or (column.endswith("_id") and column not in NAMED_IDS)
