"""Files that nobody but their owner reads, whatever the umask and the folder around them say."""

import os
from pathlib import Path

MODE = 0o600


def opener(path: str, flags: int) -> int:
    """For `open(…, opener=opener)`; a file that others could read is closed to them."""
    descriptor = os.open(path, flags | os.O_CLOEXEC, MODE)
    os.fchmod(descriptor, MODE)
    return descriptor


def write(path: Path, data: bytes) -> None:
    """Whole or not at all; what had the name before is replaced."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(fresh, "wb", opener=opener) as file:
        file.write(data)
    fresh.replace(path)
