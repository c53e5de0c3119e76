"""The second wall, read from PostgreSQL's own catalogue: no table is forgotten."""

import psycopg
import pytest

# Tables without rows of anybody: Piccolo's list of migrations, and the queue's own bookkeeping (ids and names of jobs).
NOBODYS = {"migration"}


def rows(superuser: psycopg.Connection, sql: str) -> set[str]:
    return {row[0] for row in superuser.execute(sql.encode()).fetchall()}


def test_every_table_of_the_portal_forces_row_level_security(superuser):
    tables = rows(
        superuser, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )
    forced = rows(
        superuser,
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') "
        "and relrowsecurity and relforcerowsecurity",
    )

    assert tables - forced - NOBODYS == set()
    assert len(tables) > 15


def test_every_view_asks_with_its_readers_rights(superuser):
    views = rows(
        superuser,
        "select c.oid::regclass::text from pg_class c left join pg_depend d on d.objid = c.oid and d.deptype = 'e' "
        "where relkind = 'v' and relnamespace in ('public'::regnamespace, 'portal'::regnamespace) and d.objid is null",
    )
    invoked = rows(
        superuser, "select oid::regclass::text from pg_class where 'security_invoker=true' = any(reloptions)"
    )

    assert "portal.member" in views
    assert views - invoked == set()


def test_the_application_owns_nothing_and_cannot_step_round_the_wall(superuser):
    role = superuser.execute(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'portal_app'"
    ).fetchone()
    owned = superuser.execute(
        "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'portal_app'"
    ).fetchone()
    member = superuser.execute(
        "select roleid::regrole::text, inherit_option from pg_auth_members where member = 'portal_app'::regrole"
    ).fetchall()

    assert role == (False, False, False, False)
    assert owned == (0,)
    assert member == [("portal_scoped", False)]


def test_who_reads_in_part_reads_as_a_role_that_can_do_nothing_else(superuser):
    role = superuser.execute(
        "select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
        "where rolname = 'portal_scoped'"
    ).fetchone()
    granted = (
        "select privilege_type || ' ' || table_name from information_schema.role_table_grants "
        "where table_schema in ('public', 'portal') and grantee = '{}'"
    )
    rights, rights_of_all = (rows(superuser, granted.format(name)) for name in ("portal_scoped", "portal_app"))
    member = superuser.execute("select from pg_auth_members where member = 'portal_scoped'::regrole").fetchall()
    acts = rows(
        superuser,
        "select proname from pg_proc where pronamespace = 'portal'::regnamespace and prosecdef and provolatile = 'v' "
        "and has_function_privilege('portal_scoped', oid, 'execute')",
    )

    assert role == (False,) * 5
    assert rights == {right for right in rights_of_all if right.startswith("SELECT ")}
    assert member == []
    assert acts == set()


def test_without_a_context_there_are_no_rows(superuser, connected):
    from portal.platform.settings import settings

    tables = rows(
        superuser,
        "select table_name from information_schema.role_table_grants "
        "where grantee = 'portal_app' and privilege_type = 'SELECT' and table_schema = 'public'",
    )
    with psycopg.connect(str(settings().database_url), autocommit=True) as application:
        counts = {table: application.execute(f"select count(*) from {table}".encode()).fetchone() for table in tables}

    assert {table for table, count in counts.items() if count != (0,)} == set()


GATE = {
    "account_with", "accounts_tried", "add_signing_key", "api_key_member", "audit_hashes", "await_seal",
    "begin_ceremony", "begin_sign_in", "certify_file", "clean_up", "close_session", "count_orders",
    "destroy_person_key", "dispose_document", "drop_factors", "duties_of", "end_ceremony", "end_sessions",
    "end_sessions_here", "end_sign_in", "erase_person", "every_member", "every_organisation", "file_store",
    "find_credit_notes", "find_invoices", "find_items", "find_orders", "fingerprint_key", "forget_attempt",
    "forget_invitation", "forget_person", "hand_over", "has_factor", "hosts", "is_held", "is_person_held",
    "issued_files", "know_address", "last_checkpoint", "last_policy", "link_sent", "link_taken_back", "link_to_send",
    "loads_told", "look", "make_link", "mark_file_store", "member_named", "members", "memberships_of_session", "names",
    "newest_files", "note_policy", "note_session_end", "only_buyer", "open_link", "open_session", "orders_of",
    "organisation_ids", "organisations", "passkey_holder", "passkey_used", "person_with_email", "policy_loaded",
    "policy_loads", "provider_of", "rate_of", "rates_today", "ratings_shown", "reapply_erasures", "refuse_both_sides",
    "refuse_shared_people", "registered_as", "remark", "renew_session", "reseal", "reset_candidate", "seal",
    "sealed_samples", "sealed_secrets", "session_member", "set_password", "shared_marks", "sign_in_candidate",
    "signing_keys", "take_side", "unaccepted", "unnamed_files", "unsealed", "use_link", "waiting", "why_signed_out",
    "witnessed",
}  # fmt: skip


def test_the_gate_is_a_short_list_that_everybody_can_read(superuser):
    gated = rows(superuser, "select proname from pg_proc where prosecdef and pronamespace = 'portal'::regnamespace")
    owners = rows(
        superuser,
        "select distinct rolname from pg_proc p join pg_roles r on r.oid = p.proowner "
        "where prosecdef and pronamespace = 'portal'::regnamespace",
    )

    assert owners == {"portal_gate"}
    assert gated == GATE


def test_the_gate_opens_for_the_application_alone(superuser):
    public = rows(
        superuser,
        "select proname from pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) a "
        "where prosecdef and pronamespace = 'portal'::regnamespace and a.grantee = 0",
    )
    assert public == set()


def test_the_application_never_lists_all_tenants_nor_who_belongs_to_them(connected):
    from portal.platform.settings import settings

    with psycopg.connect(str(settings().database_url), autocommit=True) as application:
        for listing in ("portal.organisations(null)", "portal.members(null)"):
            assert application.execute(f"select * from {listing}".encode()).fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("select * from portal.every_member()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("select * from portal.every_organisation()")


@pytest.mark.parametrize("table", ["ceremony", "credential", "mail_link", "sign_in_attempt"])
def test_passwords_cannot_be_read_by_the_application_at_all(connected, table):
    from portal.platform.settings import settings

    with (
        psycopg.connect(str(settings().database_url), autocommit=True) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute(f"select * from {table}".encode())
