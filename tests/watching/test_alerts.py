"""The alerts that we hand out ask for figures that there are, with labels that they have."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.platform.settings import override
from portal.platform.watching import exposition, metrics
from portal.platform.watching.waiting import Waiting

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
NAMED = re.compile(r"\bportal_\w+")
LABELLED = re.compile(r"\b(portal_\w+)\{(\w+)")


@pytest.fixture
def page(connected: None, tmp_path) -> str:
    """Every figure that there is."""
    kinds = ("queued", "running", "dead", "worker", "scheduler", "unsealed", "mail", "unconfirmed")
    with override(data=tmp_path):
        metrics.begin("web")
        metrics.request("GET", "/orders", 200, 0.1, 4)
        metrics.job("messaging.send", "done", 0.1, 4)
        metrics.given_up("messaging.send")
        metrics.rendered("invoice", "done", 0.1)
        metrics.connections("main", 1, 1, 10)
        told = metrics.instruments()
        assert told is not None
        metrics.waited(0.2)
        shown = exposition.text(told.folder, [Waiting(kind, "", 1, 2.0) for kind in kinds])
        metrics.end()
    return shown.decode()


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for group in yaml.safe_load((GUIDES / "prometheus-rules.yml").read_text())["groups"]
        for rule in group["rules"]
    ]


def test_every_alert_asks_for_figures_that_there_are(page: str):
    there = set(re.findall(r"^(portal_\w+)", page, re.MULTILINE))
    labels = {(name, label) for name, given in re.findall(r"^(portal_\w+)\{(.*?)\} ", page, re.MULTILINE)
               for label in re.findall(r'(\w+)="', given)}  # fmt: skip
    for rule in rules():
        assert set(NAMED.findall(rule["expr"])) - there == set(), rule["alert"]
        assert set(LABELLED.findall(rule["expr"])) - labels == set(), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "mend"}


def test_the_guide_names_every_figure_and_no_other(page: str):
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"^(portal_\w+)", page, re.MULTILINE)}
    named = set(NAMED.findall((GUIDES / "operating.md").read_text()))
    assert families - named - {"portal_schedulers", "portal_workers"} == set()
    assert named - families == set()
