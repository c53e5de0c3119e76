"""What the database refuses is told as what it is: a lost race, or a mistake of ours."""

from typing import Any

import asyncpg
import pytest
import structlog

from portal.orders.api import orders as api
from portal.platform import database
from tests.harness.world import order_body, trading_pair

ORDERS = "/api/v1/purchase-orders"


async def refused_by(client_of: Any, monkeypatch: pytest.MonkeyPatch, error: Exception) -> tuple[Any, list[Any]]:
    """The answer to an order whose command met this error, and what the log was told."""
    company, supplier = await trading_pair()
    client = await client_of(company.requester)

    async def meet(*_given: object) -> None:
        raise error

    monkeypatch.setattr(api.commands, "create", meet)
    with structlog.testing.capture_logs() as told:
        return await client.post(ORDERS, json=order_body(supplier)), told


@pytest.mark.parametrize("kind", [asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError])
async def test_who_lost_a_race_is_told_that_somebody_was_faster(client_of, monkeypatch, kind):
    answer, told = await refused_by(client_of, monkeypatch, kind("two at once"))
    assert (answer.status_code, "same moment" in answer.json()["detail"]) == (409, True)
    assert [each["log_level"] for each in told] == ["warning"]


@pytest.mark.parametrize("kind", [asyncpg.CheckViolationError, asyncpg.ForeignKeyViolationError])
async def test_a_rule_that_the_code_forgot_is_our_mistake_and_not_somebody_elses(client_of, monkeypatch, kind):
    answer, told = await refused_by(client_of, monkeypatch, kind("violates check constraint"))
    assert answer.status_code == 409
    assert "same moment" not in answer.json()["detail"]
    assert answer.json()["request_id"] in answer.json()["detail"]
    assert [each["log_level"] for each in told] == ["error"]


async def test_a_fault_of_ours_is_a_500_that_tells_its_number(client_of, monkeypatch):
    answer, told = await refused_by(client_of, monkeypatch, ZeroDivisionError("a secret detail"))
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert [each["log_level"] for each in told] == ["error"]


async def test_who_asks_whether_it_is_ready_is_told_no_and_the_log_why(anonymous, monkeypatch):
    assert (await anonymous.get("/readyz")).status_code == 200

    class Gone:
        def __getattr__(self, _name: str) -> Any:
            raise ConnectionRefusedError("the database is away")

    gone: Any = Gone()
    monkeypatch.setattr(database, "_pools", database.Pools(gone, None, gone))
    with structlog.testing.capture_logs() as told:
        answer = await anonymous.get("/readyz")
    assert answer.status_code == 503
    assert [each["event"] for each in told] == ["not ready"]
    assert (await anonymous.get("/healthz")).status_code == 200
