"""Releases and rollouts in the told fleet: published, waiting; finished, running, taken back.

Releases go the product's own way, from a folder of files to signed metadata; kiosks answer through
the office's own ear. Everything lies before NOW.
"""

import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from controller import changes
from controller.changes import News
from controller.people.audit import By
from controller.releases import clerk, drafts, signing, uploads
from controller.releases.folder import Releases
from controller.releases.online import Online
from controller.rollouts.plan import Phase, Plan
from controller.store.engine import writing
from controller.store.release_tables import release, reported
from controller.store.tables import kiosk, kiosk_status
from tests.support.release_keys import Held, hold, id_of
from tests.support.rollouts import BUNDLE, HOUR, MINUTE, RolloutDesk
from tests.support.showcase import NOW
from tests.support.showcase_jobs import ASKER, HOSTILE
from wire.content import role_of

DAY = 24 * HOUR
WHO = By("pagi", "192.0.2.7")
PAGE = (
    b'{"title":{"id":"Layanan kecamatan","su":"Layanan kacamatan","en":"District services"},'
    b'"sections":[]}'
)
GUIDES = "panduan"
Tree = Mapping[str, bytes]


class Press:
    """A folder of releases whose keys lie at hand. `now` may be moved."""

    def __init__(self, engine: Engine, held: Held, now: int = NOW) -> None:
        self.engine, self.now, self.held = engine, now, held
        self.releases = Releases(self.held.releases)
        self.online = Online(self.held.online)

    def draft(self, bundle: str, tree: Tree, note: str) -> int:
        with writing(self.engine) as conn:
            made = drafts.begin(conn, self.releases, bundle, note, WHO, self.now)
        for path, body in tree.items():
            with uploads.incoming(self.releases, made.id, path, len(body)) as sink:
                sink.write(body)
        return made.id

    def waiting(self, bundle: str, tree: Tree, note: str) -> int:
        """A release that waits for its signatures."""
        made = self.draft(bundle, tree, note)
        done = drafts.finish(self.engine, self.releases, made, WHO, self.now)
        assert not done.problems, done.problems
        return made

    def sign(self, bundle: str, count: int = 2) -> int:
        """What is missing of the open signing after the first `count` keys have signed."""
        role = role_of(bundle)
        with writing(self.engine) as conn:
            one = signing.open_(conn, role)
            assert one is not None
            missing = one.threshold
            for key in getattr(self.held.at_hand, role)[:count]:
                word = key.sign(one.text.encode()).hex()
                missing = signing.add(
                    conn, self.releases, one.id, id_of(key), word, WHO, self.now
                )  # fmt: skip
        return missing

    def tick(self) -> None:
        """What the controller does within seconds."""
        with writing(self.engine) as conn:
            clerk.tick(conn, self.releases, self.online, self.now)

    def publish(self, bundle: str, tree: Tree, note: str) -> int:
        made = self.waiting(bundle, tree, note)
        assert self.sign(bundle) == 0
        self.tick()
        with self.engine.connect() as conn:
            state = conn.scalar(select(release.c.state).where(release.c.id == made))
        assert state == "published", state
        return made


class Morning(RolloutDesk):
    """The rollouts of the told fleet, with the kiosks that are there."""

    def __init__(self, engine: Engine, now: int) -> None:
        self.engine, self.now, self._seq = engine, now, 0
        self.people = {"siti": ASKER}
        with engine.connect() as conn:
            self.ids = {row.name: row.id for row in conn.execute(select(kiosk))}
            here = select(kiosk_status.c.kiosk_id).where(kiosk_status.c.presence == "online")
            self.here = list(conn.scalars(here))

    def _hear(self, kiosks: Iterable[int], say: Any) -> None:
        """Told to pages too, as the office's ear does with its own news."""
        these = list(kiosks)
        super()._hear(these, say)
        news = [News("install", one, BUNDLE) for one in these]
        with writing(self.engine) as conn:
            changes.record_all(conn, [*news, News("rollout", None, "")], self.now)

    def wanted(self, number: int) -> list[int]:
        """Kiosks that are there, were told, and have not settled."""
        told = [one.kiosk_id for one in self.shares(number, state="wanted")]
        return [one for one in told if one in self.here]

    def run(self, number: int, most_min: int, *, until: str = "finished") -> None:
        """The clock goes on; whoever is told installs it."""
        for _ in range(most_min):
            self.tick(1)
            self.settle(self.wanted(number), facts={"fetched_bytes": 182_000, "took_s": 41})
            if self.row(number).state == until:
                return


