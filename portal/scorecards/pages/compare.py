"""Two to five suppliers side by side: as a page, as files, and as a document to print."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from litestar import Request, Response, get
from litestar.response import Stream

from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.decimals import half_up
from portal.platform.i18n import Message, _
from portal.platform.ids import id_of
from portal.platform.refusals import Malformed
from portal.platform.wiring import WIRING
from portal.platform.work import View, viewing
from portal.platform.workbook import Sheet, workbook
from portal.scorecards import queries
from portal.scorecards.forms import RankedOut
from portal.scorecards.pages.charts import Chart
from portal.scorecards.pages.least import least_of
from portal.scorecards.queries import Asked, Beside
from portal.scorecards.rules import CRITERIA, LATELY, MONTHS, Bounds
from portal.web import page
from portal.web.downloads import csv_file, whole, xlsx_file
from portal.web.formats import month as month_name
from portal.web.looks import look

AnyRequest = Request[Any, Any, Any]
AT = "/scorecards/compare"
OFFERED = 50  # suppliers to choose from, the best first


class Wanted(NamedTuple):
    """Whom to compare, in which time; each supplier once."""

    suppliers: list[UUID]
    period: str

    @classmethod
    def of(cls, request: AnyRequest) -> "Wanted":
        named = (id_of(text) for text in request.query_params.getall("supplier_id", []))
        return cls(list(dict.fromkeys(filter(None, named))), request.query_params.get("period") or LATELY)

    def file(self, ending: str) -> str:
        return f"comparison-{self.period}.{ending}"


@get(AT, guards=[may("scorecards:read")], include_in_schema=False)
async def show(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Criteria as rows. Who asks for fewer or more keeps the choice, and is told how many are compared."""
    wanted, why, beside, offered = Wanted.of(request), None, [], []
    async with viewing(actor) as view:
        try:
            beside = await queries.side_by_side(view, *wanted)
        except Malformed as refusal:
            why, offered = refusal.message, await _offered(view, wanted)
        rules = await queries.scoring_of(view)
    this = Month.of(rules.today)
    return page(
        "scorecards/choose.html" if why else "scorecards/compare.html",
        status=400 if why else 200,
        beside=beside,
        why=why,
        offered=offered,
        period=wanted.period,
        chosen=wanted.suppliers,
        criteria=CRITERIA,
        standings=Bounds.of(rules.bounds).standings,
        least=least_of(rules.bounds),
        chart=Chart.of(beside),
        periods=[(str(this.plus(-back)), month_name(str(this.plus(-back)))) for back in range(MONTHS)],
    )


@get(f"{AT}.csv", guards=[may("scorecards:read")], include_in_schema=False)
async def as_csv(request: AnyRequest, actor: Acting) -> Stream:
    wanted, beside = await _beside(request, actor)
    return csv_file(wanted.file("csv"), _header(beside), _each([*_criteria(beside), *_months(beside)]))


@get(f"{AT}.xlsx", guards=[may("scorecards:read")], include_in_schema=False)
async def as_xlsx(request: AnyRequest, actor: Acting) -> Stream:
    wanted, beside = await _beside(request, actor)
    sheets = [
        Sheet(str(_("Criteria")), _header(beside), _each(_criteria(beside))),
        Sheet(str(_("Months")), [_("Month"), *(each.name for each in beside)], _each(_months(beside))),
    ]
    return xlsx_file(wanted.file("xlsx"), await workbook(sheets))


@get(f"{AT}.pdf", guards=[may("scorecards:read")], include_in_schema=False)
async def as_pdf(request: AnyRequest, actor: Acting) -> Response[bytes]:
    """The comparison on paper, in the language of whoever asks."""
    wanted, beside = await _beside(request, actor)
    async with viewing(actor) as view:
        rules = await queries.scoring_of(view)
    assert WIRING.printed is not None, "the press is wired"
    data = await WIRING.printed(
        "scorecards/comparison_sheet.html",
        beside=beside,
        criteria=CRITERIA,
        chart=Chart.of(beside),
        period=wanted.period,
        day=rules.today,
        author=actor.organisation_name,
        least=least_of(rules.bounds),
    )
    return whole(wanted.file("pdf"), data, "application/pdf")


async def _beside(request: AnyRequest, actor: Actor) -> tuple[Wanted, list[Beside]]:
    wanted = Wanted.of(request)
    async with viewing(actor) as view:
        return wanted, await queries.side_by_side(view, *wanted)


async def _offered(view: View, wanted: Wanted) -> list[RankedOut]:
    """Whom the reader may choose from: those chosen first, then the ranking's first."""
    asked = queries.asked_by(view, Asked(queries.period_named(wanted.period)))
    found = (await queries.ranking(view, asked, limit=200)).rows
    chosen = [row for row in found if row.supplier_id in wanted.suppliers]
    return chosen + [row for row in found if row.supplier_id not in wanted.suppliers][:OFFERED]


def _header(beside: Sequence[Beside]) -> list[Message | str]:
    return [_("Criterion"), *(each.name for each in beside)]


def _criteria(beside: Sequence[Beside]) -> Iterator[list[Any]]:
    """Scores with one decimal, shares as fractions with four, as in the ranking's files."""
    judged = [each.score.judged() for each in beside]
    yield [_("Score"), *(None if each.value is None else half_up(each.value, 1) for each in judged)]
    yield [_("Standing"), *(_standing(each.standing, each.missing) for each in judged)]
    yield [_("Facts"), *(each.count for each in judged)]
    yield [_("Weights with data, %"), *(half_up(each.coverage, 1) for each in judged)]
    for name, criterion in CRITERIA.items():
        values = [queries.shares(each.score)[name] for each in beside]
        yield [criterion.title, *values]


def _standing(standing: str | None, missing: str | None) -> Message | str:
    return _("too little data") if missing not in (None, "no_data") else look(standing or "no_data").label


def _months(beside: Sequence[Beside]) -> Iterator[list[Any]]:
    """Months with too little data for a standing stay blank, like those without any."""
    for place, (month, _score) in enumerate(beside[0].months):
        scores = [each.months[place][1] for each in beside]
        values = [None if score is None or score.firm is None else half_up(score.firm, 1) for score in scores]
        yield [str(month), *values]


async def _each(rows: Iterable[list[Any]]) -> AsyncIterator[list[Any]]:
    for row in rows:
        yield row


HANDLERS: list[Any] = [show, as_csv, as_xlsx, as_pdf]
