"""One supervisor: what it starts lives, comes back and ends with it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PREAMBLE = """
import json, os, signal, subprocess, sys, time
from pathlib import Path
from portal.platform.processes import Child, run
from portal.platform.postgres import Cluster

def note(**facts):
    with open(sys.argv[1], "a") as file:
        file.write(json.dumps(facts) + chr(10))

def part(name, seconds=0.0):
    def target():
        def leave(*_):
            time.sleep(seconds)
            note(left=name, at=time.monotonic())
            sys.exit(0)
        signal.signal(signal.SIGTERM, leave)
        note(part=name, pid=os.getpid())
        while True:
            time.sleep(60)
    return target

def ready():
    note(ready=os.getpid())
"""
THREE = """
parts = [Child("web", part("web")), Child("worker", part("worker", 0.2)), Child("scheduler", part("scheduler"))]
sys.exit(run(parts, ready=ready, answers=lambda: Path(sys.argv[1]).read_text().count("part") == 3))
"""


class Tree:
    """A supervisor in a process of its own, and what its parts have noted."""

    def __init__(self, folder: Path, program: str) -> None:
        self.notebook = folder / "notes"
        self.notebook.touch()
        self.supervisor = subprocess.Popen([sys.executable, "-c", PREAMBLE + program, self.notebook])

    def notes(self, word: str) -> list[dict]:
        lines = [json.loads(line) for line in self.notebook.read_text().splitlines()]
        return [line for line in lines if word in line]

    def pids(self, part: str) -> list[int]:
        return [note["pid"] for note in self.notes("part") if note["part"] == part]

    def until(self, true: Callable[[], object]) -> None:
        patience = time.monotonic() + 15
        while not true():
            assert time.monotonic() < patience, self.notebook.read_text()
            time.sleep(0.01)

    def ended(self) -> bool:
        return not any(alive(note["pid"]) for note in self.notes("part"))


def alive(pid: int) -> bool:
    """Neither gone nor a zombie that nobody has buried yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Callable[[str], Tree]]:
    planted: list[Tree] = []

    def plant(program: str) -> Tree:
        planted.append(Tree(tmp_path, program))
        return planted[-1]

    yield plant
    for one in planted:
        one.supervisor.kill()
        one.supervisor.wait()


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_parts_in_their_order_and_leaves_nothing(tree: Callable[[str], Tree], order: signal.Signals):
    portal = tree(THREE)
    portal.until(lambda: portal.notes("ready"))
    portal.supervisor.send_signal(order)
    assert portal.supervisor.wait(10) == 0
    assert [note["left"] for note in portal.notes("left")] == ["web", "worker", "scheduler"]
    assert portal.ended()


def test_ctrl_c_in_a_terminal_reaches_the_supervisor_alone(tree: Callable[[str], Tree]):
    portal = tree(THREE)
    portal.until(lambda: portal.notes("ready"))
    assert os.getpgid(portal.supervisor.pid) not in {os.getpgid(note["pid"]) for note in portal.notes("part")}


def test_a_killed_supervisor_takes_everything_along(tree: Callable[[str], Tree]):
    portal = tree(THREE)
    portal.until(lambda: portal.notes("ready"))
    portal.supervisor.kill()
    portal.until(portal.ended)
    assert not portal.notes("left")


def test_a_killed_part_comes_back_however_often(tree: Callable[[str], Tree]):
    portal = tree(THREE)
    portal.until(lambda: portal.notes("ready"))
    for times in range(1, 4):
        os.kill(portal.pids("worker")[-1], signal.SIGKILL)
        portal.until(lambda times=times: len(portal.pids("worker")) == times + 1)
    assert len(portal.pids("web")) == 1
    portal.supervisor.terminate()
    assert portal.supervisor.wait(10) == 0
    assert portal.ended()


def test_a_part_that_does_not_start_ends_the_portal_with_an_error(tree: Callable[[str], Tree]):
    portal = tree(
        """
def broken(): raise RuntimeError("no such table")
sys.exit(run([Child("web", part("web")), Child("worker", broken)], answers=lambda: False, ready=ready))
"""
    )
    assert portal.supervisor.wait(10) == 1
    assert not portal.notes("ready")
    assert portal.ended()


def test_a_portal_that_never_answers_is_given_up(tree: Callable[[str], Tree]):
    portal = tree(
        """
from portal.platform import processes
processes.UNREADY = 0.3
sys.exit(run([Child("web", part("web"))], answers=lambda: False, ready=ready))
"""
    )
    assert portal.supervisor.wait(10) == 1
    assert not portal.notes("ready")
    assert portal.ended()


def test_a_part_that_keeps_failing_ends_the_portal_in_the_end(tree: Callable[[str], Tree]):
    portal = tree(
        """
from portal.platform import processes
processes.TRIES = 3
def fragile(): note(part="fragile", pid=os.getpid()); time.sleep(0.1); os._exit(7)
sys.exit(run([Child("web", part("web")), Child("fragile", fragile)], ready=ready))
"""
    )
    assert portal.supervisor.wait(10) == 1
    assert len(portal.pids("fragile")) == 3
    assert portal.ended()


def test_a_part_that_does_not_listen_is_killed_with_what_it_started(tree: Callable[[str], Tree]):
    portal = tree(
        """
def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(part="below", pid=subprocess.Popen(["/bin/sleep", "60"]).pid)
    time.sleep(60)
noted = lambda: "below" in Path(sys.argv[1]).read_text()
sys.exit(run([Child("deaf", deaf, patience=0.2)], ready=ready, answers=noted))
"""
    )
    portal.until(lambda: portal.notes("ready"))
    portal.supervisor.terminate()
    assert portal.supervisor.wait(10) == 0
    portal.until(portal.ended)


def test_a_second_signal_shortens_the_goodbye(tree: Callable[[str], Tree]):
    portal = tree("""sys.exit(run([Child("web", part("web", 60), patience=60)], ready=ready))""")
    portal.until(lambda: portal.notes("part"))
    portal.supervisor.send_signal(signal.SIGINT)
    time.sleep(0.2)
    portal.supervisor.send_signal(signal.SIGINT)
    assert portal.supervisor.wait(5) == 0
    assert portal.ended()


def test_a_killed_database_is_started_again_beside_the_parts(tree: Callable[[str], Tree], tmp_path: Path):
    portal = tree(
        """
with Cluster.open(Path(sys.argv[1]).parent / "pg", fsync=False) as cluster:
    def started():
        return note(part="PostgreSQL", pid=cluster.pid) or note(ready=1)
    revive = cluster.revive
    def again():
        revive(); note(part="PostgreSQL", pid=cluster.pid)
    cluster.revive = again
    code = run([Child("web", part("web"))], keep=[cluster], ready=started)
sys.exit(code)
"""
    )
    portal.until(lambda: portal.notes("ready"))
    os.kill(portal.pids("PostgreSQL")[0], signal.SIGKILL)
    portal.until(lambda: len(portal.pids("PostgreSQL")) == 2)
    assert len(portal.pids("web")) == 1
    portal.supervisor.terminate()
    assert portal.supervisor.wait(10) == 0
    assert portal.ended()
    assert not (tmp_path / "pg" / "postmaster.pid").exists()


def test_threads_before_a_fork_are_a_mistake(tree: Callable[[str], Tree]):
    portal = tree(
        """
import threading
threading.Thread(target=time.sleep, args=(1,)).start()
run([Child("web", part("web"))])
"""
    )
    assert portal.supervisor.wait(10) == 1
    assert not portal.notes("part")
