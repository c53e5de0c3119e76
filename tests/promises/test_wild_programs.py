"""Programs that send whatever the API's own description allows, and much that it does not: never an answer of 500.

The cases are made from the OpenAPI document, half of them valid, half of them not, with ids of records that exist.
"""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.harness.serving import Portal

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
TRIES = 8
GOODBYE = "signOut"
WILD = settings(
    max_examples=TRIES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def signed_in(portal: Portal, role: str) -> requests.Session:
    session = requests.Session()
    who = {"email": portal.people[role], "password": portal.password}
    opened = session.post(f"{portal.url}/api/v1/sessions", json=who, timeout=30)
    assert opened.status_code == 201, opened.text
    session.headers["x-csrf-token"] = opened.json()["csrf_token"]
    return session


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize("role", ["buyer", "supplier"])
def test_whatever_a_program_sends_is_answered_as_described(own_portal: Portal, role: str, mode: GenerationMode):
    portal = own_portal
    session = signed_in(portal, role)
    described = session.get(f"{portal.url}/api/v1/openapi.json", timeout=30).json()
    schema = schemathesis.openapi.from_dict(described)
    tried = []
    operations: Any = schema.get_all_operations()
    for found in operations:
        operation = found.ok()
        if operation.definition.raw["operationId"] == GOODBYE:
            continue
        _try(operation, portal, session, mode)
        tried.append(operation.label)
    assert len(tried) > 40


def _try(operation: Any, portal: Portal, session: requests.Session, mode: GenerationMode) -> None:
    names = {each.name for each in operation.path_parameters}
    known = {name: id_ for name, id_ in portal.ids.items() if name in names}

    @WILD
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known or None))
    def wild(case: Any) -> None:
        case.call_and_validate(base_url=portal.url, session=session, checks=CHECKS, timeout=30)

    wild()
