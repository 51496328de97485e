"""The runbooks of releases in docs/operations.md, typed as they stand there, seen from a kiosk.

Everything is what it is in an office: the commands, the clerk of the controller, a server of the
folder, and a kiosk that believes nothing. Only the controller's loop and its broker are left out.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine
from tuf.api.metadata import Metadata, Timestamp
from tuf.api.serialization.json import JSONSerializer

from agent.content.trouble import NotSigned, Trouble
from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.registrar.keys import load
from controller.releases.clerk import Held, Online, tick
from controller.releases.folder import Releases
from controller.releases.make import Terms
from controller.store.engine import open_engine, writing
from provisioning import registrar_keys
from provisioning.policy import keys
from provisioning.release import ceremony, publish, signed
from provisioning.release.drafts import Changes
from provisioning.terminal import now
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.file_server import serving
from tests.support.runbooks import PASSPHRASE, Machine

ROOMS: Final = "Keys for releases"
STOLEN: Final = "The online key of releases is stolen"
LOST: Final = "A person's key for releases is lost or stolen"
ENDS: Final = "A list of keys ends soon"
STOPPED: Final = "A rollout has stopped by itself"

pytestmark = pytest.mark.timeout(300)


class Office:
    """A machine on which the ceremony was held, and a kiosk that was given the root."""

    def __init__(self, machine: Machine, engine: Engine, folder: Path) -> None:
        self.machine, self.engine = machine, engine
        self.releases = Releases(machine.at("/var/lib/anjungan/releases"))
        self.folder = folder

    def tick(self, key: str = "release.key") -> bool:
        """As the controller does all day."""
        online = Online(self.machine.at(f"/etc/anjungan/{key}"))
        with writing(self.engine) as conn:
            return tick(conn, self.releases, online, now())

    def publish(self, number: int, word: str) -> None:
        """The folder of the page, with this on its screen."""
        tree = self.machine.at("/media/safe/layanan")
        tree.mkdir(exist_ok=True)
        (tree / "content.json").write_text(f'{{"opening": "{word}"}}')

        def next_one(text: str) -> str:
            return text.replace("sign 1 ", f"sign {number} ").replace("nan-1", f"nan-{number}")

        assert "missing: 0" in self.machine.type(ROOMS, 4, next_one)

    def made(self, note: str) -> int:
        """The number of a signing that waits, as `anjungan publish` makes it."""
        tree = self.machine.at("/media/safe/layanan")
        return publish.release_of(self._desk(), tree, BUNDLE, note, Terms()).signing_id

    def sign(self, signing_id: int, who: str) -> int:
        """How many are missing then."""
        file = self.machine.at(f"/media/safe/release-keys/{who}.pem")
        desk = self._desk()
        return signed.sign(desk, signed.show(desk, signing_id), [file], PASSPHRASE.strip().encode())

    def _desk(self) -> signed.Office:
        return signed.Office(self.engine, self.releases, By("kepala"), now)

    def kiosk(self, url: str, name: str = "kiosk") -> Fetcher:
        state, folder = self.folder / name / "state", self.folder / name / "folder"
        (folder / BUNDLE).mkdir(parents=True)
        state.mkdir()
        (state / "root.json").write_text(ceremony.first_root(self.releases.path))
        return Fetcher(state, folder, url, rtc=now())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The ceremony of the page and a first release, typed once for all tests."""
    folder = tmp_path_factory.mktemp("template")
    machine = Machine(folder / "machine")
    assert machine.run("anjungan people add kepala --grant admin")[0] == 0
    machine.type(ROOMS, 0)
    assert "(wakil)" in machine.type(ROOMS, 1)
    assert "enough have signed" in machine.type(ROOMS, 2)
    assert "stored: 1.root.json" in machine.type(ROOMS, 3)
    engine = open_engine(machine.url)
    office = Office(machine, engine, folder)
    office.publish(1, "Selamat datang")
    assert office.tick()
    engine.dispose()
    machine.stop()
    return machine


@pytest.fixture
def office(template: Machine, tmp_path: Path) -> Iterator[Office]:
    machine = Machine(tmp_path / "machine")
    for path in ("/media/safe", "/var/lib/anjungan/releases", "/var/lib/anjungan/office"):
        shutil.copytree(template.at(path), machine.at(path), dirs_exist_ok=True)
    shutil.copy(template.at("/etc/anjungan/release.key"), machine.at("/etc/anjungan/release.key"))
    engine = open_engine(machine.url)
    yield Office(machine, engine, tmp_path)
    engine.dispose()
    machine.stop()


def test_a_release_is_signed_published_and_asked_for_as_the_page_says(office: Office) -> None:
    with serving(office.releases.path) as server:
        kiosk = office.kiosk(server.url)
        release, brought = kiosk.fetch(1)
    assert release.about.note == "Jadwal baru"
    assert brought
    said = office.machine.type(ROOMS, 5)
    assert "layanan-1 on 2 kiosks" in said
    assert "asked: rollout 1" in said
    assert "rollout 1  layanan-1  ready" in office.machine.type(STOPPED)


