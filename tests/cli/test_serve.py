"""`portal serve`: one socket, several processes behind it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

STAND_IN = Path(__file__).with_name("stand_in.py")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def test_processes_share_the_address_and_replace_each_other(tmp_path: Path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    modules = os.pathsep.join([str(STAND_IN.parents[2]), *filter(None, sys.path)])
    known = {"PYTHONPATH": modules, "PORTAL_DATABASE_URL": "postgresql://db/portal", "PORTAL_DATA": str(tmp_path)}
    command = [sys.executable, STAND_IN, "serve", "--port", "0", "--processes", "2"]
    portal = subprocess.Popen(command, env=clean | known, stderr=subprocess.PIPE, text=True)
    try:
        assert portal.stderr
        serving = json.loads(portal.stderr.readline())
        assert (serving["event"], serving["processes"]) == ("serving", 2)
        first = {int(fetch(f"{serving['url']}/pid")) for _ in range(40)}
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        assert int(fetch(f"{serving['url']}/pid")) not in first
        portal.terminate()
        assert portal.wait(20) == 0
    finally:
        portal.kill()
        portal.communicate()
