"""`portal demo`: one command, one tree of processes, one folder."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from portal.cli import checks, demo_folder, running
from portal.platform.postgres import OWNER, SUPERUSER, Address
from portal.platform.postgres.leftovers import servers
from tests.cli.conftest import Portal

STAND_IN = Path(__file__).with_name("stand_in.py")


class Demo:
    """A demo in a process of its own, and what it says."""

    def __init__(self, home: Path, *arguments: str, **environment: str) -> None:
        self.data, self.notebook = home / "data", home / "notes"
        self.notebook.touch()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        modules = os.pathsep.join([str(STAND_IN.parents[2]), *filter(None, sys.path)])
        known = {"PYTHONPATH": modules, "STAND_IN_NOTES": str(self.notebook), "COLUMNS": "150"}
        self.process = subprocess.Popen(
            [sys.executable, STAND_IN, "demo", "--port", "0", "--data", self.data, *arguments],
            env=clean | known | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> dict:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        return json.loads(line)

    def notes(self) -> list[str]:
        return self.notebook.read_text().split("\n")[:-1]

    def pids(self) -> list[int]:
        return [int(note.split()[1]) for note in self.notes() if note.split()[1].isdigit()]

    def stop(self, order: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
        self.process.send_signal(order)
        return self.process.communicate(timeout=20)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def begin(*arguments: str, **environment: str) -> Demo:
        started.append(Demo(tmp_path, *arguments, **environment))
        return started[-1]

    yield begin
    for demo in started:
        demo.process.kill()
        demo.process.communicate()


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX"
    except OSError:
        return True


def until(true: Callable[[], object]) -> None:
    patience = time.monotonic() + 15
    while not true():
        assert time.monotonic() < patience
        time.sleep(0.02)


def test_one_line_says_all_and_nothing_else_is_printed(start: Callable[..., Demo]):
    demo = start("--json")
    told = demo.ready()
    assert told["accounts"] == [
        {"email": "buyer@demo.test", "organisation": "Company of 1 starts", "roles": ["buyer"]},
    ]
    assert (told["pid"], told["data"]) == (demo.process.pid, str(demo.data))
    assert fetch(told["url"] + "/healthz") == "well"
    until(lambda: len(demo.pids()) == 2)
    rest, remarks = demo.stop()
    assert rest == ""
    assert "worker speaks" in remarks
    steps = [
        "Starting the database server in",
        "Bringing the tables up to date …",
        "Starting web, worker and scheduler …",
    ]
    assert sorted(steps, key=remarks.index) == steps
    assert [remarks.count(step) for step in steps] == [1, 1, 1]
    assert demo.process.returncode == 0


def test_ctrl_c_ends_every_part_and_the_database(start: Callable[..., Demo]):
    demo = start("--json")
    told = demo.ready()
    until(lambda: len(demo.pids()) == 2)
    web = int(fetch(told["url"] + "/pid"))
    demo.stop(signal.SIGINT)
    assert demo.process.returncode == 0
    assert demo.notes()[-2:] == ["worker left", "scheduler left"]
    assert all(gone(pid) for pid in [web, *demo.pids()])
    assert not servers(demo.data / "pg")


def test_a_killed_demo_leaves_nothing_and_starts_again_with_its_data(start: Callable[..., Demo]):
    first = start("--json")
    before = first.ready()
    until(lambda: len(first.pids()) == 2)
    web = int(fetch(before["url"] + "/pid"))
    first.stop(signal.SIGKILL)
    until(lambda: all(gone(pid) for pid in [web, *first.pids()]) and not servers(first.data / "pg"))

    after = start("--json").ready()
    assert after["accounts"][0]["organisation"] == "Company of 2 starts"
    assert after["password"] == before["password"]


def test_killed_parts_come_back_behind_the_same_address(start: Callable[..., Demo]):
    demo = start("--json")
    told = demo.ready()
    web = int(fetch(told["url"] + "/pid"))
    os.kill(web, signal.SIGKILL)
    os.kill(servers(demo.data / "pg")[0], signal.SIGKILL)
    assert int(fetch(told["url"] + "/pid")) != web
    address = Address(demo.data / "pg")
    address.wait()
    with psycopg.connect(address.url(OWNER)) as connection:
        assert connection.execute("select count(*) from start").fetchone() == (1,)


def test_the_folder_holds_everything_for_its_owner_alone(start: Callable[..., Demo]):
    demo = start("--json", PORTAL_SMTP_URL="smtp://mail.example.com", PORTAL_DATABASE_URL="postgresql://db/production")
    told = demo.ready()
    assert {"pg", "documents", "mail", "secret.keys"} <= set(os.listdir(demo.data))
    for path in (demo.data, demo.data / "pg", demo.data / "documents", demo.data / "mail"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (file for file in demo.data.iterdir() if file.is_file()):
        assert (path.name, stat.S_IMODE(path.stat().st_mode)) == (path.name, 0o600)
    assert fetch(told["url"] + "/settings") == f"{told['url']} None 1"
    with psycopg.connect(Address(demo.data / "pg").url(SUPERUSER)) as connection:
        assert connection.execute("select current_database()").fetchone() == ("portal",)


def test_the_doctor_finds_the_running_demos_database(start: Callable[..., Demo]):
    demo = start("--json")
    demo.ready()
    addresses = checks.addresses(demo.data)
    findings = {finding.what: finding for finding in checks.database(*addresses)}
    assert findings["Database"].found.startswith("PostgreSQL 18")
    assert findings["Database role"].state == "ok"
    assert "Migrations" in findings
    work = {finding.what: finding.state for finding in running.examine(demo.data, *addresses)}
    assert work.get("Work", work.get("Worker")) in ("ok", "note", "bad")  # it may have been heard of already


def test_a_chosen_password_holds_for_existing_accounts(start: Callable[..., Demo], portal: Portal):
    demo = start("--json", "--password", "open-sesame")
    assert demo.ready()["password"] == "open-sesame"
    demo.stop()
    refused = portal("demo", "--port", "0", "--data", str(demo.data), "--password", "close-sesame")
    assert refused.code == 1
    assert "another password already" in refused.err
    assert not servers(demo.data / "pg")


@pytest.mark.parametrize("note", ["[1]", "{", "", "3", '{"password": 3}', "\x00\ufffd"])
def test_a_damaged_note_is_told_and_mended_by_a_reset(portal: Portal, tmp_path: Path, note: str):
    (tmp_path / "demo.json").write_text(note)
    (tmp_path / "pg").mkdir()
    refused = portal("demo", "--port", "0", "--data", str(tmp_path))
    assert refused.code == 1
    assert "demo.json is damaged" in refused.err
    assert (tmp_path / "demo.json").read_text() == note
    demo_folder.clear(tmp_path)
    demo_folder.claim(tmp_path)
    assert demo_folder.is_unfinished(tmp_path)


@pytest.mark.parametrize("more", [(), ("--reset",)])
def test_a_folder_with_other_things_is_left_alone(portal: Portal, tmp_path: Path, more: tuple[str, ...]):
    (tmp_path / "diary.txt").write_text("mine")
    refused = portal("demo", "--port", "0", "--data", str(tmp_path), *more)
    assert (refused.code, refused.out) == (1, "")
    assert "is not a demo's folder" in refused.err
    assert os.listdir(tmp_path) == ["diary.txt"]


def test_a_second_demo_on_the_same_folder_is_refused(start: Callable[..., Demo], portal: Portal):
    first = start("--json")
    told = first.ready()
    for more in ((), ("--reset",)):
        second = portal("demo", "--port", "0", "--data", told["data"], *more)
        assert second.code == 1
        assert f"in use by a running portal (process {told['pid']})" in second.err
    assert fetch(told["url"]) == "well"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_an_address_that_others_reach_must_be_meant(portal: Portal, tmp_path: Path, host: str):
    refused = portal("demo", "--host", host, "--data", str(tmp_path / "data"))
    assert refused.code == 2
    assert "--i-know" in refused.err
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_is_refused_before_anything_is_made(portal: Portal, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = portal("demo", "--port", str(port), "--data", str(tmp_path / "data"))
    assert refused.code == 1
    assert f"Port {port} of 127.0.0.1 is in use" in refused.err
    assert not (tmp_path / "data").exists()


def test_half_a_company_goes_at_the_next_start_but_a_whole_one_stays(start: Callable[..., Demo]):
    broken = start("--json", STAND_IN_BREAKS="yes")
    broken.process.communicate(timeout=20)
    assert broken.process.returncode == 1
    whole = start("--json")
    assert whole.ready()["accounts"][0]["organisation"] == "Company of 1 starts"
    whole.stop()
    start("--json", STAND_IN_BREAKS="yes").process.communicate(timeout=20)
    assert start("--json").ready()["accounts"][0]["organisation"] == "Company of 3 starts"


def test_a_reset_starts_afresh_and_touches_nothing_else(start: Callable[..., Demo]):
    demo = start("--json")
    before = demo.ready()
    demo.stop()
    (demo.data / "diary.txt").write_text("mine")
    again = start("--json", "--reset").ready()
    assert again["accounts"][0]["organisation"] == "Company of 1 starts"
    assert again["password"] != before["password"]
    assert (demo.data / "diary.txt").read_text() == "mine"


def test_an_address_that_others_reach_may_be_meant(start: Callable[..., Demo]):
    told = start("--json", "--host", "0.0.0.0", "--i-know").ready()
    assert told["url"].startswith("http://localhost:")
    assert fetch(told["url"]) == "well"


def test_people_get_a_table(start: Callable[..., Demo]):
    demo = start("--password", "open-sesame")
    until(lambda: len(demo.pids()) == 2)
    assert demo.process.stdout
    table = [demo.process.stdout.readline() for _ in range(6)]
    _, remarks = demo.stop(signal.SIGINT)
    assert "buyer@demo.test" in "".join(table)
    assert "open-sesame" in remarks
    assert "http://localhost:" in remarks
