"""Text that is hard to set: five hundred lines, words without an end, names from right to left. All of it stays on the
paper, in the order in which it is read."""

from typing import Any

import pytest

from tests.documents import samples
from tests.documents.test_document_press import opened, printed, words

MARGIN = 40  # points; the least that every kind of document leaves free at its sides
EDGE = 10  # points; at its top and bottom, where only running lines stand
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
CHINESE = "高强度六角头螺栓镀锌钢结构连接副" * 15
FREE = frozenset(
    {"name", "street", "city", "region", "note", "description", "payment_terms", "incoterm", "carrier", "batch"}
    | {"tracking_number", "substitute_item", "item_number", "email", "registration_number"}
)
NUMBERS = {"order_number": 60, "number": 100}  # characters that a number may have at most


def stretched(value: Any, word: str) -> Any:
    """The snapshot with every free text in it as one long word."""
    if isinstance(value, dict):
        known = dict.fromkeys(FREE, word) | {name: word[:most] for name, most in NUMBERS.items()}
        return {name: known[name] if name in known and part else stretched(part, word) for name, part in value.items()}
    return [stretched(part, word) for part in value] if isinstance(value, list) else value


def outside(pdf: Any) -> list[str]:
    """What stands beyond the paper's sides, top or bottom."""
    return [
        found[4]
        for page in pdf
        for found in page.get_text("words")
        if found[0] < MARGIN
        or found[2] > page.rect.width - MARGIN
        or not EDGE < found[1] < found[3] < page.rect.height - EDGE
    ]


@pytest.mark.parametrize("word", [WORD, CHINESE])
@pytest.mark.parametrize(
    ("kind", "snapshot"),
    [
        ("purchase-order", samples.order([samples.line(1), samples.line(2)])),
        ("despatch-advice", samples.advice([samples.advice_line(1)])),
        ("invoice", samples.invoice([samples.line(1)])),
        ("statement", samples.statement(orders=2, invoices=2, credited="-1.00")),
    ],
)
async def test_words_without_an_end_break_inside_the_page_wherever_they_stand(kind, snapshot, word):
    with opened(await printed(kind, stretched(snapshot, word))) as pdf:
        assert outside(pdf) == []
        text = "".join("".join(words(page) for page in pdf).split())
    assert text.count(word) + text.count(word[:20]) >= 6


async def test_five_hundred_lines_are_all_there_each_once_and_whole():
    lines = [samples.line(n, description=f"{samples.LONG} {n:03d}") for n in range(1, 501)]
    with opened(await printed("purchase-order", samples.order(lines))) as pdf:
        assert outside(pdf) == []
        pages = [words(page) for page in pdf]
    text = " ".join(pages)
    assert [n for n in range(1, 501) if text.count(f"IT-{n:05d}") != 1] == []
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))


async def test_a_long_note_runs_over_pages_and_loses_nothing():
    note = "\n\n".join(f"Clause {n}: {samples.LONG}, {samples.LONG}." for n in range(1, 121))
    with opened(await printed("purchase-order", samples.order([samples.line(1)], note=note))) as pdf:
        assert outside(pdf) == []
        assert pdf.page_count > 3
        text = " ".join(words(page) for page in pdf)
    assert [n for n in range(1, 121) if f"Clause {n}:" not in text] == []


@pytest.mark.parametrize(("name", "first", "last"), [("אבג דהו בע״מ", "א", "ו"), ("شركة المصنع", "ش", "ع")])
async def test_a_name_from_right_to_left_is_read_from_the_right_and_leaves_figures_in_their_place(name, first, last):
    supplier = samples.party(name, "GB", street=f"{name} 17", city="Hull")
    line = samples.line(1, description=f"{name} M8 × 40")
    with opened(await printed("purchase-order", samples.order([line], supplier))) as pdf:
        assert outside(pdf) == []
        shown = [
            (letter["c"], letter["bbox"][0])
            for block in pdf[0].get_text("rawdict")["blocks"]
            for row in block.get("lines", ())
            for span in row["spans"]
            for letter in span["chars"]
        ]
        fonts = {font[1] for font in pdf[0].get_fonts()}
    assert fonts <= {"ttf", "otf", "cff"}
    at = {letter: [x for each, x in shown if each == letter] for letter in (first, last)}
    assert at[first]
    assert max(at[first]) > max(at[last])
