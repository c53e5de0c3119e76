"""Entering rates of exchange."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from portal.access.queries import own_currency
from portal.organisations.events import ExchangeRatesEntered, RateAgeSet
from portal.organisations.forms import RateAgeForm, RateForm
from portal.organisations.tables import ExchangeRate, Organisation
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing
from portal.platform.work.rows import values_of

_ONE_A_DAY = "exchange_rate_organisation_id_currency_into_currency_valid__key"


async def enter_rates(actor: Actor, forms: Sequence[RateForm]) -> list[ExchangeRate]:
    """Keep rates of foreign currencies in one's own. A day's rate is corrected by entering it again: documents that
    were sent keep what they have."""
    try:
        async with changing(actor) as change:
            change.require("exchange-rates:enter")
            return await _entered(change, forms)
    except asyncpg.UniqueViolationError as error:
        if getattr(error, "constraint_name", "") != _ONE_A_DAY:
            raise
        told = _("Somebody entered a rate of that day just now. Look at it, then enter yours if it differs.")
        raise Conflict(told) from error


async def _entered(change: Change, forms: Sequence[RateForm]) -> list[ExchangeRate]:
    own = await own_currency(change)
    _require_foreign(forms, own, local_date(change.now, change.actor.time_zone))
    condition = "organisation_id = $1 and into_currency = $2 and valid_on = any($3) order by id"
    days = sorted({form.valid_on for form in forms})
    present = await change.rows(ExchangeRate, condition, change.actor.organisation_id, own, days)
    known = {(row.currency, row.valid_on): row for row in present}
    rows = [_rate(change, form, own, known.get((form.currency, form.valid_on))) for form in forms]
    change.write_all([row for row in rows if row in present])
    change.add_all(ExchangeRate, [values_of(row) for row in rows if row not in present])
    change.record(ExchangeRatesEntered(len(rows)), rows[0])
    return rows


def _require_foreign(forms: Sequence[RateForm], own: str, today: date) -> None:
    errors = []
    for place, form in enumerate(forms):
        at = f"rates.{place}." if len(forms) > 1 else ""
        if form.currency == own:
            errors.append(FieldError(f"{at}currency", _("{currency} is your own currency.", currency=own)))
        if form.valid_on > today:
            errors.append(FieldError(f"{at}valid_on", _("A rate is entered once it is known: this day has not come.")))
    named = [(form.currency, form.valid_on) for form in forms]
    if len(set(named)) < len(named):
        errors.append(FieldError("rates", _("A currency has two rates for one day.")))
    if errors:
        raise Invalid(errors=errors)


def _rate(change: Change, form: RateForm, own: str, row: ExchangeRate | None) -> ExchangeRate:
    if row is not None:
        row.rate, row.source = form.rate, form.source
        return row
    return ExchangeRate.of(
        {
            "id": new_id(),
            "organisation_id": change.actor.organisation_id,
            "currency": form.currency,
            "into_currency": own,
            "valid_on": form.valid_on,
            "rate": form.rate,
            "source": form.source,
            "created_by": change.actor.person_id,
            "created_at": change.now,
            "version": 1,
        }
    )


async def set_rate_age(actor: Actor, form: RateAgeForm) -> Organisation:
    """Say from how many days on a rate is warned of before a document keeps it."""
    async with changing(actor, Organisation, actor.organisation_id) as (change, organisation):
        change.require("exchange-rates:enter")
        organisation.rate_days = form.rate_days
        change.write(organisation)
        change.record(RateAgeSet(form.rate_days), organisation)
    return organisation
