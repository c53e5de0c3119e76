"""What Piccolo's tables say is what PostgreSQL has: the migrations are hand-written, so a test holds both together."""

import importlib
import pkgutil
import re
from typing import Any

import pytest
from piccolo.columns import JSON, JSONB, UUID, Array, BigInt, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz

import portal
from portal.platform.paths import resource
from portal.platform.work import Row

TYPES = {
    UUID: "uuid",
    Text: "text",
    Integer: "int4",
    BigInt: "int8",
    Numeric: "numeric",
    Boolean: "bool",
    Date: "date",
    Timestamptz: "timestamptz",
    JSONB: "jsonb",
    JSON: "json",
    Bytea: "bytea",
}


def _type_of(column: Any) -> str:
    return f"_{TYPES[type(column.base_column)]}" if isinstance(column, Array) else TYPES[type(column)]


def tables() -> list[type[Row]]:
    for _finder, name, _is_package in pkgutil.walk_packages(portal.__path__, "portal."):
        if name.endswith(".tables"):
            importlib.import_module(name)
    return sorted(Row.__subclasses__(), key=lambda table: table.table_name())


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.table_name())
def test_a_table_has_the_columns_that_the_database_has(superuser, table):
    found = superuser.execute(
        "select column_name, udt_name, is_nullable = 'YES' from information_schema.columns "
        "where table_schema = 'public' and table_name = %s",
        [table.table_name()],
    ).fetchall()
    declared = {
        (column._meta.db_column_name, _type_of(column), column._meta.null or column._meta.primary_key)
        for column in table._meta.columns
    }

    assert {row[:2] for row in found} == {row[:2] for row in declared}
    nullable = {name for name, _kind, null in found if null}
    assert nullable == {column._meta.db_column_name for column in table._meta.columns if column._meta.null}


def test_migrations_run_in_the_order_of_their_numbers_and_none_hides_another():
    files = sorted(resource("migrations").glob("portal_*.py"))
    ids = [re.findall(r'^ID = "(.+)"$', file.read_text(), re.MULTILINE) for file in files]
    assert [len(found) for found in ids] == [1] * len(files)
    assert ids == sorted(ids)
    assert len({found[0] for found in ids}) == len(files)
