"""A demo that is restored is a demo again."""

from pathlib import Path

import pytest

from portal.cli import demo_folder
from portal.cli.backup import demo_of, note_of
from portal.platform.settings import override
from portal.platform.vault import KeyLost

PASSWORD = "the demo's password"


def test_the_password_of_a_demo_goes_along_for_whoever_has_its_ring(tmp_path: Path):
    demo_folder.take_over(tmp_path / "old", PASSWORD)
    (tmp_path / "new").mkdir()
    with override(secret_keys=("the ring of the old one",)):
        note = note_of(tmp_path / "old")
        with override(data=tmp_path / "new"):
            demo_of(tmp_path / "new", note)
    with override(secret_keys=("the ring of somebody else",)), pytest.raises(KeyLost):
        demo_of(tmp_path / "new", note)

    assert demo_folder.known_password(tmp_path / "new") == PASSWORD
    assert PASSWORD not in str(note)


def test_what_is_no_demo_leaves_no_note(tmp_path: Path):
    with override(secret_keys=("the ring of the old one",)):
        assert note_of(tmp_path) == {}
