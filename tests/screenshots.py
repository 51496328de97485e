"""Takes the pictures in docs/screenshots: `python -m tests.screenshots [FOLDER]`.

A seeded fleet, the real console, headless Chromium; the clock stands still, so that pictures change
only when the console does. With `--all` every page at every width, light and dark.
"""

import argparse
import tempfile
import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine, insert

from controller.identity import invitations
from controller.identity.states import By as Hand
from controller.identity.states import find
from controller.people import accounts
from controller.people.audit import By
from controller.people.powers import Grant
from controller.people.sessions import Started
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import warden
from controller.store.migrate import migrate
from dashboards.console.preview import Preview
from dashboards.console.settings import Settings
from portal.preview import Preview as Drawn
from portal.preview import PreviewServer
from tests.support import (
    portal_pictures,
    showcase,
    showcase_inbox,
    showcase_jobs,
    showcase_releases,
    showcase_services,
    showcase_visits,
)
from tests.support.chromium import EXECUTABLE
from tests.support.console import admitted, serving, wear_in_browser
from tests.support.people import log_in
from tests.support.signing import Ceremony
from wire.invitation import PIN_BYTES

SIZES: Final = {"phone": (390, 844), "desk": (1440, 900), "kiosk": (1080, 1920)}
DOCS: Final = Path(__file__).parent.parent / "docs" / "screenshots"
STARTER: Final = Path(__file__).parent.parent / "provisioning" / "starter"
TOLD: Final = "Coblong"
# in docs
TOLD_OF: Final = (
    "start",
    "list",
    "kiosk",
    "faults",
    "people",
    "audit",
    "act",
    "job",
    "jobs",
    "approval",
    "answer",
    "releases",
    "upload",
    "release",
    "roll",
    "rollout",
    "stopped",
    "content",
    "inbox",
    "record",
    "numbers",
    "services",
    "service",
    "review",
    "service-edit",
    "visits",
    "counters",
    "notices",  # the last one: a citizen calls from here on
)
OF_OFFICERS: Final = ("inbox", "record", "numbers", "visits", "counters", "notices")

SCREEN: Final = "margin:0;background:#f3f5f7;font:600 28px sans-serif"
HEAD: Final = "margin:0;padding:40px 30px;background:#0a5a78;color:#ffffff;font-size:32px"
TILE: Final = "margin:26px 30px;padding:46px 30px;background:#ffffff;border-radius:18px"


class Shot(NamedTuple):
    name: str
    path: str
    size: str
    theme: str = "light"
    language: str = "id"


class Told(NamedTuple):
    """Numbers by what they show. `busy`: a kiosk that fetches a release just now."""

    kiosk: str
    busy: str
    jobs: dict[str, int]
    releases: dict[str, int]
    rollouts: dict[str, int]
    record: int
    services: showcase_services.Told


def shots(told: Told, only: Collection[str], *, every: bool) -> Iterator[Shot]:
    kiosk, jobs = told.kiosk, told.jobs
    pages = {
        "start": "/",
        "list": "/kiosks",
        "kiosk": f"/kiosks/{kiosk}",
        "faults": "/faults",
        "people": "/people",
        "audit": "/audit",
        "act": f"/act?kiosk={kiosk}&kind=identify",
        "job": f"/jobs/{jobs['waves']}",
        "jobs": "/jobs",
        "approval": f"/jobs/{jobs['wipe']}",
        "answer": f"/jobs/{jobs['shot']}",
        "many": "/act?query=all%3Dyes&kind=reboot",
        "invite": "/invitations",
        "account": "/account",
        "revoke": f"/kiosks/{kiosk}/identity/revoke",
        "releases": "/releases",
        "release": f"/releases/{told.releases['waiting']}",
        "published": f"/releases/{told.releases['better']}",
        "upload": "/releases/new",
        "roll": f"/rollouts/new?release={told.releases['guides']}",
        "rollouts": "/rollouts",
        "rollout": f"/rollouts/{told.rollouts['running']}",
        "stopped": f"/rollouts/{told.rollouts['stopped']}",
        "content": f"/kiosks/{told.busy}",
        "inbox": "/inbox",
        "record": f"/inbox/{told.record}",
        "numbers": "/inbox/numbers?ago=1",
        "services": "/services",
        "service": f"/services/{told.services.published.id}",
        "review": f"/services/{told.services.review.id}",
        "service-edit": f"/services/{told.services.draft.id}/edit",
        "service-new": "/services/new",
        "visits": "/visits",
        "visit-new": "/visits/new",
        "counters": "/counters",
        "service-publish": "/services/publish",
        "notices": "/notices",
    }
    wanted = only or (pages if every else TOLD_OF)
    pages = {name: pages[name] for name in wanted if name in pages}
    for name, path in pages.items():
        for size in SIZES if every else ("phone", "desk"):
            yield Shot(f"{name}-{size}", path, size)
            if every or (name, size) == ("start", "desk"):
                yield Shot(f"{name}-{size}-dark", path, size, "dark", "en" if every else "id")


