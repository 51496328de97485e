"""Every page of the portal, one after another, as a citizen with a finger comes to it.

Owns the list of the stops and how each is reached. What has been filled in on the way is posted
behind the browser's back, so that a tour of all pages costs one load a page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portal.server import PortalServer
from portal.tickets import Tickets
from tests.support.citizens import OfficeKeys, a_handing, records
from tests.support.offered import MONDAY, SITE, offering, starter
from wire.citizen import Reported, Standing, Sync, Visit
from wire.local import Local
from wire.submission import canonical

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

HOUR_MS: Final = 3_600_000
LONG: Final = "Kebonwaruwetankulonkidulkaler" * 3  # no page may become wider for it
PARTS: Final = ("looking", "applying", "complaining")
STRANGE: Final = "محمد שלום 👩‍👩‍👧‍👦 É"
NAME: Final = f"{STRANGE} {LONG[:50]}"
GO: Final = "main .actions .button.big"
PLAIN: Final = (
    "/",
    "/informasi",
    "/informasi?k=kependudukan",
    "/informasi/KEC-SKTM",
    "/informasi/SIMBG-PBG",
    "/cari?q=akta",
    f"/cari?q={LONG[:80]}",
    "/antrian",
    "/status",
    "/jemput-bola",
    "/video",
    "/video/pakai_anjungan",
    "/perizinan",
    "/pengaduan",
    "/nothing",
)
ASKED: Final = "/perizinan/PTSP-REKLAME"  # nearly every kind of question
APPLY: Final = "/perizinan/PPID-INFORMASI"  # soon filled in
FILLED: Final = {
    "nik": "3273056010900009",
    "nama": NAME,
    "informasi": f"Anggaran {STRANGE} {LONG}",
    "tujuan": "Penelitian",
    "cara": "ambil",
    "hp": "081200004321",
    "benar": "ya",
}
ANSWERS: Final[dict[str, dict[str, str | list[str]]]] = {
    "kategori": {"category": "jalan_rusak"},
    "tempat": {"village": f"{SITE}.1001"},
    "cerita": {"text": f"Jalan {STRANGE} {LONG * 4}", "where": LONG},
    "pelapor": {"anonymity": "named", "name": NAME, "phone": "081200004321"},
}


class Stop(NamedTuple):
    """`presses`: what is touched there first; `fills`: what by its name before;
    `opens`: the dialog that is looked at.
    """

    path: str
    presses: str = ""
    opens: str = ""
    fills: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.path, self.presses, self.opens)))


class Tourist:
    """Posts with the cookie of the browser; `base` is the portal's address."""

    def __init__(self, context: "BrowserContext", town: "Town") -> None:
        self._context, self._town = context, town
        self.base = f"http://127.0.0.1:{town.portal.server_port}"

    def post(self, path: str, **form: Any) -> str:
        """Where it leads to."""
        answer = self._context.request.post(
            self.base + path, form=form, headers={"Origin": self.base}, max_redirects=0
        )
        assert answer.status == HTTPStatus.SEE_OTHER, f"{path} leads nowhere"
        return str(answer.headers["location"])

    def stops(self, part: str) -> Iterator[Stop]:
        """The pages of a part; each is to be looked at before the next is asked for."""
        ways = {
            "looking": self._looking,
            "applying": self._applying,
            "complaining": self._complaining,
        }
        return ways[part]()

    def _looking(self) -> Iterator[Stop]:
        yield from map(Stop, PLAIN)
        yield Stop("/status", opens="still")
        yield Stop("/status", opens="called")
        yield Stop("/status", presses=GO)
        yield Stop(self.post("/antrian/DUK-KTPEL"))

    def _standing(self, number: str) -> Iterator[Stop]:
        """How it stands: still here, at the office, and sent back."""
        asked = Stop("/status", presses=GO, fills=(("number", number), ("tail", "4321")))
        yield asked
        for state, why in (("processing", ""), ("returned", f"{STRANGE} {LONG * 2}")):
            self._town.standings[:] = [
                Standing(number=number, service="ADU-UMUM", state=state, since=MONDAY, why=why)
            ]
            yield asked

    def _applying(self) -> Iterator[Stop]:
        yield Stop(ASKED)
        yield Stop(self.post(ASKED), presses=GO)
        for page in ("reklame", "waktu", "alamat"):
            yield Stop(f"{ASKED}/isi/{page}")
        path = self.post(APPLY)
        while not path.endswith("periksa"):
            path = self.post(path, **FILLED)
        yield Stop(path)
        yield Stop(self.post(path))

    def _complaining(self) -> Iterator[Stop]:
        path = self.post("/pengaduan", **{"class": "complaint"})
        while not path.endswith("periksa"):
            yield Stop(path)
            if path.endswith("cerita"):
                yield Stop(path, presses=GO)
                yield from map(Stop, ("/pengaduan/peta", "/foto/pengaduan/bukti"))
            path = self.post(path, **ANSWERS[path.rpartition("/")[2]])
        yield Stop(path)
        yield Stop(self.post(path))
        yield from self._standing(self._town.newest())


class Town(NamedTuple):
    """`standings`: what the office told last of what was handed in here."""

    portal: PortalServer
    tray: Path
    standings: list[Standing]

    def newest(self) -> str:
        """The receipt number of what was handed in last."""
        return max(one.head.number for one in records(self.tray))


@contextmanager
def toured(folder: Path) -> Iterator[Town]:
    """A portal with the first content, on line, with something to show on every page."""
    keys = OfficeKeys()
    handing = a_handing(folder / "tray", keys, wall_ms=lambda: MONDAY)
    standings: list[Standing] = []
    local = Local(at=MONDAY, online=True, online_since=MONDAY)
    with offering(
        folder / "content",
        files=starter() | {"keys.json": canonical(keys.public)},
        handing=handing,
        tickets=Tickets(folder / "tray"),
        sync=lambda: _sync(standings),
        local=lambda: local,
        photos_at="https://pintu.example/foto",
    ) as portal:
        yield Town(portal, folder / "tray", standings)


def _sync(standings: list[Standing]) -> Sync:
    visits = tuple(
        Visit(
            uid=str(number),
            starts=MONDAY + (number * 24 + 2) * HOUR_MS,
            ends=MONDAY + (number * 24 + 5) * HOUR_MS,
            district=SITE,
            place=LONG,
            services=("KTP-el", LONG),
            note=STRANGE,
            quota=number * 40,
            cancelled=number == 1,
        )
        for number in range(3)
    )
    known = Reported(
        category="jalan_rusak",
        village=f"{SITE}.1001",
        count=3,
        newest=MONDAY,
        number="261101-0001-ABCDE-F",
    )
    return Sync(at=MONDAY - HOUR_MS, standings=tuple(standings), visits=visits, reported=(known,))
