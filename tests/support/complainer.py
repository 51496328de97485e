"""A citizen inside a booted machine: content with keys, a complaint by touch's own requests.

Runs with the machine's own Python. The kiosk's trial and the office's share it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.support.shown import put
from tests.support.visitor import Visitor

SITE: Final = "32.73.05"
VILLAGE: Final = "32.73.05.1001"
STORY: Final = "Contoh: lampu jalan padam sejak tiga malam, kata Warga Contoh 3174999999990001"
RECEIPT: Final = "/pengaduan/tanda-terima"


def lay(files: Mapping[Path, Path], content: Path) -> None:
    """A release in use of these files (where they are: as which); `content`: of all bundles."""
    folder = content / "layanan"
    folder.mkdir(parents=True, exist_ok=True)
    put(folder, 1, {str(name): at.read_bytes() for at, name in files.items()})


def complains(port: int) -> bool:
    """From the first screen to a number; False where nobody listens yet."""
    try:
        led = _through(Visitor(port))
    except OSError as away:
        print("  ", away)
        return False
    print("  ", led[:300])
    return led == RECEIPT


def _through(visitor: Visitor) -> str:
    """Where the last screen leads."""
    visitor.post("/pengaduan", **{"class": "complaint"})
    visitor.post("/pengaduan/kategori", category="jalan_rusak")
    visitor.post("/pengaduan/tempat", village=VILLAGE)
    visitor.post("/pengaduan/cerita", text=STORY)
    visitor.post("/pengaduan/pelapor", anonymity="anonymous", pin="4821")
    return visitor.post("/pengaduan/periksa")
