"""All suppliers by their scores, as a page and as files by the same filters."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.response import Stream

from portal.access.guards import Acting, allowed, may
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.fields import Line
from portal.platform.i18n import Message, _
from portal.platform.work import View, viewing
from portal.platform.workbook import Sheet, workbook
from portal.scorecards import queries
from portal.scorecards.forms import RankedOut
from portal.scorecards.pages.least import least_of
from portal.scorecards.queries import Asked
from portal.scorecards.rules import CRITERIA, LATELY, MONTHS, STANDINGS
from portal.web import page
from portal.web.downloads import csv_file, xlsx_file
from portal.web.formats import month as month_name
from portal.web.looks import look
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]


class RankingForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    period: Line | None = None
    standing: Line | None = None
    category: Line | None = None
    min_count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    sort: Line | None = None


@get("/scorecards", guards=[may("scorecards:read")], include_in_schema=False)
async def show(request: AnyRequest, actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        asked = _asked(request, view)
        found = await queries.ranking(view, asked, cursor=request.query_params.get("cursor") or None)
        rules = await queries.scoring_of(view)
        kinds = await queries.categories(view)
    this = Month.of(rules.today)
    ended = this.plus(-1)
    return page(
        "scorecards/ranking.html",
        asked=asked,
        found=found,
        criteria=CRITERIA,
        least=least_of(rules.bounds),
        periods=[(str(this.plus(-back)), month_name(str(this.plus(-back)))) for back in range(MONTHS)],
        standings=[*((each.code, each.title) for each in STANDINGS), ("no_data", _("No standing"))],
        categories=[(kind, kind) for kind in kinds],
        active=sum(value is not None for value in (asked.standing, asked.category, asked.min_count)),
        cap=queries.MOST_FOUND,
        frozen_until=rules.frozen_until,
        freezes=str(ended) if ended.first >= rules.open_from and allowed(actor, "scorecards:freeze") else "",
    )


@get("/scorecards.csv", guards=[may("scorecards:read")], include_in_schema=False)
async def as_csv(request: AnyRequest, actor: Acting) -> Stream:
    async with viewing(actor) as view:
        asked = _asked(request, view)
    return csv_file(f"scores-{asked.period}.csv", _header(), _rows(actor, asked))


@get("/scorecards.xlsx", guards=[may("scorecards:read")], include_in_schema=False)
async def as_xlsx(request: AnyRequest, actor: Acting) -> Stream:
    async with viewing(actor) as view:
        asked = _asked(request, view)
    book = await workbook([Sheet(str(_("Scores")), _header(), _rows(actor, asked))])
    return xlsx_file(f"scores-{asked.period}.xlsx", book)


def _asked(request: AnyRequest, view: View) -> Asked:
    form = read_query(request.query_params, RankingForm)
    period, sort = form.period or LATELY, form.sort or queries.USUAL
    return queries.asked_by(view, Asked(period, form.standing, form.category, form.min_count, sort))


def _header() -> list[Message]:
    told = [_("Rank"), _("Supplier"), _("Supplier number"), _("Period"), _("Score"), _("Score, nothing excused")]
    told += [_("Standing"), _("Exception until"), _("Weights with data, %"), _("Facts"), _("Excused")]
    return [*told, *(criterion.title for criterion in CRITERIA.values())]


def _cells(row: RankedOut, period: str) -> list[Any]:
    told = [row.rank, row.supplier_name, row.supplier_number, period, row.score, row.raw_score]
    standing = _standing(row)
    return [*told, standing, row.exception_until, row.coverage, row.count, row.excused, *row.criteria.values()]


def _standing(row: RankedOut) -> Message | str:
    if row.no_standing_because in (None, "no_data"):
        return look(row.standing or "no_data").label
    return _("too little data")


async def _rows(actor: Actor, asked: Asked) -> AsyncIterator[list[Any]]:
    async with viewing(actor) as view:
        async for row in queries.every_rank(view, asked):
            yield _cells(row, asked.period)


HANDLERS: list[Any] = [show, as_csv, as_xlsx]