def page_tree(words: str, size: int = 60_000) -> dict[str, bytes]:
    """A small bundle: a page, a schedule, a picture that never changes."""
    picture = bytes(range(256)) * (size // 256)
    return {
        "content.json": PAGE,
        "jadwal/mobil.html": f"<h1>{words}</h1>".encode() * 40,
        "paket/ktp.html": b"<h1>KTP</h1>" * 90,
        "gambar/kantor.webp": b"RIFF\x00\x00\x00\x00WEBP" + picture,
    }


def tell_releases(
    engine: Engine, home: Path, *, guides: bool = False
) -> tuple[Press, dict[str, int]]:
    """Six days of releases. Returns the press and releases by what they show."""
    start = NOW - 6 * DAY
    press = Press(engine, hold(home, start), start)
    shown = {"first": press.publish(BUNDLE, page_tree("November"), "Isi pertama")}
    press.now = NOW - 2 * DAY
    shown["second"] = press.publish(
        BUNDLE, page_tree("Minggu ini"), "Jadwal mobil layanan minggu ini"
    )
    press.now = NOW - 5 * HOUR
    broken = page_tree("Minggu depan") | {"gambar/baru.webp": b"RIFF\x00\x00\x00\x00WEBPx" * 999}
    shown["broken"] = press.publish(BUNDLE, broken, "Tampilan baru halaman depan")
    press.now = NOW - 90 * MINUTE
    better = page_tree("Desember") | {"paket/kk.html": b"<h1>Kartu Keluarga</h1>" * 60}
    del better["paket/ktp.html"]
    shown["better"] = press.publish(BUNDLE, better, "Jadwal Desember dan paket Kartu Keluarga")
    if guides:
        shown["guides"] = _guides(press)
    press.now = NOW - 50 * MINUTE
    shown["draft"] = press.draft("video", {"panduan.txt": b"x"}, f"Video panduan {HOSTILE}")
    press.now = NOW - 12 * MINUTE
    shown["waiting"] = press.waiting(BUNDLE, better | {"paket/kia.html": b"<h1>KIA</h1>" * 70},
                                     "Paket Kartu Identitas Anak")  # fmt: skip
    press.sign(BUNDLE, 1)
    return press, shown


def film(seed: int) -> bytes:
    """As large as a short one, and as little to be compressed."""
    return b"\x00\x00\x00\x18ftypmp42" + random.Random(seed).randbytes(700_000)


def _guides(press: Press) -> int:
    """Two releases of a second bundle. Returns the second."""
    press.now = NOW - 80 * MINUTE
    press.publish(GUIDES, {"ktp.mp4": film(1)}, "Video panduan KTP")
    press.now = NOW - 60 * MINUTE
    more = {"ktp.mp4": film(1), "kk.mp4": film(2)}
    return press.publish(GUIDES, more, "Video panduan Kartu Keluarga")


def tell_rollouts(engine: Engine) -> dict[str, int]:
    """Releases 1 to 4 of the bundle must be published. Returns rollouts by what they show."""
    desk = Morning(engine, NOW - 2 * DAY + HOUR)
    desk.born(desk.here, 1)
    shown = {"finished": _finished(desk)}
    desk.now = NOW - 4 * HOUR
    shown["stopped"] = _stopped(desk)
    desk.now = NOW - 80 * MINUTE
    shown["running"] = _running(desk)
    return shown


def _ask(desk: RolloutDesk, seq: int, why: str, plan: Plan, **more: Any) -> int:
    return desk.ask(seq=seq, why=why, plan=plan, **more)


def _finished(desk: Morning) -> int:
    plan = Plan(phases=(Phase("3"), Phase("100%")), soak_min=10, patience_h=1)
    number = _ask(desk, 2, "jadwal minggu ini", plan)
    desk.run(number, 200)
    return number


def _stopped(desk: Morning) -> int:
    plan = Plan(phases=(Phase("3"), Phase("10%"), Phase("100%")), soak_min=10)
    number = _ask(desk, 3, "tampilan baru", plan)
    desk.tick(1)
    canary = desk.wanted(number)
    desk.fetching(canary, 90_000, 214_000)
    desk.now += 2 * MINUTE
    why = "the page shows no word"
    desk.settle(canary, "rolled_back", code="unwell", why=why)
    for _ in range(20):
        desk.tick(1)
        back = [one.kiosk_id for one in desk.shares(number, back=True)]
        desk.settle([one for one in back if one in desk.here])
        if desk.row(number).state == "rolled_back":
            break
    return number


def _running(desk: Morning) -> int:
    plan = Plan(phases=(Phase("3"), Phase("20%"), Phase("100%")), held_percent=10, soak_min=10,
                windows=((360, 1320),))  # fmt: skip
    number = _ask(desk, 4, "jadwal Desember", plan)
    for _ in range(60):
        desk.tick(1)
        if desk.row(number).phase == 2:
            break
        desk.settle(desk.wanted(number))
    second = desk.wanted(number)
    desk.settle(second[:3])
    desk.fetching(second[3:6], 121_000, 214_000)
    desk.settle(second[6:7], "failed", code="no_space", why=f"the disk is full: {HOSTILE}")
    desk.now = NOW - MINUTE
    desk.tick()
    return number


def have_guides(engine: Engine) -> None:
    """Every kiosk that is there has the first of the second bundle."""
    desk = Morning(engine, NOW - DAY)
    had = {"bundle": GUIDES, "seq": 1, "wanted_seq": 1, "attempt": 1, "state": "installed",
           "done": 0, "total": 0, "code": "", "why": "", "facts": {}, "at": desk.now}  # fmt: skip
    with writing(engine) as conn:
        conn.execute(delete(reported).where(reported.c.bundle == GUIDES))
        conn.execute(insert(reported), [{"kiosk_id": one, **had} for one in desk.here])


def fetching(engine: Engine) -> str:
    """A kiosk at which a release is on its way."""
    which = select(kiosk.c.name).join(reported, reported.c.kiosk_id == kiosk.c.id)
    with engine.connect() as conn:
        name = conn.scalar(which.where(reported.c.state == "downloading").order_by(kiosk.c.id))
    assert name is not None
    return str(name)


def unwell(engine: Engine, names: Iterable[str]) -> None:
    """Kiosks at which some service cannot be had any more."""
    ids = select(kiosk.c.id).where(kiosk.c.name.in_(list(names)))
    with writing(engine) as conn:
        conn.execute(
            update(kiosk_status).where(kiosk_status.c.kiosk_id.in_(ids)).values(apply="no")
        )
