"""Rates of exchange: those entered, one more, and a day's list pasted as CSV."""

import csv
import io
from typing import Any

import msgspec
from litestar import Request, Response, get, post

from portal.access.guards import Acting, allowed, may
from portal.organisations import commands, queries
from portal.organisations.forms import RateAgeForm, RateForm, RatesForm
from portal.platform.actor import Actor
from portal.platform.fields import CurrencyCode, Line
from portal.platform.i18n import _
from portal.platform.money import CURRENCIES, FUNDS
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, read_form
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
AT = "/exchange-rates"
COLUMNS = ("currency", "valid_on", "rate", "source")
MOST_LINES = 500


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address."""

    currency: CurrencyCode | None = None
    cursor: Line | None = None


@get(AT, guards=[may("exchange-rates:read")], include_in_schema=False)
async def show(request: AnyRequest, actor: Acting) -> Response[Any]:
    return await _page(request, actor, Form())


@post(AT, guards=[may("exchange-rates:enter")], include_in_schema=False)
async def enter(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        await commands.enter_rates(actor, [typed.convert(RateForm, only=COLUMNS)])
    except Invalid as refusal:
        return await _page(request, actor, typed.again(refusal), status=422)
    return go(AT, _("Documents that are sent from now on keep this rate."))


@post(AT + "/paste", guards=[may("exchange-rates:enter")], include_in_schema=False)
async def paste(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Lines of currency, day, rate and source; all of them or none."""
    typed = await read_form(request)
    try:
        form = Typed(_pasted(typed.values.get("pasted", ""))).convert(RatesForm)
        rows = await commands.enter_rates(actor, form.rates)
    except Invalid as refusal:
        told = [FieldError("pasted", _line(error)) for error in refusal.errors[:20]]
        return await _page(request, actor, Form(typed.values, told), status=422)
    return go(AT, _("Rates entered: {n}.", n=len(rows)))


@post(AT + "/settings", guards=[may("exchange-rates:enter")], include_in_schema=False)
async def set_age(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        set_to = await commands.set_rate_age(actor, typed.convert(RateAgeForm))
    except Invalid as refusal:
        return await _page(request, actor, typed.again(refusal), status=422)
    return go(AT, _("Rates older than {n} days are warned of.", n=set_to.rate_days))


def _pasted(text: str) -> list[tuple[str, str]]:
    """The cells as the fields of a form; a heading is left out."""
    sample = text[:2000]
    delimiter = max(";\t,", key=sample.count)
    rows = [row for row in csv.reader(io.StringIO(text[:100_000]), delimiter=delimiter) if any(map(str.strip, row))]
    if rows and rows[0][0].strip().lower() in ("currency", "valid_on"):
        rows = rows[1:]
    if not rows:
        raise Invalid.field("rates", _("Paste at least one line: currency, day, rate, source."))
    return [
        (f"rates.{place}.{name}", cell.strip())
        for place, row in enumerate(rows[:MOST_LINES])
        for name, cell in zip(COLUMNS, row, strict=False)
    ]


def _line(error: FieldError) -> Any:
    parts = error.field.split(".")
    if len(parts) < 3:
        return error.message
    return _("Line {n}: {problem}", n=int(parts[1]) + 1, problem=error.message)


async def _page(request: AnyRequest, actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    async with viewing(actor) as view:
        found = await queries.exchange_rates(view, currency=asked.currency, cursor=asked.cursor)
        age = await queries.rate_age(view)
    return page(
        "suppliers/exchange_rates.html",
        status=status,
        form=form,
        found=found,
        age=age,
        currencies=[(code, code) for code in CURRENCIES if code not in FUNDS and code != found.own],
        enters=allowed(actor, "exchange-rates:enter"),
        asked=asked,
    )


HANDLERS = [show, enter, paste, set_age]
