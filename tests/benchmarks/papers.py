"""W3: the PDF of an invoice of forty lines by the portal's presses, against bare WeasyPrint setting the same HTML."""

import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from portal.documents.press import Sheet
from portal.documents.pressroom import Press
from portal.documents.queries import wanted
from portal.documents.sheets import compose
from portal.platform.work import viewing
from tests.benchmarks.figures import Asked, Figure, Taken
from tests.benchmarks.machine import cpu_of, memory_of
from tests.benchmarks.stage import Spent, Stage
from tests.harness.deliveries import received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.world import accepted_order, line

LINES = 40
FEW = 20  # documents, where their number does not matter
# Sets the sheet on its standard input so many times and says how many seconds of a core each took.
BARE = """
import sys, time, msgspec
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
html, css = msgspec.msgpack.decode(sys.stdin.buffer.read())
fonts = FontConfiguration()
style = CSS(string=css, font_config=fonts)
set_one = lambda: HTML(string=html).write_pdf(font_config=fonts, stylesheets=[style], pdf_variant="pdf/ua-1")
set_one()
began = time.process_time()
for _ in range(int(sys.argv[1])): set_one()
print((time.process_time() - began) / int(sys.argv[1]))
"""


async def workloads(stage: Stage, asked: Asked) -> list[Figure]:
    made = await _invoice(stage)
    with stage.front():
        bare = statistics.median(_bare(made[0]) for _ in range(3)) * 1000
        one, alone = _set(made, 1, FEW)
        two, together = _set(made, 2, FEW)
        flat = _flat(made, asked.documents)
    share = bare / (one.spent.cpu * 1000)
    return [
        one.figure("W3 invoice of 40 lines", asked.orders, bare, share_of_bare=share, bare_ms=bare),
        two.figure(
            "W3 by two processes", asked.orders, bare, times_one=together / alone, documents_per_second=together
        ),
        Figure(name="W3 memory", orders=asked.orders, more=flat),
    ]


async def _invoice(stage: Stage) -> tuple[Sheet, Any]:
    """The sheet of a real invoice, and how to compose it again."""
    async with stage.as_portal():
        lines = [line(description=f"Hex bolt M8 × {n}, zinc plated", quantity=str(n)) for n in range(1, LINES + 1)]
        order = await accepted_order(stage.company, stage.supplier, *lines)
        await received_goods(stage.company, order, *(each["quantity"] for each in lines))
        invoice = await submitted_invoice(stage.supplier, order)
        async with viewing(stage.company.payable) as view:
            wish = await wanted(view, "invoice", invoice.id)

    def again() -> Sheet:
        return compose(wish.template, wish.identity, wish.snapshot)

    return again(), again


def _bare(sheet: Sheet) -> float:
    import msgspec

    fonts = Path(sys.modules[Press.__module__].__file__ or "").with_name("fonts.conf")
    done = subprocess.run(
        [sys.executable, "-c", BARE, str(FEW)],
        input=msgspec.msgpack.encode([sheet.html, sheet.css]),
        env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(done.stdout)


def _set(made: tuple[Sheet, Any], presses: int, documents: int) -> tuple[Taken, float]:
    """So many documents by so many presses at once, composed and set; and how many a second that is."""
    sheet, again = made
    with ExitStack() as room:
        running = [Press() for _ in range(presses)]
        for press in running:
            room.callback(press.end)
            press.set(sheet, 60)
        own, before = time.process_time(), sum(cpu_of(press.pid) for press in running)
        began = time.perf_counter()

        def work(press: Press) -> list[float]:
            times = []
            for _ in range(documents):
                at = time.perf_counter()
                assert press.set(again(), 60).pdf
                times.append((time.perf_counter() - at) * 1000)
            return times

        with ThreadPoolExecutor(presses) as hands:
            times = [each for of in hands.map(work, running) for each in of]
        whole = time.perf_counter() - began
        cpu = time.process_time() - own + sum(cpu_of(press.pid) for press in running) - before
    count = presses * documents
    return Taken(times, Spent(0, cpu / count, 0, 0)), count / whole


def _flat(made: tuple[Sheet, Any], documents: int) -> dict[str, float]:
    """Megabytes of one press that is never replaced: after a tenth of the documents, and after all."""
    press, sheet = Press(), made[0]
    early = 0.0
    try:
        for number in range(documents):
            press.set(sheet, 60)
            if number == documents // 10:
                early = memory_of(press.pid)
        return {"documents": documents, "early_mb": early, "late_mb": memory_of(press.pid)}
    finally:
        press.end()
