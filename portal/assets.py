"""The portal's own files beside its pages: style, scripts, pictures, what came from npm.

Owns the visible table; a file that is not in it is not given out. What is `vendor` was copied there
at set-up (portal/vendor.py); where that was not done, the page works without it.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

STATIC: Final = Path(__file__).parent / "static"
CSS: Final = "text/css; charset=utf-8"
JS: Final = "text/javascript; charset=utf-8"
SVG: Final = "image/svg+xml"
FILES: Final[Mapping[str, str]] = {
    "portal.css": CSS,
    "pages.css": CSS,
    "around.css": CSS,
    "forms.css": CSS,
    "clock.js": JS,
    "go.js": JS,
    "call.js": JS,
    "session.js": JS,
    "camera.js": JS,
    "film.js": JS,
    "finger.js": JS,
    "pin.js": JS,
    "idle.js": JS,
    "speech.js": JS,
    "keyboard.js": JS,
    "wiped.js": JS,
    "vendor/simple-keyboard.js": JS,
    "pictures.svg": SVG,
    "kawung.svg": SVG,
}

KEPT: Final = "max-age=86400, immutable"  # of an address that names these very bytes
PICTURES: Final = "max-age=600"


class Document(NamedTuple):
    kind: str
    body: bytes


def load(folder: Path = STATIC) -> dict[str, Document]:
    """By address. A file of vendor/ may be missing, one of ours may not."""
    return {
        f"/{name}": Document(kind, (folder / name).read_bytes())
        for name, kind in FILES.items()
        if not name.startswith("vendor/") or (folder / name).is_file()
    }


def version(folder: Path = STATIC) -> str:
    """Another one for every other content of the files: no browser keeps a stale one."""
    digest = hashlib.sha256()
    for document in load(folder).values():
        digest.update(document.body)
    return digest.hexdigest()[:12]


def keeping(path: str, query: str) -> dict[str, str]:
    """How long a browser may keep a file: styles and scripts only by an address with a version."""
    if path.endswith(".svg"):
        return {"Cache-Control": PICTURES}
    return {"Cache-Control": KEPT} if query.startswith("v=") else {}
