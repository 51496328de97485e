"""A played kiosk installs for real: its child fetches, its portal shows, its screen proves."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from provisioning.players.devices.device import DeviceLoop
from provisioning.players.life import Turn
from provisioning.players.player import Player, home_of
from tests.agent.commands.played import KIOSK, lay_policy
from tests.support.broker import ProgramBroker
from tests.support.file_server import FileServer
from tests.support.installing import BUNDLE, page
from tests.support.mqtt import Player as Listener
from tests.support.signed_folder import SignedFolder
from tests.support.signing import Ceremony
from tests.support.wait import until
from wire import topics
from wire.codec import decode_up, encode
from wire.messages import Ack, Birth, Install, Up
from wire.wants import Want


class Office:
    """What it hears of one kiosk, and what it desires of it."""

    def __init__(self, listener: Listener, player: Player, ceremony: Ceremony, url: str) -> None:
        self._listener, self._player, self._ceremony, self._url = listener, player, ceremony, url
        self.number = 0
        self.heard: list[Up] = []

    def look(self) -> None:
        """The stage gives the player its turn, the broker what it has."""
        self._player.tend()
        with suppress(TimeoutError):
            while True:
                packet = self._listener.next(0.05)
                found = topics.parse_up(packet.topic)
                self.heard.append(decode_up(found.kind, bytes(packet.payload)))

    def birth(self, releases: dict[str, int]) -> Birth:
        def found() -> list[Birth]:
            self.look()
            births = [one for one in self.heard if isinstance(one, Birth)]
            return [one for one in births if one.releases == releases]

        until(found, 60)
        return found()[-1]

    def desires(self, birth: Birth, seq: int, now: int) -> Install:
        """How it ended."""
        self.number += 1
        want = Want(bundle=BUNDLE, seq=seq, number=now + self.number)
        said = self._ceremony.desired(KIOSK, birth.nonce, want, now=now, url=self._url)
        self._listener.publish(topics.down(KIOSK, "desired"), encode(said))

        def found() -> list[Install]:
            self.look()
            installs = [one for one in self.heard if isinstance(one, Install)]
            return [one for one in installs if one.release == seq]

        until(found, 120)
        end = found()[-1]
        ack = Ack(epoch=end.epoch, upto=end.fact)
        self._listener.publish(topics.down(KIOSK, "ack"), encode(ack))
        return end


@pytest.fixture
def player(
    mosquitto: ProgramBroker, tmp_path: Path, ceremony: Ceremony, releases: SignedFolder
) -> Iterator[Player]:
    folder = tmp_path / "player"
    home = home_of(folder)
    lay_policy(home, ceremony)
    (home / "content").mkdir()
    (home / "content" / "root.json").write_bytes(releases.root)
    story = iter((Turn(1e9, "hot", begins=True), Turn(2e9, "hot", begins=False)))
    loop = DeviceLoop()
    broker = (mosquitto.host, mosquitto.port)
    made = Player(KIOSK, folder, loop, broker=broker, story=story, dice=Random(7))
    yield made
    made.stop()
    loop.close()


@pytest.fixture
def ceremony() -> Ceremony:
    return Ceremony()


@pytest.fixture
def office(
    mosquitto: ProgramBroker, player: Player, ceremony: Ceremony, server: FileServer
) -> Iterator[Office]:
    listener = Listener(mosquitto, "office", timeout_s=20)
    listener.subscribe("anjungan/v1/+/+/up/+")
    yield Office(listener, player, ceremony, server.url)
    listener.cut()


def test_a_good_release_stays_and_one_that_the_portal_cannot_show_goes_back(
    office: Office, player: Player, releases: SignedFolder
) -> None:
    releases.publish(BUNDLE, 1, page("Satu"))
    releases.publish(BUNDLE, 2, {"content.json": b"{}"})
    player.start()
    birth = office.birth({})
    good = office.desires(birth, 1, releases.now)
    assert (good.state, good.now) == ("installed", 1), good
    assert player.body.portal.shown().seq == 1
    broken = office.desires(birth, 2, releases.now)
    assert (broken.state, broken.now, broken.code) == ("rolled_back", 1, "portal_unwell"), broken
    assert player.body.portal.shown().seq == 1
    assert {"Fetching", "Install"} <= {type(one).__name__ for one in office.heard}
    player.stop()
