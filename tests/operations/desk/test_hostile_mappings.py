"""Mappings made to keep the server busy, or to make it fail: a sentence at once, and nothing of them stays."""

import asyncio
import threading
import time

import pytest

from portal.operations.desk.commands.start import RUN
from portal.operations.imports.aside import aside
from tests.harness.jobs import run_jobs
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, brought, mapped
from tests.operations.desk.test_progress import its
from tests.operations.nordwerk import ITEMS, MAPPING, SUPPLIERS

HOSTILE = {
    "a key of 40,000 parts": ("a." * 40_000 + "a = 1", "no key has 20 parts"),
    "a table of 400 parts": ("[" + ".".join(["'a b'"] * 400) + "]", "no key has 20 parts"),
    "nested arrays": ("a = " + "[" * 5_000, "nested too deeply"),
    "nested tables": ("a = " + "{ a = " * 5_000, "nested too deeply"),
    "3,000 ways of writing dates": (MAPPING.replace('"%d.%m.%Y"', '"%d.%m.%Y", ' * 3_000), "length <= 30"),
    "a way of writing dates that says the day twice": (MAPPING.replace("%d.%m.%Y", "%d%d"), "no way of writing a date"),
    "two time zones": (MAPPING.replace("%d.%m.%Y", "%Z%Z"), "no way of writing a date"),
    "a stray per cent": (MAPPING.replace("%d.%m.%Y", "%d.%m.%Y%"), "no way of writing a date"),
    "dates of one field": (MAPPING.replace('"Termin"', '{ column = "Termin", dates = ["%d%d"] }'), "no way of writing"),
    "an encoding with a NUL": (MAPPING.replace("[format]", '[format]\nencoding = "utf-8\\u0000"'), "encoding"),
    "an encoding of 200,000 letters": (MAPPING.replace("[format]", f'[format]\nencoding = "{"u" * 200_000}"'), "<= 40"),
    "no encoding of texts": (MAPPING.replace("[format]", '[format]\nencoding = "rot13"'), "not one that is known"),
    "an encoding of names": (MAPPING.replace("[format]", '[format]\nencoding = "idna"'), "not one that is known"),
    "very many signs": (MAPPING.replace("[format]", f"[format]\nsigns = {['€'] * 60}"), "length <= 50"),
}
MANY = SUPPLIERS + "".join(f"{n};Name {n};DE;Ort\n" for n in range(80_000, 580_000))
GATHERED = MAPPING.replace('file = "Lieferanten*.csv"', 'file = "Lieferanten*.csv"\nrepeated = "last"')


@pytest.mark.parametrize("case", HOSTILE)
async def test_it_is_refused_at_once_with_a_sentence(client_of, case):
    text, sentence = HOSTILE[case]
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    began = time.process_time()
    answer = await client.put(f"{API}/{made['id']}/mapping", json={"kind": "items", "mapping": text})
    assert time.process_time() - began < 1
    assert answer.status_code == 422, answer.text
    assert sentence in answer.text
    kept = await client.post("/api/v1/import-mappings", json={"name": "Hostile", "mapping": text})
    assert kept.status_code == 422
    assert (await client.get(f"/imports/{made['id']}")).status_code == 200


async def test_very_many_patterns_are_refused(client_of):
    rules = ", ".join('{ like = "a.*", to = "" }' for _rule in range(90))
    text = MAPPING
    for column in ("Nr", "Name", "Ort"):
        text = text.replace(f'= "{column}"\n', f'= {{ column = "{column}", rules = [{rules}] }}\n', 1)
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    answer = await client.put(f"{API}/{made['id']}/mapping", json={"kind": "items", "mapping": text})
    assert answer.status_code == 422
    assert "at most 200 patterns" in answer.text


async def test_imports_that_were_cancelled_are_read_no_further(client_of):
    """Three of them, each with half a million rows that are gathered before the first is staged, leave the threads that
    read imports free within the time of a row."""
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    for _time in range(3):
        made = await brought(client, ("Lieferanten.csv", MANY))
        await mapped(client, made["id"], "suppliers", GATHERED)
        await client.post(f"{API}/{made['id']}/start", json={"trial": False})
        working = asyncio.create_task(run_jobs(RUN))
        await its(client, made["id"], "running")
        await client.post(f"{API}/{made['id']}/cancel")
        await working
        await its(client, made["id"], "cancelled")
    all_free = threading.Barrier(4, timeout=1)
    await asyncio.gather(*(aside(all_free.wait) for _thread in range(4)))
