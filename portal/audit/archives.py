"""A ZIP archive that every program unpacks to the same files: each name once, nothing around or between its parts."""

import struct
import zipfile
from collections import Counter
from typing import IO, Any

_END = struct.Struct("<4s4H2LH")  # of the directory, at the very end of a file without a comment
_LOCAL = struct.Struct("<4s5H3L2H")  # before the bytes of a part
_DESCRIPTOR = 24  # bytes at most that may follow a part whose size was not known when it was begun
_TOLD_AFTERWARDS = 1 << 3
_ZIP64 = 76  # bytes of the larger directory's own end


def doubled(bundle: zipfile.ZipFile) -> list[str]:
    """Names that two parts have: one program unpacks the first, another the last."""
    return sorted(name for name, count in Counter(bundle.namelist()).items() if count > 1)


def is_padded(bundle: zipfile.ZipFile) -> bool:
    """Whether bytes stand before, between or behind the parts: a program that reads from the start may find other
    files there. Raises `BadZipFile`."""
    parts = sorted(bundle.infolist(), key=lambda part: part.header_offset)
    if not parts or parts[0].header_offset:
        return True
    ends = [_end(bundle, part) for part in parts]
    starts = [*(part.header_offset for part in parts[1:]), bundle.start_dir]
    slack = [_DESCRIPTOR if part.flag_bits & _TOLD_AFTERWARDS else 0 for part in parts]
    apart = any(not 0 <= start - end <= more for start, end, more in zip(starts, ends, slack, strict=True))
    return apart or not _ends_there(bundle)


def _end(bundle: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    *_rest, name, extra = _read(bundle, _LOCAL, part.header_offset)
    return part.header_offset + _LOCAL.size + name + extra + part.compress_size


def _ends_there(bundle: zipfile.ZipFile) -> bool:
    """Whether the directory is the last thing, without a comment."""
    end = _file(bundle).seek(0, 2) - _END.size
    mark, _disk, _start, _here, _count, length, _offset, comment = _read(bundle, _END, end)
    return mark == b"PK\x05\x06" and not comment and end - bundle.start_dir - length in (0, _ZIP64)


def _read(bundle: zipfile.ZipFile, shape: struct.Struct, at: int) -> tuple[Any, ...]:
    """Raises `BadZipFile` where the archive ends before."""
    _file(bundle).seek(at)
    try:
        return shape.unpack(_file(bundle).read(shape.size))
    except struct.error as error:
        raise zipfile.BadZipFile("it ends too early") from error


def _file(bundle: zipfile.ZipFile) -> IO[bytes]:
    assert bundle.fp is not None, "an archive that is open has a file"
    return bundle.fp
