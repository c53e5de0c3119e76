"""Everything a page says is translated, every icon it shows exists, and nothing in a template breaks the policy."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from portal.access.reading import Read
from portal.app import wire
from portal.audit.marks import MARKS
from portal.orders.pages.acts import ACTS
from portal.platform.paths import resource
from portal.platform.wiring import MENU
from portal.web.looks import LOOKS, TONES

PACKAGE = Path(__file__).resolve().parents[2] / "portal"
OPERATORS = {"cli", "demo"}  # the command line speaks to operators, in English; the demo tells a story
PRINTED = {"documents", "mails"}
TEMPLATES = sorted(path for path in resource("templates").rglob("*.html") if path.parent.name not in PRINTED)
METHODS = [("**.py", "python"), ("**.html", "jinja2")]


def test_every_word_of_pages_and_refusals_is_chinese_too() -> None:
    known = chinese()
    said = words_of(part for part in folders() if part.name not in OPERATORS)
    assert {text for text in said if not known.get(text)} == set()
    assert {text for text in said if places(text) != places(str(known[text]))} == set()


def test_no_chinese_is_left_over_for_words_that_nobody_says() -> None:
    assert chinese().keys() - words_of(folders()) == set()


def chinese() -> dict[str, str]:
    """The Chinese of every message."""
    with (resource("locales") / "zh_Hans/LC_MESSAGES/portal.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def folders() -> list[Path]:
    return [*(part for part in PACKAGE.iterdir() if part.is_dir()), resource("templates")]


def words_of(parts: Iterable[Path]) -> set[str]:
    """What is marked for translation, and what the duties say."""
    said = {str(found[2]) for part in parts for found in extract_from_dir(part, METHODS)}
    return said | {duty.meaning for duty in Read(resource("policies")).duties}


def places(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_every_icon_that_is_shown_is_in_the_sprite() -> None:
    wire()
    listed = set((PACKAGE / "web/icons.txt").read_text().split())
    named = {look.icon for look in LOOKS.values()}
    for path in TEMPLATES:
        named |= set(re.findall(r'icon\("([a-z0-9-]+)"', path.read_text()))
    named |= set(re.findall(r'Advice\("([a-z0-9-]+)"', (PACKAGE / "web/errors.py").read_text()))
    named |= {act.icon for act in ACTS.values()} | {mark.icon for mark in MARKS.values()}
    named |= {entry.icon for entry in MENU}
    assert named - listed == set()
    assert {look.tone for look in LOOKS.values()} <= set(TONES)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_template_is_short_and_holds_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 80
    assert not re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=|javascript:|\|safe\b", text)
