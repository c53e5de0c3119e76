"""Stories of invoicing happen in a running portal."""

import pytest


@pytest.fixture(autouse=True)
def running(connected: None) -> None:
    """The portal is wired and connected, whoever acts first."""
