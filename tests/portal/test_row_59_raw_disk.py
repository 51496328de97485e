"""Row 59: a kiosk's disk after whole turns and a cut of its power, searched as a thief would.

The real program with everything it writes on a disk of its own: tray, log, home, passing things,
what is printed. Searched is the image below the file system, with all that was ever removed.
"""

import contextlib
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.agent.submissions.played import PlayedOffice, a_round
from tests.support.child import Child, free_port
from tests.support.citizens import PLANTED, OfficeKeys, forms_of
from tests.support.filling import APPLY, NIK, fill_in
from tests.support.offered import SITE, tree
from tests.support.shown import put
from tests.support.swept_kiosk import disk_of_its_own
from tests.support.visitor import Visitor
from wire.submission import canonical

ROOT = Path(__file__).parents[2]
DISK_MIB = 72  # what the tray leaves free, and some
KIOSK = "bandung-coblong-01"
LP = "#!/bin/sh\nexec cat >> spool\n"  # at its worst: on the disk, for ever


class Kiosk(NamedTuple):
    disk: PowerDisk | NoPower
    office: PlayedOffice
    visitor: Visitor
    portal: Child

    @property
    def raw(self) -> bytes:
        """Every byte, used or left over; where nothing may be mounted, of the files that are."""
        if isinstance(self.disk, PowerDisk):
            return self.disk.image.read_bytes()
        return b"".join(one.read_bytes() for one in self.disk.folder.rglob("*") if one.is_file())


@contextlib.contextmanager
def a_kiosk(memory: Path) -> Iterator[Kiosk]:
    """`memory` stands for what is a tmpfs on a kiosk: there questions to the office lie."""
    port, office = free_port(), PlayedOffice(OfficeKeys())
    with disk_of_its_own(DISK_MIB) as disk:
        home = disk.folder
        put(home / "content", 1, tree() | {"keys.json": canonical(office.keys.public)})
        (home / "bin").mkdir()
        (home / "bin/lp").write_text(LP)
        (home / "bin/lp").chmod(0o755)
        told = {"--site": SITE, "--content": home / "content", "--tray": home / "tray"}
        told |= {"--asks": memory, "--queue": "struk", "--kiosk": KIOSK, "--port": port}
        words = [str(word) for pair in told.items() for word in pair]
        env = {"PYTHONPATH": str(ROOT), "HOME": str(home), "TMPDIR": str(home)}
        env["PATH"] = f"{home}/bin:{os.environ['PATH']}"
        portal = Child([sys.executable, "-B", "-m", "portal", *words], home / "log", env)
        try:
            portal.wait_for_port(port)
            yield Kiosk(disk, office, Visitor(port), portal)
        finally:
            portal.kill()


def a_day_of_citizens(kiosk: Kiosk) -> str:
    """One receipt number that was shown. Whoever comes last is in the middle of a form."""
    visitor = kiosk.visitor
    fill_in(visitor, nama=f"Warga {PLANTED}")
    shown = visitor.get(visitor.post(f"{APPLY}/periksa"))
    visitor.post("/selesai")
    visitor.post("/pengaduan", **{"class": "complaint"})
    visitor.post("/pengaduan/kategori", category="jalan")
    visitor.post("/pengaduan/tempat", village="32.73.02.1001")
    visitor.post("/pengaduan/cerita", text=f"Lubang di depan rumah {PLANTED} " * 20, where=NIK)
    picture = f'--x\r\nContent-Disposition: form-data; name="picture"; filename="{NIK}"\r\n\r\n'
    body = f"{picture}no picture of {PLANTED}\r\n--x--\r\n".encode()
    visitor.send("/foto/pengaduan/bukti", "multipart/form-data; boundary=x", body)
    visitor.post("/pengaduan/pelapor", anonymity="named", name=PLANTED, phone="081200004321")
    visitor.post("/pengaduan/periksa")
    visitor.post("/status", number=PLANTED, tail="4321")
    visitor.get(f"/cari?q={PLANTED}")
    visitor.ask("GET", f"/{PLANTED}", {"Cookie": f"sitting={NIK}"})
    visitor.post("/selesai")
    fill_in(visitor, nama=f"Warga {PLANTED}")
    return shown.partition('<b class="number">')[2].partition("<")[0]


def unfolded(raw: bytes) -> Iterator[bytes]:
    """What is packed in it: every beginning of gzip, as far as it goes."""
    at = raw.find(b"\x1f\x8b\x08")
    while at >= 0:
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(raw[at : at + 65_536])
        at = raw.find(b"\x1f\x8b\x08", at + 1)


def test_row_59_nothing_that_citizens_typed_stands_anywhere_on_the_raw_disk(
    tmp_path: Path,
) -> None:
    with a_kiosk(tmp_path) as kiosk:
        number = a_day_of_citizens(kiosk)
        assert a_round(kiosk.disk.folder, kiosk.office).records == 0
        assert len(kiosk.office.arrived) == 2
        assert number
        kiosk.disk.sync()
        if isinstance(kiosk.disk, PowerDisk):
            kiosk.disk.switch_off()  # in the middle of somebody's form
        kiosk.portal.kill()
        raw = kiosk.raw
        kiosk.disk.cut_power()
    assert number.encode() in raw  # the search finds what is there
    every = [raw, *unfolded(raw), *(str(one).encode() for one in tmp_path.rglob("*"))]
    found = [form for secret in (PLANTED, NIK) for form in forms_of(secret)]
    assert [form for form in found if any(form in one for one in every)] == []
