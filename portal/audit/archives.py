"""A ZIP archive that every program unpacks to the same files: each name once, nothing around or between its parts."""

import struct
import zipfile
from collections import Counter
from itertools import pairwise

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
    files there."""
    parts = sorted(bundle.infolist(), key=lambda part: part.header_offset)
    if not parts or parts[0].header_offset:
        return True
    ends = [_end(bundle, part) for part in parts]
    starts = [*(part.header_offset for part in parts[1:]), bundle.start_dir]
    slack = [_DESCRIPTOR if part.flag_bits & _TOLD_AFTERWARDS else 0 for part in parts]
    apart = any(not 0 <= start - end <= more for start, end, more in zip(starts, ends, slack, strict=True))
    return apart or not _ends_there(bundle) or any(first == second for first, second in pairwise(starts))


def _end(bundle: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    file = bundle.fp
    assert file is not None, "an archive that is open has a file"
    file.seek(part.header_offset)
    *_rest, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    return part.header_offset + _LOCAL.size + name + extra + part.compress_size


def _ends_there(bundle: zipfile.ZipFile) -> bool:
    """Whether the directory is the last thing, without a comment."""
    file = bundle.fp
    assert file is not None, "an archive that is open has a file"
    size = file.seek(0, 2)
    file.seek(size - _END.size)
    mark, _disk, _start, _here, _count, length, _offset, comment = _END.unpack(file.read(_END.size))
    over = size - bundle.start_dir - length - _END.size
    return mark == b"PK\x05\x06" and not comment and over in (0, _ZIP64)
