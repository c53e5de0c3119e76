"""Statements are told by their shape: never with a value, always with a name that a person recognises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.platform.database import context_sql
from portal.platform.ids import new_id
from portal.platform.watching.shapes import LONGEST, name, shape


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@given(st.text(alphabet="Zebrafinch' \\\n$;--/*", min_size=1).map(lambda text: f"Zebra{text}finch"))
def test_no_value_that_stands_in_a_statement_is_told(text: str):
    told = shape(f"select * from item where name = {quoted(text)} and size = 4711 -- for Zebra\n limit 50")
    assert "Zebra" not in told
    assert "finch" not in told
    assert told.startswith("select * from item where name = ? and size = ? limit ?")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select  a1,\n $1::int from t2 where b = $2", "select a1, $1::int from t2 where b = $2"),
        ("select 1.5e3, -7, x'AF', E'it\\'s Ada', $tag$Ada$tag$", "select ?, -?, ?, ?, ?"),
        ("select '{}'::jsonb || \"Col 1\"", 'select ?::jsonb || "Col ?"'),
    ],
)
def test_what_is_no_value_stays(sql: str, told: str):
    assert shape(sql) == told


def test_whose_rows_a_transaction_sees_is_not_told():
    organisation, person = new_id(), new_id()
    scope = b'{"sites": ["Berlin"]}'
    told = shape(f"BEGIN; {context_sql(organisation, person, scope)}")
    assert told.startswith("BEGIN; SELECT set_config(?, ?, true)")
    assert not any(each.hex()[:8] in told for each in (organisation.bytes, person.bytes, scope))


def test_long_statements_are_cut():
    assert len(shape("select " + "a, " * 5_000 + "b")) == LONGEST + 2


@pytest.mark.parametrize(
    ("sql", "called"),
    [
        ("select o.* from purchase_order o where id = $1", "SELECT purchase_order"),
        ("select 1 from item where id = $1 for no key update of item", "SELECT item"),
        ("with a as (insert into audit_entry (id) values ($1)) update purchase_order set x = $2", "INSERT audit_entry"),
        ("update only item set a = 1", "UPDATE item"),
        ("delete from t where x", "DELETE t"),
        ("select portal.now()", "SELECT portal.now"),
        ("select 1", "SELECT"),
        ("BEGIN; SELECT set_config('a', 'b', true)", "BEGIN"),
        ("COMMIT", "COMMIT"),
    ],
)
def test_a_statement_has_the_name_of_what_it_does(sql: str, called: str):
    assert name(shape(sql)) == called
