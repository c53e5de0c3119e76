"""Mappings as files: what one writes down is read back as the same mapping."""

import re
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.operations.imports.kinds import PARTS
from portal.operations.imports.mapping import (
    Field,
    File,
    Format,
    Join,
    Made,
    Mapping,
    OrderTable,
    Rule,
    Skip,
    Table,
    decode,
    encode,
    load,
)
from tests.operations.adventureworks import MAPPING as ADVENTUREWORKS
from tests.operations.adventureworks import ROOT
from tests.operations.nordwerk import MAPPING as NORDWERK

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
names = st.text(string.ascii_letters + "äß .#/-'\"\\\n\t\x7f采", min_size=1, max_size=12)
files = st.text(string.ascii_letters + " *?.", min_size=1).filter(lambda name: name not in (".", ".."))
columns = st.lists(names, min_size=1, max_size=3).map(tuple)
dates = st.lists(st.sampled_from(["%d.%m.%Y", "excel", "%B %d, %Y %H:%M%z"]), max_size=3).map(tuple)
parts = st.integers(-3, -1) | st.integers(1, 3)
told = st.fixed_dictionaries({"texts": words | st.lists(words, min_size=1, max_size=3).map(tuple)}) | st.just(
    {"like": r"(?i)date (.*)"}
)
made = st.one_of(
    st.builds(Made, column=names, split=st.none() | st.sampled_from(["/", ", "]), part=parts),
    st.builds(Made, columns=columns, between=words),
    st.builds(Made, column=names, like=st.just(r"(\d+)-(.*)"), part=st.integers(0, 2)),
)
rules = st.builds(
    lambda which, becomes: Rule(**which, **becomes), told, st.builds(dict, to=words) | st.just({"reject": True})
)
values = st.dictionaries(words, words, max_size=3)
taken = st.sampled_from([None, "same", "first", "last", "least", "most", "sum"])
fields = st.one_of(
    names,
    st.builds(Field, constant=words),
    st.builds(
        Field,
        column=names,
        rules=st.lists(rules, max_size=2).map(tuple),
        empty=st.lists(words, max_size=2).map(tuple),
        map=st.none() | values,
        otherwise=st.none() | words,
        default=st.none() | words,
        times=st.none() | st.sampled_from(["100", "0.01"]),
        take=taken,
    ),
    st.builds(Field, columns=columns, between=words, prefix=words, dates=dates),
)
skips = st.builds(lambda column, which, unless: Skip(column=column, unless=unless, **which), names, told, st.booleans())
joins = st.builds(Join, name=names, file=files, on=st.dictionaries(names, names, max_size=3), first=st.booleans())
rows = {
    "file": files,
    "sheet": st.none() | words,
    "fill": st.lists(names, max_size=2).map(tuple),
    "derived": st.dictionaries(names, made, max_size=2),
    "skip": st.lists(skips, max_size=2).map(tuple),
}
table = rows | {
    "fields": st.dictionaries(names, fields, max_size=4),
    "joins": st.lists(joins, max_size=2).map(tuple),
    "keep": columns,
    "repeated": st.sampled_from(["error", "same", "first", "last"]),
}
tables = st.builds(Table, **table)
formats = st.builds(
    Format,
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", " ", "'"]),
    dates=dates,
    signs=st.lists(words, max_size=3).map(tuple),
    empty=st.lists(words, max_size=3).map(tuple),
    time_zone=st.sampled_from(["UTC", "Asia/Shanghai"]),
)
mappings = st.builds(
    Mapping,
    name=words,
    format=formats,
    values=st.dictionaries(names, values, max_size=2),
    files=st.dictionaries(
        words.map(lambda name: f"{name}:"), st.builds(File, **rows, format=st.none() | formats), max_size=2
    ),
    suppliers=st.none() | tables,
    orders=st.none() | st.builds(OrderTable, **table, lines=tables),
)


@given(mappings)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_mapping_that_is_written_down_is_read_back_as_the_same(mapping):
    assert decode(encode(mapping).encode()) == mapping


def test_the_mappings_that_people_wrote_survive_too():
    for mapping in (load(ADVENTUREWORKS), decode(NORDWERK.encode())):
        assert decode(encode(mapping).encode()) == mapping


def test_a_mapping_reads_as_people_write_it():
    text = encode(decode(NORDWERK.encode()))
    assert 'name = "Nordwerk"\n\n[format]\ndecimal = ","' in text
    assert '[orders.lines.fields]\norder_number = { column = "Bestellung", prefix = "NW-" }\nline = "Pos"' in text
    assert "null" not in text


def test_the_mapping_in_the_guide_is_one():
    guide = (ROOT / "docs/guides/import.md").read_text()
    [shown] = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    mapping = decode(shown.encode())
    assert mapping.items is not None
    assert mapping.files["deliveries"].derived["Year"] == Made(column="Order", like=r"(\d{4})-.*")
    for part in PARTS.values():
        for name in part.fields:
            assert re.search(rf"\b{name}\b", guide), f"the guide does not name {name} of {part.name}"
