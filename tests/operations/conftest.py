"""A company that is imported once for all stories about it."""

import pytest

from tests.harness.world import buying_company
from tests.operations.adventureworks import FILES, Imported


@pytest.fixture(scope="session")
async def imported(connected: None, database: str, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """AdventureWorks as it comes in by the command line, kind by kind."""
    company = await buying_company(country="US", currency="USD")
    world = Imported(company, database, str(tmp_path_factory.mktemp("data")))
    world.reports = {kind: world.run(kind) for kind in FILES}
    return world
