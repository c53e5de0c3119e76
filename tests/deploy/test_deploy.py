"""What `deploy/` says is true of the portal. Images are not built and services not started here: files are read."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from portal.cli import root as app
from portal.platform.settings import DECLARED

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SETTINGS = {setting.name for setting in DECLARED}
UNITS = sorted(DEPLOY.glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PORTALS = {name: part for name, part in COMPOSE["services"].items() if part["image"] == "procurement-portal"}


def understood(command: list[str]) -> bool:
    """Whether the portal has this command with these options."""
    told = CliRunner().invoke(app, [command[0], "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    return told.exit_code == 0 and all(word in told.output for word in command if word.startswith("--"))


def test_every_part_of_the_composition_runs_a_command_that_there_is_with_settings_that_there_are():
    commands = {name: part["command"] for name, part in PORTALS.items()}
    assert {command[0] for command in commands.values()} == {"serve", "worker", "scheduler", "migrate"}
    assert all(understood(command) for command in commands.values())
    named = {setting for part in PORTALS.values() for setting in part["environment"]}
    assert named - SETTINGS == set()
    assert [name for name, part in PORTALS.items() if "PORTAL_OWNER_URL" in part["environment"]] == ["migrate"]


def test_parts_of_the_composition_wait_for_migrations_and_may_do_little():
    for name, part in PORTALS.items():
        assert part["read_only"], name
        assert part["cap_drop"] == ["ALL"], name
        wanted = "postgres" if name == "migrate" else "migrate"
        assert list(part["depends_on"]) == [wanted], name
    several = [name.partition("-")[0] for name in PORTALS]
    assert (several.count("web"), several.count("scheduler")) == (2, 2)
    volumes = {volume.partition(":")[0] for part in COMPOSE["services"].values() for volume in part.get("volumes", ())}
    assert {volume for volume in volumes if not volume.startswith(".")} == set(COMPOSE["volumes"])
    assert all((DEPLOY / volume).exists() for volume in volumes - {"./certificates"} if volume.startswith("."))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_each_service_runs_a_command_that_there_is_and_is_shut_in(unit: Path):
    lines = unit.read_text().splitlines()
    (start,) = [line.partition("=")[2] for line in lines if line.startswith("ExecStart=")]
    assert understood(start.split()[1:])
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "Restart=always"} <= set(lines)
    (patience,) = [int(line.partition("=")[2]) for line in lines if line.startswith("TimeoutStopSec=")]
    assert patience > 10  # seconds that a part takes at most to end what it began


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_nothing_wrong_with_a_service(unit: Path, tmp_path: Path):
    """With a program and an account that this machine has. Where there is no systemd, only the names are looked at."""
    text = re.sub(r"^(User|Group)=.*\n", "", unit.read_text(), flags=re.M)
    (tmp_path / unit.name).write_text(text.replace("/opt/procurement-portal/bin/portal", "/bin/true"))
    assert re.findall(r"^\[(\w+)\]$", text, re.M) == ["Unit", "Service", "Install"]
    if systemd := shutil.which("systemd-analyze"):
        command = [systemd, "verify", "--man=no", str(tmp_path / unit.name)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        assert unit.name not in told.stderr


def test_the_image_holds_what_was_locked_and_runs_as_nobody_in_particular():
    stages = (DEPLOY / "Dockerfile").read_text().split("\nFROM ")[1:]
    assert len(stages) == 2
    assert "--require-hashes --requirement requirements.lock" in stages[0]
    final = stages[1].splitlines()
    assert "USER portal" in final
    assert final.index("USER portal") < next(n for n, line in enumerate(final) if line.startswith("ENTRYPOINT"))
    assert "/readyz" in stages[1]
    (command,) = [line for line in final if line.startswith("CMD")]
    assert understood(re.findall(r'"([^"]+)"', command))
