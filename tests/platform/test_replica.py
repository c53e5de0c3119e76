"""Reports are read from the copy that follows the database; everything else from the database itself."""

from portal.platform import database as platform_database
from portal.platform.settings import override
from portal.platform.work import viewing
from tests.harness.cluster import clone, url
from tests.harness.world import buying_company

WHERE = "select current_database()"


async def test_a_report_is_read_from_the_copy_and_a_page_is_not(connected, database, monkeypatch):
    company = await buying_company()
    monkeypatch.setattr(platform_database, "_pools", None)
    clone(f"{database}_copy")
    here, copy = url("portal_app", database), url("portal_app", f"{database}_copy")
    try:
        with override(database_url=here, database_replica_url=copy):
            await platform_database.connect(most=2)
            async with viewing(company.auditor) as page, viewing(company.auditor, report=True) as report:
                assert (await page.value(WHERE), await report.value(WHERE)) == (database, f"{database}_copy")
    finally:
        await platform_database.disconnect()


async def test_without_a_copy_reports_are_read_from_the_database(connected, database):
    company = await buying_company()
    async with viewing(company.auditor, report=True) as report:
        assert await report.value(WHERE) == database
