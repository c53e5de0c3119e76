"""Emergencies, campaigns and owners of roles, as their readers may see them."""

from portal.oversight.queries.emergencies import able, acts_of, emergencies, emergency, to_look_at
from portal.oversight.queries.holders import able_owners, administrators_of, members, owners, owners_of
from portal.oversight.queries.papers import report_file, report_pdf
from portal.oversight.queries.reviews import (
    days_of,
    in_words,
    reads_all,
    report,
    review,
    review_of,
    reviewed,
    reviews,
    to_decide,
)

__all__ = [
    "able",
    "able_owners",
    "acts_of",
    "administrators_of",
    "days_of",
    "emergencies",
    "emergency",
    "in_words",
    "members",
    "owners",
    "owners_of",
    "reads_all",
    "report",
    "report_file",
    "report_pdf",
    "review",
    "review_of",
    "reviewed",
    "reviews",
    "to_decide",
    "to_look_at",
]