def test_row_8_a_stolen_online_key_that_ran_ahead_ends_with_the_rotation(office: Office) -> None:
    with serving(office.releases.path) as server:
        kiosk = office.kiosk(server.url)
        kiosk.trust().release(BUNDLE, 1)
        run_ahead(office)
        kiosk.trust().look()
        office.publish(2, "Baru")
        office.tick()
        with pytest.raises(Trouble):
            kiosk.trust().release(BUNDLE, 2)
        assert "- root: the office alone says" in office.machine.type(STOLEN, 0)
        assert "2.root.json" in office.machine.type(STOLEN, 1)
        with pytest.raises(Held, match="does not know this office's key"):
            office.tick()
        assert office.tick("release-2.key")
        assert kiosk.trust().release(BUNDLE, 2).about.seq == 2
        assert office.kiosk(server.url, "later").trust().release(BUNDLE, 2).about.seq == 2


def test_a_new_key_for_what_citizens_write_comes_to_kiosks_with_the_content(
    office: Office,
) -> None:
    heading, folder = "Keys for what citizens write", "/var/lib/anjungan/registrar"
    registrar_keys.begin(office.machine.at(folder), now())
    assert office.machine.type(heading, 0).count("seal ") == 1
    assert "waits for 2 signatures" in office.machine.type(heading, 1)
    assert office.machine.type(heading, 0).count("seal ") == 2
    office.machine.type(ROOMS, 4, lambda text: text.splitlines()[1].replace("sign 1 ", "sign 2 "))
    office.tick()
    with serving(office.releases.path) as server:
        kiosk = office.kiosk(server.url)
        kiosk.fetch(2)
    assert "no key is over" in office.machine.type(heading, 2)


def test_the_key_that_acknowledges_is_changed_in_turn_and_at_once_when_stolen(
    office: Office,
) -> None:
    heading, folder = "The key that acknowledges", office.machine.at("/var/lib/anjungan/registrar")
    registrar_keys.begin(folder, now())

    def agreed(text: str) -> str:
        return text.replace("anjungan registrar", "echo yes | anjungan registrar")

    first = load(folder).signs
    assert "waits for 2 signatures" in office.machine.type(heading, 0)
    assert load(folder).signs == first
    assert (office.sign(2, "pagi"), office.sign(2, "sore")) == (1, 0)
    office.tick()
    assert "signs from now on" in office.machine.type(heading, 1)
    assert "publish" in office.machine.type(heading, 2, agreed)
    second = load(folder)
    assert (len(second.public.ack), second.signs != first) == (1, True)
    office.machine.type(heading, 3, code=1)
    assert load(folder).public == second.public
    assert "alone signs" in office.machine.type(heading, 3, agreed)
    assert second.signs not in {one.id for one in load(folder).public.ack}


def run_ahead(office: Office) -> None:
    """What a thief of the online key can do: a timestamp of a version nobody else will reach."""
    path = office.releases.metadata / "timestamp.json"
    stamp = Metadata[Timestamp].from_bytes(path.read_bytes())
    stamp.signed.version = 2**31
    stolen = Online(office.machine.at("/etc/anjungan/release.key")).sign(stamp.signed)
    path.write_bytes(stolen.to_bytes(JSONSerializer(compact=True)))


def test_row_9_a_lost_key_of_content_signs_nothing_any_more(office: Office) -> None:
    with serving(office.releases.path) as server:
        kiosk = office.kiosk(server.url)
        kiosk.trust().release(BUNDLE, 1)
        office.machine.type(LOST, 0)
        said = office.machine.type(LOST, 1)
        assert "stored: 2.targets.json, 3.content.json, 2.software.json" in said
        office.tick()
        assert kiosk.trust().release(BUNDLE, 1).about.seq == 1, "what was signed is signed anew"
        signing_id = office.made("Lagi")
        with pytest.raises(Refused, match="does not sign content"):
            office.sign(signing_id, "sore")
        assert office.sign(signing_id, "malam") == 1
        office.tick()
        with pytest.raises(NotSigned):
            kiosk.trust().release(BUNDLE, 2)
        assert office.sign(signing_id, "pagi") == 0
        office.tick()
        assert kiosk.trust().release(BUNDLE, 2).about.seq == 2


def test_row_10_a_kiosk_that_was_away_walks_every_renewal(office: Office) -> None:
    with serving(office.releases.path) as server:
        away = office.kiosk(server.url)
        at_hand = office.machine.at("/media/safe/release-keys")
        roots = [keys.read(at_hand / f"root-{n}.pem", PASSPHRASE.strip().encode()) for n in (1, 2)]
        for _ in range(5):
            ceremony.admit(office.releases.path, Changes(renew=True), roots, now())
        assert "nothing changes but the numbers" in office.machine.type(ENDS, 0)
        assert "signing 2 of content waits (renew)" in office.machine.type(ENDS, 1)
        office.tick()
        assert away.trust().release(BUNDLE, 1).about.seq == 1
        shutil.rmtree(away.state / "tuf")
        (office.releases.metadata / "4.root.json").unlink()
        with pytest.raises(Trouble):
            away.trust().release(BUNDLE, 1)
