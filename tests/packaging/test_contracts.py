"""The import contracts of pyproject.toml, each tried on a small portal that breaks it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SOUND = {
    "platform/work": "",
    "web/pages": "from portal.platform import work",
    "access/guards": "",
    "access/tables": "",
    "orders/rules": "",
    "orders/states": "from portal.orders import rules",
    "orders/events": "",
    "orders/forms": "import msgspec",
    "orders/tables": "import piccolo\nfrom portal.access import tables\nfrom portal.orders import states",
    "orders/queries": "from portal.orders import tables",
    "orders/commands/issue": "from portal.orders import queries",
    "orders/pages": "import litestar\nfrom portal.access import guards\nfrom portal.orders.commands import issue",
    "shipments/tables": "from portal.orders import tables",
    "shipments/queries": "",
    "shipments/commands": "from portal.orders.commands import issue\nfrom portal.orders import forms",
    "app": "from portal.orders import pages\nfrom portal.shipments import tables",
    "cli": "import portal.app",
}


def judged(folder: Path, changes: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`lint-imports` with our own contracts over a made-up portal in `folder`: SOUND with some modules changed."""
    for name, code in {**SOUND, **changes}.items():
        module = folder / "portal" / f"{name}.py"
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(code + "\n")
        for package in module.relative_to(folder).parents[:-1]:
            (folder / package / "__init__.py").touch()
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_a_portal_that_keeps_the_four_contracts_is_let_pass(tmp_path):
    verdict = judged(tmp_path, {})
    assert "Contracts: 4 kept, 0 broken." in verdict.stdout, verdict.stdout + verdict.stderr
    assert verdict.returncode == 0


@pytest.mark.parametrize(
    ("contract", "changes"),
    [
        ("Later steps", {"orders/queries": "from portal.shipments import queries"}),
        ("Later steps", {"platform/work": "from portal.web import pages"}),
        ("Later steps", {"unplaced/rules": ""}),
        ("Inside a capability", {"orders/rules": "from portal.orders import events"}),
        ("Inside a capability", {"orders/tables": "from portal.orders.commands import issue"}),
        (
            "Inside a capability",
            {"orders/events": "from portal.orders import aside", "orders/aside": "from . import forms"},
        ),
        ("Rules, states", {"orders/rules": "import piccolo.columns"}),
        ("Rules, states", {"catalogue/forms/entry": "from litestar import get"}),
        ("Neighbours", {"shipments/commands": "from portal.orders import tables"}),
        ("Neighbours", {"shipments/tables": "from portal.orders.rules import total"}),
        ("Neighbours", {"shipments/queries": "from portal.access import tables"}),
        ("Neighbours", {"shipments/pages": "from portal import orders"}),
    ],
)
def test_each_contract_bites(tmp_path, contract, changes):
    verdict = judged(tmp_path, changes)
    broken = [line for line in verdict.stdout.splitlines() if line.endswith("BROKEN")]
    assert len(broken) == 1, verdict.stdout + verdict.stderr
    assert broken[0].startswith(contract)
    assert verdict.returncode == 1
