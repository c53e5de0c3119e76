"""What the buyer's people think of orders that came to their end: some of them say so, by how the order went."""

from portal.demo.scene import Scene, form
from portal.ratings import commands as ratings
from portal.ratings.forms import RatingForm
from portal.ratings.rules import is_finished

# How an order went → stars on the whole, for what was agreed and for communication, and what is said of it.
OPINIONS = {
    "paid": (5, 5, 4, "Complete and on the day. The delivery note named every item."),
    "paid and closed": (4, 4, 4, ""),
    "two deliveries": (4, 4, 5, "In two parts, but both were announced in time."),
    "agreed otherwise": (3, 3, 5, "Less than we asked for; at least they said so at once."),
    "change agreed": (4, 4, 5, "They told us of the later day before we had to ask."),
    "late": (2, 4, 1, "A week late, and nobody answered the telephone."),
    "late and bad": (1, 1, 1, "Late, scratched, and then billed at another price."),
    "some rejected": (2, 2, 3, "A tenth of it had to go back."),
    "billed twice": (3, 5, 2, "Good parts; the invoice took two rounds."),
    "services paid": (5, 5, 5, "Clean work, machines running on the third evening."),
}
_PEOPLE = ("receiver", "requester", "colleague")


async def say(scene: Scene) -> None:
    """The receiver mostly, the requester often, a second buyer sometimes: not everybody rates every order."""
    if scene.plot.course not in OPINIONS or not is_finished(await scene.order()):
        return
    stars, agreed, communication, comment = OPINIONS[scene.plot.course]
    chance = int(scene.plot.begun * 10) % 6
    for place, name in enumerate(_PEOPLE[: (1, 2, 3, 0, 2, 1)[chance]]):
        scene.wait(0.1)
        milder = min(stars + (place == 1), 5)
        said = {"stars": milder, "as_agreed": agreed, "communication": communication}
        words = comment if place == 0 else None
        await ratings.rate(scene.buyer_side(name), scene.order_id, form(RatingForm, **said, comment=words))
