"""Sign-ins that came to nothing, for the log of whoever's account it was."""

from typing import Any

from portal.access.events import SignInRefused, SignInsRefused
from portal.platform.actor import Actor
from portal.platform.work.apart import Sparing
from portal.platform.work.rows import Asked

REFUSED = Sparing(SignInsRefused)


def note_refusal(candidate: Any, address: str, reason: str) -> None:
    """Kept after the answer, which takes no longer for accounts that somebody has."""
    if candidate is not None:
        person, organisation = candidate["person_id"], candidate["organisation_id"]
        actor = Actor(organisation_id=organisation, organisation_kind="both", person_id=person)
        REFUSED.keep_soon(actor, SignInRefused(person, address, reason), Asked(person, ""))
