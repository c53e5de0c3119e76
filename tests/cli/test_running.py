"""The doctor reads what waits and names the command that mends it; jobs that were given up are tried again."""

import json
from typing import Any

import pytest

from portal.cli import running
from portal.platform.watching.waiting import Waiting

GIVEN_UP = "insert into dramatiq.queue (message_id, state, message) values (uuidv7(), 'rejected', %s)"
JOB = {"actor_name": "tests.stumble", "queue_name": "default", "options": {"retries": 5, "traceparent": "00-a-b-01"}}


@pytest.fixture
def clean(superuser):
    empty = "delete from dramatiq.queue; delete from dramatiq.worker; delete from dramatiq.scheduler"
    superuser.execute(empty)
    yield superuser
    superuser.execute(empty)


def findings(operator, *options: str) -> dict[str, dict[str, Any]]:
    asked = operator("doctor", "--json", *options)
    return {each["what"]: each for each in asked.facts}


def test_what_is_wrong_is_told_with_the_command_that_mends_it(operator, clean):
    clean.execute(GIVEN_UP, [json.dumps(JOB)])
    late = "insert into dramatiq.queue (message_id, state, message, available_at) "
    late += "values (uuidv7(), 'queued', %s, now() - interval '10 minutes')"
    clean.execute(late, [json.dumps(JOB | {"actor_name": "messaging.send"})])
    clean.execute("insert into dramatiq.worker values (uuidv7(), now() - interval '5 minutes')")
    told = findings(operator)

    assert told["Queue"]["state"] == "bad"
    assert told["Queue"]["found"].startswith("1 messaging.send, the oldest for 60")
    assert told["Queue"]["mend"].startswith("portal worker")
    assert (told["Jobs given up"]["state"], told["Jobs given up"]["found"]) == ("bad", "1 tests.stumble")
    assert told["Jobs given up"]["mend"].endswith("portal jobs retry")
    assert (told["Worker"]["state"], told["Worker"]["mend"]) == ("bad", "portal worker")
    assert told["Scheduler"]["found"] == "never heard of"
    assert told["Migrations"]["state"] == told["Policy"]["state"] == told["Erasures"]["state"] == "ok"
    assert told["Figures"]["found"].startswith("ledgers, documents and settings agree")


def test_a_portal_at_work_is_well(operator, clean):
    clean.execute("insert into dramatiq.worker values (uuidv7(), now())")
    clean.execute("insert into dramatiq.scheduler (beat_at) values (now())")
    told = findings(operator)
    for what in ("Worker", "Scheduler", "Queue", "Jobs given up", "Mails", "Connections"):
        assert told[what]["state"] == "ok", told[what]


def test_somebody_who_was_erased_and_came_back_with_an_old_copy_is_told_of(operator, clean, tmp_path):
    from portal.platform.ids import new_id

    person = new_id()
    clean.execute(
        "insert into person (id, email, full_name) values (%s, %s, 'Ada')", [person, f"{person}@example.test"]
    )
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "erased").write_text(f"{person} 2026-01-01\n")
    try:
        told = findings(operator)["Erasures"]
    finally:
        clean.execute("delete from person where id = %s", [person])
    assert (told["state"], told["found"], told["mend"]) == ("bad", "1 people came back", "portal migrate")


def test_an_invitation_that_was_forgotten_and_came_back_is_told_of(operator, clean):
    from portal.platform.ids import new_id

    company, invitation = new_id(), new_id()
    clean.execute("insert into organisation (id, name, kind) values (%s, 'Acme', 'buyer')", [company])
    clean.execute(
        "insert into invitation (id, organisation_id, email, roles, created_at, expires_at) "
        "values (%s, %s, 'ada@example.test', '{buyer}', now(), now())",
        [invitation, company],
    )
    erased = "insert into person_erasure (person_id, organisation_id, reason) values (%s, %s, 'Asked for')"
    clean.execute(erased, [invitation, company])
    try:
        told = findings(operator)["Erasures"]
        clean.execute("update invitation set email = 'erased-1@erased.invalid' where id = %s", [invitation])
        stands = findings(operator)["Erasures"]
    finally:
        clean.execute("delete from person_erasure where person_id = %s", [invitation])
    assert (told["state"], told["found"], told["mend"]) == ("bad", "1 invitations came back", "portal migrate")
    assert stands["state"] == "ok"


def test_jobs_that_were_given_up_are_listed_and_tried_again(operator, clean):
    clean.execute(GIVEN_UP, [json.dumps(JOB)])
    clean.execute(GIVEN_UP, [json.dumps(JOB | {"actor_name": "tests.note"})])
    listed = operator("jobs", "list", "--json").facts
    assert [(each["job"], each["number"]) for each in listed] == [("tests.note", 1), ("tests.stumble", 1)]
    assert operator("jobs", "retry", "--job", "tests.stumble", "--json").facts == {"queued": 1}
    options = "select message -> 'options' from dramatiq.queue where state = 'queued'"
    assert clean.execute(options).fetchall() == [({"traceparent": "00-a-b-01"},)]
    assert operator("jobs", "retry", "--json").facts == {"queued": 1}


@pytest.mark.parametrize(
    ("waits", "state", "found"),
    [
        ([], "ok", "none waits"),
        ([Waiting("mail", "", 3, 20.0)], "ok", "3 wait, the oldest for 20 s"),
        ([Waiting("mail", "", 3, 1000.0)], "bad", "3 wait, the oldest for 1000 s"),
    ],
)
def test_mails_may_wait_a_while_for_the_servers_of_others(waits: list[Waiting], state: str, found: str):
    told = running.mails(waits)
    assert (told.state, told.found) == (state, found)


def test_a_machine_without_pages_prints_its_figures(portal, clean, tmp_path):
    from portal.platform.settings import settings

    known = {"PORTAL_DATABASE_URL": str(settings().database_url), "PORTAL_DATA": str(tmp_path)}
    assert "portal_database_up 1.0" in portal("metrics", **known).out
    gone = known | {"PORTAL_DATABASE_URL": "postgresql://portal_app@127.0.0.1:1/portal"}
    assert "portal_database_up 0.0" in portal("metrics", **gone).out
