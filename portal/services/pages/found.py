"""What the search over all comes upon among the service entries: by number, or words of their orders."""

from portal.platform.work import View
from portal.services.queries import EntryFilter, entry_list, reads_as_buyer
from portal.web.parts import Found

FIRST = 8


async def found(view: View, words: str) -> list[Found]:
    listed = await entry_list(view, EntryFilter(query=words), limit=FIRST, counted=False)
    buys = reads_as_buyer(view.actor)
    return [
        Found(
            title=entry.number,
            href=f"/service-entries/{entry.id}",
            detail=" · ".join(((entry.supplier if buys else entry.buyer).name, entry.order_number)),
            state=entry.state,
            exact=entry.number.casefold() == words.strip().casefold(),
        )
        for entry in listed.rows
    ]
