"""Organisations and the people who act for them."""

from decimal import Decimal
from typing import Any

from piccolo.columns import JSONB, UUID, Array, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class Organisation(Row, tablename="organisation"):
    """A legal entity: buyer, supplier or both. `host_id` is the buyer that registered it.

    What is written of it is in the log of whoever wrote it: its own, or the buyer's who still keeps its data.
    """

    subject_kind = "organisation"
    owner = ""
    id = UUID(primary_key=True, default=None)
    host_id = UUID(null=True, default=None)
    name = Text()
    kind = Text()
    country = Text()
    address = JSONB()
    registration_number = Text()
    vat_number = Text()
    gln = Text()
    email = Text()
    phone = Text()
    currency = Text()
    language = Text(default="en")
    time_zone = Text(default="UTC")
    tolerances = JSONB()
    match_basis = Text(default="four_way")
    score_early_days = Integer(null=True, default=None)
    score_in_full_tolerance = Numeric(default=Decimal(0))
    score_weights: Any = JSONB(null=True, default=None)
    score_consequences: Any = JSONB(null=True, default=None)
    score_standings: Any = JSONB(null=True, default=None)
    score_least_count = Integer(default=5)
    score_least_coverage = Numeric(default=Decimal(60))
    score_freeze_days = Integer(null=True, default=10)
    scores_frozen_until = Date(null=True, default=None)
    second_factor = Text(default="own")
    second_factor_roles = Array(base_column=Text())
    session_idle_minutes = Integer(null=True, default=None)
    session_hours = Integer(null=True, default=None)
    dormant_days = Integer(null=True, default=90)
    rate_days = Integer(default=7)
    bank_cool_off_days = Integer(default=5)
    ratings_shown = Boolean(default=False)
    access_review_days = Integer(null=True, default=21)
    source = JSONB(null=True, default=None)
    version = Integer(default=1)
    created_at = Timestamptz()


class Site(Row, tablename="site"):
    """A place of an organisation where goods arrive; dates belong to its time zone."""

    subject_kind = "site"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    name = Text()
    address = JSONB()
    time_zone = Text(default="UTC")
    is_default = Boolean(default=False)
    version = Integer(default=1)
    created_at = Timestamptz()


class Person(Row, tablename="person"):
    """A human being; acts for organisations through memberships."""

    subject_kind = "person"
    personal_to = ("id",)
    owner = ""
    personal = frozenset({"full_name", "email", "phone"})
    id = UUID(primary_key=True, default=None)
    full_name = Text()
    email = Text()
    phone = Text()
    language = Text(default="en")
    time_zone = Text(default="UTC")
    disabled_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    created_at = Timestamptz()


class Membership(Row, tablename="membership"):
    """A person's roles in one organisation, with their scope and approval limit; some end by themselves."""

    subject_kind = "membership"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    person_id = UUID()
    roles = Array(base_column=Text())
    scope = JSONB()
    limit_currency = Text(null=True, default=None)
    limit_gross = Numeric(null=True, default=None)
    limit_cumulative = Numeric(null=True, default=None)
    active = Boolean(default=True)
    ends_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    created_at = Timestamptz()


class SeeAs(Row, tablename="see_as"):
    """That somebody looks at the portal as a colleague does; `person_id` is the one who is seen."""

    subject_kind = "see-as"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    person_id = UUID()
    created_by = UUID()
    reason = Text()
    begun_at = Timestamptz()
    until = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class Invitation(Row, tablename="invitation"):
    """Somebody who is asked by mail to act for the organisation, with the rights that they will have."""

    subject_kind = "invitation"
    personal = frozenset({"email", "full_name"})
    personal_to = ("id",)
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    email = Text()
    full_name = Text()
    roles = Array(base_column=Text())
    scope = JSONB()
    limit_currency = Text(null=True, default=None)
    limit_gross = Numeric(null=True, default=None)
    limit_cumulative = Numeric(null=True, default=None)
    language = Text(default="en")
    time_zone = Text(default="UTC")
    state = Text(default="open")
    invited_by = UUID(null=True, default=None)
    accepted_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    expires_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    ends_at = Timestamptz(null=True, default=None)
    refused_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class LegalText(Row, tablename="legal_text"):
    """One edition of an organisation's terms of use or privacy notice, in each language it is published in."""

    subject_kind = "legal-text"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    organisation_name = Text()
    kind = Text()
    edition = Integer()
    texts: Any = JSONB()
    published_by = UUID(null=True, default=None)
    published_at = Timestamptz()
    version = Integer(default=1)


class LegalAcceptance(Row, tablename="legal_acceptance"):
    """That a person accepted an edition, and when; `shown_to` is whose text it is."""

    subject_kind = "legal-acceptance"
    personal = frozenset({"address"})
    id = UUID(primary_key=True, default=None)
    text_id = UUID()
    kind = Text()
    edition = Integer()
    organisation_id = UUID()
    shown_to = UUID()
    person_id = UUID()
    language = Text()
    address = Text()
    accepted_at = Timestamptz()
    version = Integer(default=1)


class IdentityProvider(Row, tablename="identity_provider"):
    """Where an organisation's people sign in by themselves; its secret is kept apart, sealed."""

    subject_kind = "identity-provider"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    issuer = Text()
    client_id = Text()
    domain = Text()
    active = Boolean(default=True)
    version = Integer(default=1)
    created_at = Timestamptz()
