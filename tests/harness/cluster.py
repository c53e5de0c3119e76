"""One PostgreSQL per run: started by the first process, known to the others through the environment."""

import asyncio
import os
from pathlib import Path
from typing import Any

import psycopg

from portal.platform.migrations import migrate
from portal.platform.postgres import Cluster, prepare

KNOWN = "CLUSTER_OF_TESTS"
RING = "the key ring of the tests is no secret"
TEMPLATE = "portal"


def start(folder: Path) -> Cluster:
    """A fresh cluster without fsync, its database migrated with the real migrations."""
    cluster = Cluster.open(folder / "pg", fsync=False)
    prepare(cluster)
    os.environ[KNOWN] = cluster.url("portal_app").partition("?")[2]
    asyncio.run(migrate(url("portal_owner", TEMPLATE)))
    return cluster


def url(role: str, name: str) -> str:
    return f"postgresql://{role}@/{name}?{os.environ[KNOWN]}"


def clone(name: str) -> None:
    """A copy of the template: the same roles, rows of nobody."""
    with psycopg.connect(url("postgres", "postgres"), autocommit=True) as connection:
        run(connection, f'drop database if exists "{name}" with (force)')
        run(connection, f'create database "{name}" template "{TEMPLATE}" owner portal_owner')


def run(connection: psycopg.Connection, sql: str) -> Any:
    return connection.execute(sql.encode())
