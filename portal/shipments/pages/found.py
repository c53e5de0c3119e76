"""What the search over all comes upon among the despatch advices: by number, tracking, or words of their orders."""

from portal.platform.work import View
from portal.shipments.queries import AdviceFilter, advice_list, reads_as_buyer
from portal.web.parts import Found

FIRST = 8


async def found(view: View, words: str) -> list[Found]:
    listed = await advice_list(view, AdviceFilter(query=words), limit=FIRST, counted=False)
    advices = [row.advice for row in listed.rows]
    buys = reads_as_buyer(view.actor)
    return [
        Found(
            title=advice.number,
            href=f"/despatch-advices/{advice.id}",
            detail=(advice.supplier if buys else advice.buyer).name,
            state=advice.state,
            exact=advice.number.casefold() == words.strip().casefold(),
        )
        for advice in advices
    ]
