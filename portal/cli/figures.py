"""Whether ledgers, documents and settings tell one story: views of the database that are always empty."""

from collections.abc import Iterator

from portal.cli.checks import Finding
from portal.platform.settings import without_password

# What says of itself that it is always empty is asked, so that a new one cannot be forgotten.
ALWAYS_EMPTY = """
select c.relname from pg_class c where c.relkind = 'v' and c.relnamespace = 'portal'::regnamespace
  and obj_description(c.oid, 'pg_class') ilike '%empty%' order by 1
"""
_ORGANISATIONS = "select id::text, name from organisation order by name, id"
MEND = "restore a backup from before; until then trust the documents, not the figures"


def disagreements(app: str, owner: str) -> dict[str, list[str]]:
    """The views that are not empty, each with the names of the organisations of which they tell something."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(owner, connect_timeout=5) as connection:
        connection.execute("set role portal_gate")
        organisations = connection.execute(_ORGANISATIONS).fetchall()
    found: dict[str, list[str]] = {}
    with psycopg.connect(app, connect_timeout=5, autocommit=True) as connection:
        views = [name for (name,) in connection.execute(ALWAYS_EMPTY)]
        for organisation, name in organisations:
            connection.execute("select set_config('portal.organisation', %s, false)", [organisation])
            for view in views:
                asked = sql.SQL("select true from {} limit 1").format(sql.Identifier("portal", view))
                if connection.execute(asked).fetchone():
                    found.setdefault(view, []).append(name)
    return found


def figures(app: str | None, owner: str | None) -> Iterator[Finding]:
    """What the doctor asks when it is to look at all figures: it reads every order, so it is asked for by name."""
    import psycopg

    if app is None or owner is None:
        yield Finding("Figures", "note", "not looked at", "set PORTAL_DATABASE_URL and PORTAL_OWNER_URL")
        return
    try:
        found = disagreements(app, owner)
    except psycopg.Error as error:
        yield Finding("Figures", "bad", without_password(str(error)).splitlines()[0], "portal migrate")
        return
    if not found:
        yield Finding("Figures", "ok", "ledgers, documents and settings agree")
    for view, names in found.items():
        yield Finding("Figures", "bad", f"{view}: {', '.join(names[:5])}{', …' if len(names) > 5 else ''}", MEND)
