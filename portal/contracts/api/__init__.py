"""Contracts and what is owed under them, for programs."""

from portal.contracts.api import contracts, deliverables

routers = (contracts.router, deliverables.router)
