"""What every tracked file of the repository must keep: no address of a registry, hashed locks, the house budgets."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "tests/requirements.lock", "package-lock.json")

REGISTRIES = re.compile(
    r"\bpypi\.org|python[h]osted|npm[j]s|registry\.npm|js[d]elivr|un[p]kg|cdn[j]s|(deb|security|snapshot)\.debian"
    r"|archive\.ubuntu|node[s]ource|extra-[i]ndex|(index|find-links|registry)(-url)?[= ]https?:",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.~}])/(work|root|home/\w+|Users/\w+)/")
TOP_LEVEL = {
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile"),
    *("pyproject.toml", "requirements.lock", "package.json", "package-lock.json", "hatch_build.py"),
    *("portal", "policies", "templates", "migrations", "tests", "docs", "deploy"),
}
FILE, FUNCTION, TEMPLATE = 300, 40, 80


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    """Every tracked file that is text, with its place in the repository."""
    return [(path.relative_to(ROOT), path.read_text(errors="ignore")) for path in tracked()]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(lock: str) -> dict[str, str]:
    """Name → version of each package in a Python lock."""
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def found(pattern: re.Pattern[str], files: list[tuple[Path, str]]) -> list[str]:
    return [f"{path}: {match[0]}" for path, text in files for match in pattern.finditer(text)]


def test_no_file_names_a_registry():
    assert found(REGISTRIES, texts()) == []


def test_no_file_names_a_place_on_somebodys_machine():
    assert found(MACHINE_PATHS, texts()) == []


def test_locks_hold_names_versions_and_hashes_alone():
    locks = [(path, text) for path, text in texts() if str(path) in LOCKS]
    assert len(locks) == len(LOCKS)
    assert found(re.compile(r'"resolved"|file:|/tmp/|^ *# via|^--|^-e ', re.MULTILINE), locks) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/requirements.lock"])
def test_every_locked_python_package_is_hashed(lock):
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_locked_npm_package_is_hashed():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if name and not entry.get("integrity")] == []


def test_the_locks_are_those_of_the_project():
    groups = project()["dependency-groups"]
    runtime = project()["project"]["dependencies"]
    for lock, wanted in {
        "requirements.lock": runtime,
        "tests/requirements.lock": [*runtime, *groups["dev"], *groups["build"]],
    }.items():
        pins = locked(lock)
        for requirement in map(Requirement, wanted):
            pin = pins.get(canonicalize_name(requirement.name))
            assert pin is not None, f"{lock} lacks {requirement.name}: run make lock"
            assert requirement.specifier.contains(pin), f"{lock} has {requirement.name} {pin}: run make lock"


def test_tests_run_on_the_versions_that_production_gets():
    assert locked("requirements.lock").items() <= locked("tests/requirements.lock").items()


def test_nothing_for_tests_or_builds_is_installed_with_the_portal():
    groups = project()["dependency-groups"]
    ours = {canonicalize_name(Requirement(name).name) for name in [*groups["dev"], *groups["build"]]} - {"httpx"}
    assert ours & locked("requirements.lock").keys() == set()


def test_set_up_builds_with_the_pins_that_the_wheel_builds_with():
    assert project()["dependency-groups"]["build"] == project()["build-system"]["requires"]
    assert all("==" in requirement for requirement in project()["build-system"]["requires"])


def test_the_abandoned_casbin_never_comes_in_beside_pycasbin():
    """Both install the package `casbin`; whichever comes last would win."""
    assert "casbin" not in locked("tests/requirements.lock")
    assert "pycasbin" in locked("requirements.lock")


def test_the_top_level_holds_nothing_unexpected():
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top - TOP_LEVEL if not name.startswith(".")} == set()


def test_no_minified_file_of_others_is_committed():
    assert [path for path in tracked() if ".min." in path.name or "vendor" in path.relative_to(ROOT).parts] == []


def test_files_functions_and_templates_stay_within_the_house_budgets():
    over = []
    for path, text in texts():
        if path.suffix == ".py":
            over += [f"{path}: {text.count(chr(10))} lines"] if text.count("\n") > FILE else []
            over += [f"{path}: {name} has {size} lines" for name, size in functions(text) if size > FUNCTION]
        if path.parts[0] == "templates" and text.count("\n") > TEMPLATE:
            over.append(f"{path}: {text.count(chr(10))} lines")
    assert over == []


def functions(code: str) -> list[tuple[str, int]]:
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in nodes]
