"""The command `portal`: answers on standard output, refusals in one sentence, exit codes as promised."""

import json
from pathlib import Path

import pytest

from portal.cli import COMMANDS
from tests.cli.conftest import Portal


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(portal: Portal, command: str):
    asked = portal(command, "--help")
    assert asked.code == 0
    assert f"portal {command} [OPTIONS]" in asked.out


def test_the_list_of_commands_is_shown_when_none_is_named(portal: Portal):
    shown = portal("--help").out
    assert all(command in shown for command in COMMANDS)


def test_an_unknown_option_is_wrongly_asked(portal: Portal):
    assert portal("demo", "--fast").code == 2


def test_settings_are_listed_with_secrets_hidden(portal: Portal):
    given = {"PORTAL_SECRET_KEYS": "k" * 40, "PORTAL_LOG": "debug"}
    listed = portal("settings", "--json", **given)
    facts = {entry.pop("name"): entry for entry in json.loads(listed.out)}
    assert listed.code == 0
    assert facts["PORTAL_LOG"] == {"meaning": "least level that is logged", "value": "debug", "given": True}
    assert facts["PORTAL_SECRET_KEYS"]["value"] == "•••"
    assert not facts["PORTAL_URL"]["given"]
    assert "PORTAL_TRUSTED_PROXIES" in portal("settings").out


@pytest.mark.parametrize("command", [("settings",), ("demo", "--json"), ("migrate",)])
def test_wrong_settings_stop_every_command_by_name(portal: Portal, command: tuple[str, ...]):
    refused = portal(*command, PORTAL_LOG="loud", PORTAL_LOGS="info")
    assert (refused.code, refused.out) == (2, "")
    assert "PORTAL_LOG must be one of" in refused.err
    assert "PORTAL_LOGS is not a setting: PORTAL_LOG is meant?" in refused.err


@pytest.mark.parametrize("command", ["serve", "worker", "scheduler", "migrate"])
def test_a_part_says_which_setting_it_needs(portal: Portal, command: str):
    refused = portal(command)
    assert refused.code == 2
    assert refused.err.startswith("PORTAL_OWNER_URL" if command == "migrate" else "PORTAL_DATABASE_URL")


def test_migrations_are_run_or_only_checked(portal: Portal, monkeypatch: pytest.MonkeyPatch):
    missing: list[str] = []

    async def apply(owner: str) -> list[str]:
        return [owner.rpartition("/")[2]]

    async def pending(owner: str) -> list[str]:
        return missing

    async def reapply(owner: str) -> int:
        return 0

    monkeypatch.setattr("portal.audit.erasures.reapply", reapply)
    monkeypatch.setattr("portal.platform.migrations.migrate", apply)
    monkeypatch.setattr("portal.platform.migrations.pending", pending)
    owner = {"PORTAL_OWNER_URL": "postgresql://owner@/base"}
    assert json.loads(portal("migrate", "--json", **owner).out) == {"applied": ["base"]}
    assert portal("migrate", "--check", **owner).code == 0
    missing.append("portal_0002")
    checked = portal("migrate", "--check", "--json", **owner)
    assert (checked.code, json.loads(checked.out)) == (1, {"pending": ["portal_0002"]})


def test_a_database_that_does_not_answer_is_one_sentence(portal: Portal, tmp_path: Path):
    refused = portal("migrate", PORTAL_OWNER_URL=f"postgresql://portal_owner@/portal?host={tmp_path}")
    assert refused.code == 1
    assert "Traceback" not in refused.err


def test_the_doctor_answers_every_question_without_a_database(portal: Portal, tmp_path: Path):
    told = portal("doctor", "--json", "--data", str(tmp_path))
    findings = {finding.pop("what"): finding for finding in json.loads(told.out)}
    assert findings["Python"]["state"] == "ok"
    assert findings["Room on disk"]["found"].endswith("GB free")
    assert findings["Database"] == {
        "state": "note",
        "found": "none is set and no demo runs",
        "mend": "set PORTAL_DATABASE_URL, or start 'portal demo'",
    }
    assert told.code == any(finding["state"] == "bad" for finding in findings.values())


def test_the_doctor_says_that_a_database_does_not_answer_without_its_password(portal: Portal, tmp_path: Path):
    told = portal("doctor", "--json", PORTAL_DATABASE_URL=f"postgresql://portal_app:hunter2@/portal?host={tmp_path}")
    (finding,) = [finding for finding in json.loads(told.out) if finding["what"] == "Database"]
    assert (told.code, finding["state"]) == (1, "bad")
    assert "hunter2" not in told.out
