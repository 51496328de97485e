"""A proof tells a closed door from an open one, and both from a broker that is deaf."""

import ssl
from pathlib import Path

import pytest

from broker_config.in_force import files
from broker_config.prove import PROVEN, Prover, State
from broker_config.settings import Settings
from tests.support.broker import ProgramBroker
from tests.support.identity import IdentityBroker
from tests.support.pki import Pki
from tests.support.ports import free_port

A = "bdg-coblong-1"


@pytest.fixture
def prover(identity_broker: IdentityBroker) -> Prover:
    kiosks, office = identity_broker.port, identity_broker.office_port
    return Prover(("127.0.0.1", kiosks), ("127.0.0.1", office), identity_broker.pki.issued)


def test_a_good_broker_is_proven_in_every_case(
    prover: Prover, identity_broker: IdentityBroker
) -> None:
    with identity_broker.keeper_asleep():
        assert prover.let_in()
        assert prover.all() == PROVEN


def test_which_lists_are_in_force_can_be_told(
    prover: Prover, identity_broker: IdentityBroker
) -> None:
    with identity_broker.keeper_asleep():
        assert prover.in_force(1)
        assert not prover.in_force(2)
    assert identity_broker.apply()["ok"]
    with identity_broker.keeper_asleep():
        assert prover.in_force(2)
        assert not prover.in_force(1)


def test_a_probe_that_is_refused_for_another_reason_proves_nothing(
    prover: Prover, identity_broker: IdentityBroker
) -> None:
    ended = identity_broker.pki.device.issue("_probe-revoked", from_day=-9, to_day=-1)
    ended.write(identity_broker.pki.issued, "probe-revoked")
    assert prover.revoked().state is State.UNPROVEN
    identity_broker.pki.device.issue("_probe-revoked").write(
        identity_broker.pki.issued, "probe-revoked"
    )
    proof = prover.revoked()
    assert proof.state is State.OPEN
    assert "revoked" in proof.why


def test_ended_sessions_are_gone(prover: Prover, identity_broker: IdentityBroker) -> None:
    with identity_broker.kiosk(A, clean_start=False, expiry_s=0xFFFFFFFF):
        assert prover.end([A, "bdg-never-seen"]) == []
    with identity_broker.kiosk(A, clean_start=False, expiry_s=0xFFFFFFFF) as a:
        assert not a.connack.session_present


def test_a_broker_that_is_away_proves_nothing(tmp_path: Path) -> None:
    pki = Pki(tmp_path / "authority")
    prover = Prover(("127.0.0.1", free_port()), ("127.0.0.1", free_port()), pki.issued, 0.5)
    assert not prover.let_in()
    assert not prover.in_force(1)
    assert prover.all().state is State.UNPROVEN
    assert prover.revoked().state is State.UNPROVEN
    assert prover.end([A]) == [A]


@pytest.fixture
def open_broker(tmp_path: Path) -> tuple[ProgramBroker, Prover]:
    """Doors with certificates, but an access list that allows everything, and no revoked serial."""
    pki, folder = Pki(tmp_path / "authority"), tmp_path / "state"
    folder.mkdir()
    told = files(folder, "127.0.0.1", free_port(), 10)
    for name in ("device-ca.pem", "server-ca.pem", "broker.crt", "broker.key"):
        (folder / name).write_bytes((pki.issued / name).read_bytes())
    told.access.write_text("pattern readwrite #\n")
    told.crl.write_bytes(pki.device.revocation_list([1], 1))
    broker = ProgramBroker(Settings(port=free_port(), state=folder, identities=told))
    doors = ("127.0.0.1", broker.port), ("127.0.0.1", told.office_port)
    return broker, Prover(*doors, pki.issued)


def test_an_open_broker_is_recognised_in_every_case(
    open_broker: tuple[ProgramBroker, Prover],
) -> None:
    broker, prover = open_broker
    broker.ready = prover.let_in
    broker.start()
    try:
        for case in (prover.writing, prover.reading, prover.revoked, prover.all):
            assert case().state is State.OPEN, case
    finally:
        broker.stop()


def test_only_tls_1_2_tells_the_reason_within_the_handshake(prover: Prover) -> None:
    context = prover._context("probe-revoked", ssl.TLSVersion.TLSv1_2)
    assert context.maximum_version is ssl.TLSVersion.TLSv1_2
