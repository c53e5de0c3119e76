"""Listing what may be set from outside."""

from portal.cli.screen import Json, say_json, table
from portal.platform import settings as platform


def settings(json: Json = False) -> None:
    """List every setting with its meaning and present value; secrets stay hidden."""
    present = platform.settings()
    listed = [
        {
            "name": setting.name,
            "meaning": setting.meaning,
            "value": setting.show(present),
            "given": setting.field in present.given,
        }
        for setting in platform.DECLARED
    ]
    if json:
        say_json(listed)
    else:
        rows = ((entry["name"], entry["meaning"], entry["value"] or "—") for entry in listed)
        table("", ("Setting", "Meaning", "Present value"), rows)
