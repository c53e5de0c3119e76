"""Texts that are not written in the encoding they claim: a sentence with the line, before anything is imported."""

import pytest

from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.sources import look

MARKED = "\ufeffNr,Name\nA1,Bolt\n".encode()


def test_a_byte_that_is_no_utf_8_is_told_with_its_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(MARKED + b"A2,Stra\xdfe\n")
    with pytest.raises(Unusable) as refused:
        look(path, Format())
    assert str(refused.value.message) == (
        "Line 3 of a.csv is not written in UTF-8. Choose another encoding, or mend that line."
    )


def test_the_same_file_is_read_in_the_encoding_that_somebody_chooses(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(MARKED + b"A2,Stra\xdfe\n")
    found = look(path, Format(encoding="cp1252"))
    assert found.header == ("Nr", "Name"), "the mark of another encoding is no part of a name"
    assert [cells for _number, cells in found.rows()][1] == ["A2", "Straße"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("\ufeffNr,Name\nA1,Bolt\n".encode("utf-16-le")[:-1], "is not written in UTF-16, or ends too early"),
        (b"Nr,Name\nA1,\x81\x8d\n", "Line 2 of a.csv is not written in Windows-1252"),
    ],
)
def test_no_other_encoding_is_told_in_words_of_a_program(tmp_path, body, says):
    path = tmp_path / "a.csv"
    path.write_bytes(body)
    with pytest.raises(Unusable, match=says):
        list(look(path, Format()).rows())


def test_utf_32_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("Nr,Name\nA1,Bolt\n".encode("utf-32"))
    assert look(path, Format()).header == ("Nr", "Name")
