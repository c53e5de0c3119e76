"""What people keep themselves: their own data."""

from collections.abc import Mapping
from typing import Any

import msgspec

from portal.access import queries
from portal.access.events import ProfileChanged
from portal.access.forms import ProfileForm
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.work import changing


async def change_profile(actor: Actor, form: ProfileForm) -> Person:
    """Change one's own name, language, time zone and telephone number."""
    return await _change_person(actor, msgspec.structs.asdict(form) | {"phone": form.phone or ""})


async def change_language(actor: Actor, language: str) -> Person:
    """Read pages and mails in another language from now on."""
    return await _change_person(actor, {"language": language})


async def _change_person(actor: Actor, values: Mapping[str, Any]) -> Person:
    async with changing(actor, Person, actor.person) as (change, person):
        for name, value in values.items():
            setattr(person, name, value)
        change.write(person)
        change.record(ProfileChanged(person.id), person)
    if actor.session is not None:
        queries.forget_session(actor.session)
    return person
