"""Engagements, workpapers that only grow, and evidence that is put together."""

from typing import Any

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class Engagement(Row, tablename="engagement"):
    """An auditor's access to one organisation from `opened_at` until `until`; it ends by itself.

    Either `auditor_id` is a member already, or `invitation_id` asks somebody from outside. `owned_by` is who owns the
    audit: they alone see what the auditor reads, until it is over.
    """

    subject_kind = "engagement"
    personal = frozenset({"email"})
    personal_to = ("auditor_id", "invitation_id")
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    number = Text()
    title = Text()
    purpose = Text()
    email = Text()
    auditor_id = UUID(null=True, default=None)
    invitation_id = UUID(null=True, default=None)
    owned_by = UUID()
    state = Text(default="open")
    opened_by = UUID()
    opened_at = Timestamptz()
    until = Timestamptz()
    closed_by = UUID(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    close_reason = Text()
    version = Integer(default=1)


class Workpaper(Row, tablename="workpaper"):
    """A sample, a finding or a note of an engagement, as it was written; `digest` is over all that it says."""

    subject_kind = "workpaper"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    engagement_id = UUID()
    number = Text()
    kind = Text()
    title = Text()
    body = Text()
    reference = Text()
    severity = Text()
    content: Any = JSONB(default={})
    digest = Text()
    created_by = UUID()
    created_at = Timestamptz()


class WorkpaperItem(Row, tablename="workpaper_item"):
    """One record that a sample drew; `certain` says that it was too big to be left to chance."""

    subject_kind = "workpaper-item"
    id = UUID(primary_key=True, default=None)
    workpaper_id = UUID()
    organisation_id = UUID()
    position = Integer()
    record_id = UUID()
    kind = Text()
    number = Text()
    party = Text()
    dated = Date()
    amount = Numeric(null=True, default=None)
    currency = Text()
    hits = Integer(default=1)
    certain = Boolean(default=False)


class WorkpaperResult(Row, tablename="workpaper_result"):
    """What was found of one item: the newest one counts, the earlier ones stay. `audited` is the right amount."""

    subject_kind = "workpaper-result"
    id = UUID(primary_key=True, default=None)
    workpaper_id = UUID()
    item_id = UUID()
    organisation_id = UUID()
    outcome = Text()
    audited = Numeric(null=True, default=None)
    note = Text()
    created_by = UUID()
    created_at = Timestamptz()


class WorkpaperSignature(Row, tablename="workpaper_signature"):
    """Somebody else stands for a workpaper, with all its results: `digest` is over both."""

    subject_kind = "workpaper-signature"
    id = UUID(primary_key=True, default=None)
    workpaper_id = UUID()
    organisation_id = UUID()
    digest = Text()
    note = Text()
    signed_by = UUID()
    signed_at = Timestamptz()


class EvidenceBundle(Row, tablename="evidence_bundle"):
    """Evidence as one file, made by the worker; `query` is what was asked for."""

    subject_kind = "evidence-bundle"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    engagement_id = UUID(null=True, default=None)
    number = Text()
    query: Any = JSONB(default={})
    state = Text(default="asked")
    entries = Integer(default=0)
    sha256 = Text(null=True, default=None)
    size = BigInt(null=True, default=None)
    problem = Text()
    asked_by = UUID()
    asked_at = Timestamptz()
    ready_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
