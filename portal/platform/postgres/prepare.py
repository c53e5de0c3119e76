"""The portal's database and its two roles in a cluster: what only a superuser can do, once."""

from typing import TYPE_CHECKING, LiteralString

from portal.platform.late import Late
from portal.platform.postgres.address import APP, DATABASE, OWNER, SUPERUSER
from portal.platform.postgres.cluster import Cluster
from portal.platform.postgres.folder import DataFolderRefused

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql
else:
    psycopg, sql = Late("psycopg"), Late("psycopg.sql")

ROLES: dict[str, LiteralString] = {
    OWNER: "login nosuperuser nobypassrls nocreatedb createrole",  # owns the schema and runs the migrations
    APP: "login nosuperuser nobypassrls nocreatedb nocreaterole",  # owns nothing: row-level security always holds
}


def prepare(cluster: Cluster, database: str = DATABASE) -> None:
    """Make what is missing of the roles and the database; running it again changes nothing."""
    try:
        with psycopg.connect(cluster.url(SUPERUSER, SUPERUSER), autocommit=True) as connection:
            for role, rights in ROLES.items():
                if not _exists(connection, "pg_roles", "rolname", role):
                    connection.execute(sql.SQL("create role {} ").format(sql.Identifier(role)) + sql.SQL(rights))
            named = {"base": sql.Identifier(database), "owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
            if not _exists(connection, "pg_database", "datname", database):
                connection.execute(sql.SQL("create database {base} owner {owner}").format(**named))
            connection.execute(sql.SQL("revoke all on database {base} from public").format(**named))
            connection.execute(sql.SQL("grant connect on database {base} to {app}").format(**named))
        with psycopg.connect(cluster.url(OWNER, database)):
            pass  # a database whose files are gone says so here, not in the middle of somebody's work
    except psycopg.Error as error:
        raise DataFolderRefused(f"The database in {cluster.folder} does not answer: {error}") from error


def _exists(connection: "psycopg.Connection", catalogue: str, column: str, name: str) -> bool:
    query = sql.SQL("select 1 from {} where {} = %s").format(sql.Identifier(catalogue), sql.Identifier(column))
    return connection.execute(query, (name,)).fetchone() is not None