def take(browser: Browser, home: str, shot: Shot, folder: Path, session: Started) -> None:
    width, height = SIZES[shot.size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.theme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "language", "value": shot.language, "url": home}])
    wear_in_browser(context, session)
    page = context.new_page()
    page.goto(home + shot.path)
    settle(page)
    prepare(page, shot.path)
    page.screenshot(path=folder / f"{shot.name}.png")
    context.close()


def settle(page: Page) -> None:
    """Fonts, charts and the first live look are there."""
    page.wait_for_selector("#live[data-live-state=on]")
    page.evaluate("document.fonts.ready")
    if page.query_selector("#charts"):
        page.wait_for_selector("#charts[data-drawn=yes]")
    page.wait_for_timeout(400)


def prepare(page: Page, path: str) -> None:
    """What somebody has typed and chosen before the picture."""
    if path == "/releases/new":
        page.fill("[name=note]", "Jadwal mobil layanan Desember")
        page.set_input_files("[name=folder]", STARTER)
        page.evaluate("document.activeElement.blur()")
    elif path.startswith("/rollouts/new"):
        page.fill("[name=why]", "panduan Kartu Keluarga")
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    elif page.query_selector("#content .share-bar"):
        page.evaluate("window.scrollTo(0, document.querySelector('#content').offsetTop - 90)")
    page.wait_for_timeout(400)
    page.wait_for_selector(".htmx-request", state="detached")


def live_on(engine: Engine, names: dict[str, str]) -> None:
    """What people did: a kiosk never heard was invited, colleagues were added."""
    by, minute = By("pagi", "10.12.1.20"), showcase.MINUTE
    with writing(engine) as conn:
        for ago, login, name, grant in (
            (50, "malam", "Pengawas malam", Grant("supervisor", "32.73")),
            (40, "soreang", "Teknisi Soreang", Grant("technician", "32.04")),
            (30, "loket", "Petugas loket", Grant("officer", "32.73")),
        ):
            new = accounts.New(login, name, (grant,))
            accounts.create(conn, new, by, showcase.NOW - ago * minute)
        well = {"id": 1, "heard_at": showcase.NOW, "crl_number": 7, "lists_ok": 1, "lists_why": "",
                "crl_signed_at": showcase.NOW - 30 * minute, "lists_proven_at": showcase.NOW,
                "crl_next_update": showcase.NOW + 7 * 1440 * minute, "checkpoint_n": 4,
                "checkpoint_at": showcase.NOW - 2 * minute}  # fmt: skip
        conn.execute(insert(warden).values(well))
        nagreg = find(conn, names["Nagreg"])
        invitations.issue(conn, nagreg.id, b"p" * PIN_BYTES, Hand(*by), showcase.NOW - 10 * minute)


def portal(browser: Browser) -> bytes:
    """What a kiosk's screen looks like, as it hands it in."""
    page = browser.new_page(viewport={"width": 540, "height": 960})
    words = ("Informasi layanan", "Permohonan", "Pengaduan", "Video panduan")
    tiles = "".join(f'<p style="{TILE}">{word}' for word in words)
    page.set_content(f'<body style="{SCREEN}"><h1 style="{HEAD}">Kecamatan Coblong</h1>{tiles}')
    taken = page.screenshot(type="jpeg", quality=60)
    page.close()
    return taken


def drawing() -> PreviewServer:
    """The portal's own drawings of services, for the console."""
    server = PreviewServer(0, Drawn(lambda: showcase.NOW))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DOCS)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", nargs="+", default=(), metavar="PAGE")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        url = f"sqlite:///{scratch}/office.db"
        migrate(url)
        engine = open_engine(url)
        names = showcase.tell(engine)
        session = admitted(engine, showcase.NOW)
        live_on(engine, names)
        showcase_jobs.govern(engine, Ceremony("siang", "malam"))
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        jobs = showcase_jobs.tell_jobs(engine, names, portal(browser))
        home = Path(scratch) / "press"
        press, releases = showcase_releases.tell_releases(engine, home, guides=True)
        rollouts = showcase_releases.tell_rollouts(engine)
        showcase_releases.have_guides(engine)
        busy = showcase_releases.fetching(engine)
        handed_in = showcase_inbox.tell(engine, Path(scratch) / "registrar")
        head = log_in(engine, handed_in.supervisor, showcase.NOW)
        packs = showcase_services.tell_services(engine)
        showcase_visits.tell_visits(engine, showcase.NOW)
        showcase_visits.tell_notices(engine, showcase.NOW)
        told = Told(names[TOLD], busy, jobs, releases, rollouts, handed_in.ids[0], packs)
        drawn = drawing()
        preview = Preview(f"http://127.0.0.1:{drawn.server_port}")
        settings = Settings(releases=press.releases, opener=handed_in.opener, preview=preview)
        with serving(engine, lambda: showcase.NOW, settings) as console:
            for shot in shots(told, asked.only, every=asked.all):
                if shot.name == "notices-phone":
                    showcase_visits.tell_call(engine, names[TOLD], showcase.NOW)
                who = head if shot.name.split("-")[0] in OF_OFFICERS else session
                take(browser, console, shot, asked.folder, who)
        if not asked.only or "portal" in asked.only:
            portal_pictures.take(browser, asked.folder, Path(scratch) / "shown")
        browser.close()


if __name__ == "__main__":
    main()
