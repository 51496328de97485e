"""The running broker is looked at, saved, reloaded; a door nobody ordered ends it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker_config.in_force import InForce, files
from broker_config.papers import read
from broker_config.plan import as_owner, choose, prepare
from broker_config.prove import Prover
from broker_config.serving import Serving, Stopped, meant
from broker_config.settings import Settings
from broker_config.sockets import Ear
from broker_config.wanted import Measure, check, parse
from tests.support.pki import Pki
from tests.support.ports import free_port
from tests.support.wait import until


class Made:
    """A broker with identities by hand, without its keeper."""

    def __init__(self, folder: Path) -> None:
        self.pki = Pki(folder / "authority")
        inner = folder / "state" / "in-force"
        told = files(inner, "127.0.0.1", free_port(), 100)
        self.settings = as_owner(
            Settings(port=free_port(), state=folder / "state", identities=told)
        )
        self.in_force = InForce(inner, user=self.settings.user)
        doors = ("127.0.0.1", self.settings.port), ("127.0.0.1", told.office_port)
        self.prover = Prover(*doors, self.pki.issued)
        plan = choose(self.settings)
        log = self.settings.state / "broker.log"
        self.child = prepare(plan, self.settings, log, self.prover.let_in)
        self.serving = Serving(self.child, self.settings, self.prover)

    def put(self, stamp: int) -> None:
        now = datetime.now(UTC)
        papers = read(self.pki.issued, now)
        crl = self.pki.revocation_list([], stamp).decode()
        raw = json.dumps({"stamp": stamp, "crl": crl, "crl_number": stamp}).encode()
        measure = Measure(
            device_ca=papers.device_ca, allowed=papers.allowed, revoked=papers.revoked
        )
        self.in_force.put(papers, check(parse(raw), measure, now))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    one = Made(tmp_path)
    one.put(1)
    yield one
    one.serving.stop()


def test_it_serves_and_reads_new_lists(made: Made) -> None:
    made.serving.start()
    pid = made.child.pid
    assert made.prover.in_force(1)
    made.put(2)
    made.serving.reload(2)
    assert made.prover.in_force(2)
    assert made.child.pid == pid


def test_one_that_will_not_listen_is_started_afresh(made: Made) -> None:
    made.serving.start()
    pid = made.child.pid
    made.put(2)
    made.serving.hang_up = lambda: None  # type: ignore[method-assign]
    made.serving._clock = iter(range(0, 1000, 3)).__next__
    made.serving.reload(2)
    assert made.child.pid not in (0, pid)
    assert made.prover.in_force(2)


def test_its_memory_is_saved_when_told(made: Made) -> None:
    made.serving.start()
    assert made.serving.saved_bytes() == 0
    made.serving.save()
    assert until(made.serving.saved_bytes, 10) > 0


def test_row_39_a_door_nobody_ordered_is_an_end(made: Made) -> None:
    strange = free_port()
    conf = made.settings.state / "mosquitto.conf"
    conf.write_text(f"{conf.read_text()}listener {strange} 127.0.0.1\n")
    with pytest.raises(Stopped, match=rf"{strange}.*administrator"):
        made.serving.start()


def test_row_39_the_default_door_that_a_misplaced_option_opens_is_seen(made: Made) -> None:
    conf = made.settings.state / "mosquitto.conf"
    told = conf.read_text().replace("per_listener_settings false", "per_listener_settings true")
    conf.write_text(f"{told}\n")
    with pytest.raises(Stopped, match=r"1883|sockets|in use"):
        made.serving.start()


def test_a_broker_that_cannot_start_says_why(made: Made) -> None:
    (made.settings.state / "in-force" / "access").write_text("nonsense\n")
    with pytest.raises(Stopped, match="died at once"):
        made.serving.start()


def test_what_is_meant_follows_the_settings(made: Made) -> None:
    assert made.settings.identities is not None
    ports = {made.settings.port, made.settings.identities.office_port}
    assert meant(made.settings) == {Ear("tcp", "127.0.0.1", port) for port in ports}
    plain = Settings(port=1884, state=made.settings.state)
    assert meant(plain) == {Ear("tcp", "127.0.0.1", 1884)}


def test_one_that_does_not_run_is_not_signalled(made: Made) -> None:
    made.serving.hang_up()
    made.serving.save()
    made.serving.stop()
