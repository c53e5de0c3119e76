"""An import says what its history means for months of which scores are frozen, and scores follow where none is."""

from datetime import date

from portal.platform.calendar import Month
from portal.scorecards import commands
from tests.harness.deliveries_facts import noon, on
from tests.harness.jobs import run_jobs
from tests.harness.world import buying_company
from tests.operations.nordwerk import bring, records, settled, write
from tests.operations.test_history import BY, LINES, written

APRIL = Month(2025, 4)


def came(tmp_path, number: int, supplier: str, day: date):
    orders = f"Nr;Lieferant;Datum;Status\n{number};{supplier};{written(date(2025, 3, 1))};fertig\n"
    line = f"{number};10;A-1;1;1;;;;{written(day)};1;{written(day)}\n"
    return write(tmp_path, Bestellungen=orders, Positionen=LINES + line)


async def test_history_is_scored_where_nothing_was_frozen_and_else_told_in_the_report(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    report = await bring(company, "orders", came(tmp_path, 1, "70001", date(2025, 4, 9)), by=BY)
    assert (report.errors, report.scores) == ([], {"frozen": 0, "open": 0})
    await run_jobs("scorecards.recompute")
    with on(noon(date(2025, 5, 2))):
        await commands.freeze(company.supplier_manager, APRIL)

    reports = [
        await bring(company, "orders", came(tmp_path, number, supplier, date(2025, 4, 10)), by=BY)
        for number, supplier in ((2, "70001"), (3, "70002"))
    ]
    await run_jobs("scorecards.recompute")
    assert [each.scores for each in reports] == [{"frozen": 1, "open": 0}, {"frozen": 0, "open": 1}]
    assert any("1 are frozen" in str(sentence) for sentence in reports[0].sentences())
    told = await records(
        company, "select revision, facts from supplier_score where month is not null order by revision"
    )
    assert told == [{"revision": 0, "facts": 1}, {"revision": 1, "facts": 1}]
