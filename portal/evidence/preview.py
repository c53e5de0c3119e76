"""A small picture of an image, drawn anew by a process of its own: nothing of the file but its pixels comes through.

`python -m portal.evidence.preview SOURCE TARGET` ends with 0 if it drew one. It has its own bounds of memory and time,
so whatever an image does to the library that reads it, the worker goes on.
"""

import asyncio
import os
import resource
import sys
from pathlib import Path

SECONDS = 20
MEMORY = 1_500_000_000  # bytes
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")


async def draw(source: Path, target: Path) -> bool:
    """Whether a preview was drawn; one that takes too long or too much is not."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "portal.evidence.preview", str(source), str(target)),
        env={name: os.environ[name] for name in INHERITED if name in os.environ},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return await asyncio.wait_for(process.wait(), SECONDS) == 0
    except BaseException as error:
        process.kill()
        await process.wait()
        if not isinstance(error, TimeoutError):
            raise
        return False


def main() -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _draw(Path(sys.argv[1]), Path(sys.argv[2]))


def _draw(source: Path, target: Path) -> None:
    from PIL import Image, ImageOps

    from portal.evidence.rules import MOST_PIXELS, PREVIEW_EDGE
    from portal.evidence.sniffing import FORMATS

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise SystemExit(2)
        image.draft("RGB", (PREVIEW_EDGE, PREVIEW_EDGE))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright)
    paper.save(target, "JPEG", quality=80)


if __name__ == "__main__":
    main()
