"""Filling in: `{supplier}` in a clause is the contract's supplier. There is no logic, and what is filled in is text."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.platform.i18n import Message, _

FACTS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "number": _("Number of the contract"),
        "title": _("Title"),
        "buyer": _("Customer"),
        "supplier": _("Supplier"),
        "valid_from": _("Valid from"),
        "valid_to": _("Valid to"),
        "notice_days": _("Days in which its end is announced"),
        "currency": _("Currency"),
        "value_cap": _("Value at most"),
        "allowance": _("May go over by, in percent"),
        "payment_terms": _("Payment terms"),
    }
)
_NAMED: Final = re.compile(r"\{([a-z_]{1,40})\}")


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts, in one pass: braces in a fact are no names of others."""
    return _NAMED.sub(lambda found: facts.get(found[1], found[0]), text)


def against(text: str) -> Message | None:
    """Why the text cannot be filled in: it names what no contract says."""
    unknown = sorted({name for name in _NAMED.findall(text) if name not in FACTS})
    if not unknown:
        return None
    return _("A contract has no {names}. It has: {facts}.", names=_braced(unknown), facts=_braced(list(FACTS)))


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
