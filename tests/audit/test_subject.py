"""Who asks what is kept about them is told of every row that names them, whatever kind of table it stands in."""

from typing import Any

from portal.oversight.commands import set_owners
from portal.oversight.forms import OwnersForm
from portal.platform.convert import convert
from tests.harness.oversight import open_campaign
from tests.harness.world import issued_order, trading_pair

OWN = {"person", "membership", "session", "api_key", "mail_message", "staff_account"}
COLUMNS = """
select table_name, column_name, udt_name from information_schema.columns c join pg_class t on t.relname = c.table_name
where table_schema = 'public' and udt_name in ('uuid', '_uuid') and t.relkind in ('r', 'p') and not t.relispartition
  and t.relnamespace = 'public'::regnamespace and table_name not like 'audit%'
  and has_table_privilege('portal_app', t.oid, 'select')
"""


def naming(superuser: Any, person: Any) -> set[tuple[str, str]]:
    """Table and column of everything that names somebody by an id or in a list of ids."""
    found = set()
    for table, column, kind in superuser.execute(COLUMNS).fetchall():
        condition = f"%s = any({column})" if kind == "_uuid" else f"{column} = %s"
        if superuser.execute(f"select count(*) from {table} where {condition}", [person]).fetchone()[0]:
            found.add((table, column))
    return {(table, column) for table, column in found if table not in OWN}


async def test_what_is_kept_about_somebody_is_all_that_names_them(client_of, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    approver = company.approver
    await set_owners(company.administrator, "buyer", convert(OwnersForm, {"owners": [str(approver.person)]}))
    await open_campaign(company)

    told = (await (await client_of(approver)).get("/profile/data.json")).json()["records"]

    columns = {(table, row["as"]) for table, rows in told.items() for row in rows}
    assert {("duty_taken", "person_id"), ("role_owner", "owners"), ("reviewed_role", "reviewers")} <= columns
    assert naming(superuser, approver.person_id) <= columns
