"""The agent and a broker that asks for certificates: who is not the office, and who we are not."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from agent.config import Broker, Config
from agent.identity.slots import CERT, KEY, About, Slots, State
from agent.kiosk import Kiosk
from tests.agent.probe import SaidProbe
from tests.support.identity import IdentityBroker
from tests.support.pki import SERVER, Authority, Paper, Pki
from tests.support.wait import until
from wire.door import BrokerPlace

NAME = "bdg-andir-01"
DAY_MS = 86_400_000
Make = Callable[..., Kiosk]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    kiosks: list[Kiosk] = []

    def make(port: int, ca: Path, paper: tuple[Path, Path]) -> Kiosk:
        cert, key = paper
        broker = Broker(
            "127.0.0.1",
            port,
            ca=str(ca),
            cert=str(cert),
            key=str(key),
            reconnect_min_s=0.05,
            reconnect_max_s=0.2,
        )
        kiosks.append(Kiosk(Config(NAME, str(tmp_path / "state"), broker), [SaidProbe()]))
        kiosks[-1].start()
        return kiosks[-1]

    yield make
    for kiosk in kiosks:
        kiosk.stop(planned=False)


class FakeBroker:
    """Listens with a certificate of the test's choice and keeps what it is told."""

    def __init__(self) -> None:
        self.heard = b""
        self.shaken = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]

    def show(self, paper: Paper, folder: Path) -> None:
        self._context.load_cert_chain(*paper.write(folder, "fake"))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with suppress(OSError), line:
                self.shaken += 1
                with self._context.wrap_socket(line, server_side=True) as told:
                    self.heard += told.recv(4096)


@pytest.fixture
def fake_broker() -> Iterator[FakeBroker]:
    fake = FakeBroker()
    yield fake
    fake.close()


def test_a_kiosk_with_its_identity_is_let_in(identity_broker: IdentityBroker, make: Make) -> None:
    kiosk = make(identity_broker.port, identity_broker.server_ca, identity_broker.make_kiosk(NAME))
    until(lambda: kiosk.line.up, 30)
    assert kiosk.line.mistrusted == 0


@pytest.mark.parametrize(
    "fake",
    [
        lambda _: Authority("Anjungan test servers").issue(
            "broker", usage=SERVER, hosts=["127.0.0.1", "localhost"]
        ),
        lambda pki: pki.server.issue("broker", usage=SERVER, hosts=["office.example"]),
        lambda pki: pki.server.issue("_office", hosts=["127.0.0.1"]),
    ],
    ids=["another authority of the same name", "another host's name", "a client's certificate"],
)
def test_row_32_a_fake_broker_is_refused_and_hears_nothing(
    identity_broker: IdentityBroker,
    make: Make,
    tmp_path: Path,
    fake: Callable[[Pki], Paper],
    fake_broker: FakeBroker,
) -> None:
    fake_broker.show(fake(identity_broker.pki), tmp_path)
    kiosk = make(fake_broker.port, identity_broker.server_ca, identity_broker.make_kiosk(NAME))
    until(lambda: kiosk.line.mistrusted >= 2, 30)
    assert not kiosk.line.up
    assert "CERTIFICATE_VERIFY_FAILED" in kiosk.line.why
    assert fake_broker.shaken >= 2
    assert fake_broker.heard == b""
    assert kiosk.healthy


def test_row_31_a_broker_that_refuses_our_ended_certificate_is_told_from_a_broken_line(
    identity_broker: IdentityBroker, make: Make, tmp_path: Path
) -> None:
    ended = identity_broker.pki.device.issue(NAME, from_day=-90, to_day=-1)
    kiosk = make(identity_broker.port, identity_broker.server_ca, ended.write(tmp_path, NAME))
    until(lambda: kiosk.line.mistrusted >= 3, 30)
    until(lambda: "expired" in kiosk.line.why.lower(), 30)


def test_row_36_a_revoked_kiosk_learns_that_it_is_not_the_network(
    identity_broker: IdentityBroker, make: Make
) -> None:
    paper = identity_broker.make_kiosk(NAME)
    kiosk = make(identity_broker.port, identity_broker.server_ca, paper)
    until(lambda: kiosk.line.up, 30)
    identity_broker.revoke(NAME)
    until(lambda: kiosk.line.mistrusted >= 2, 60)
    assert not kiosk.line.up


def test_a_broker_that_is_away_is_the_network(make: Make, identity_broker: IdentityBroker) -> None:
    paper = identity_broker.make_kiosk(NAME)
    identity_broker.stop()
    kiosk = make(identity_broker.port, identity_broker.server_ca, paper)
    until(lambda: "refused" in kiosk.line.why, 30)
    assert kiosk.line.mistrusted == 0


def identity_of(slots: Slots, paper: tuple[Path, Path], ca: Path, serial: str, begins: int) -> None:
    """Laid out as the renewal leaves it."""
    folder = slots.folder / serial
    folder.mkdir(parents=True)
    for name, source in (CERT, paper[0]), (KEY, paper[1]), ("server-ca.pem", ca):
        (folder / name).write_bytes(source.read_bytes())
    place = BrokerPlace("127.0.0.1", 8883)
    about = About(NAME, serial, "https://127.0.0.1", place, begins, begins + 90 * DAY_MS)
    (folder / "about.json").write_bytes(msgspec.json.encode(about))
    slots.link.unlink(missing_ok=True)
    slots.link.symlink_to(serial)


def test_a_new_identity_is_used_by_the_next_connection_and_the_line_made_anew_for_it(
    identity_broker: IdentityBroker, make: Make, tmp_path: Path
) -> None:
    now, slots, pki = time.time_ns() // 1_000_000, Slots(tmp_path / "state"), identity_broker.pki
    ended = pki.device.issue(NAME, from_day=-90, to_day=-1).write(tmp_path, "ended")
    identity_of(slots, ended, identity_broker.server_ca, "0a", now)
    here = slots.link
    kiosk = make(identity_broker.port, here / "server-ca.pem", (here / CERT, here / KEY))
    until(lambda: kiosk.line.mistrusted >= 2, 30)
    identity_of(slots, identity_broker.make_kiosk(NAME), identity_broker.server_ca, "0b", now)
    kiosk.line.anew()
    until(lambda: kiosk.line.up, 30)
    assert kiosk.line.mistrusted == 0


@pytest.mark.parametrize(("ends", "heard"), [(-1, True), (-40, False)])
def test_row_6_a_kiosk_that_knows_its_clock_is_wrong_does_not_judge_dates_by_it(
    fake_broker: FakeBroker, make: Make, tmp_path: Path, ends: int, *, heard: bool
) -> None:
    pki, slots = Pki(tmp_path / "pki"), Slots(tmp_path / "state")
    shown = pki.server.issue("broker", usage=SERVER, hosts=["127.0.0.1"], from_day=-90, to_day=ends)
    fake_broker.show(shown, tmp_path)
    begins = time.time_ns() // 1_000_000 - 30 * DAY_MS
    identity_of(slots, pki.make_kiosk(NAME), pki.server_ca, "0a", begins)
    slots.note(State(used="0a", clock_off_ms=-20 * DAY_MS))
    here = slots.link
    kiosk = make(fake_broker.port, here / "server-ca.pem", (here / CERT, here / KEY))
    if heard:
        until(lambda: NAME.encode() in fake_broker.heard, 30)
    else:
        until(lambda: "ended long ago" in kiosk.line.why, 30)
        assert fake_broker.heard == b""
