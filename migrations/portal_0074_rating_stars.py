"""Ratings are listed by their stars, too: an index for that."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T14:00:00"
VERSION = "1.50.0"
DESCRIPTION = "An index of ratings by their stars"

STARS = """
create index order_rating_stars on order_rating (buyer_id, stars desc, id desc);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, STARS)
