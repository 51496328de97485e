"""Strangers and bad kiosks at the doors of the office's broker. Named after the table of attacks.

Lists that are broken or gone are in `test_broken_lists`.
"""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from mqtt5 import PublishPacket, QoS, Will

from tests.support.identity import IdentityBroker, TlsDoor
from tests.support.mqtt import Closed, Player
from tests.support.pki import SERVER, Authority, Paper
from tests.support.ports import free_port
from tests.support.wait import until
from wire import topics

A, B = "bdg-coblong-1", "bdg-coblong-2"
NEVER = 0xFFFFFFFF  # sessions that end by themselves: see test_survives
NOBODY = 0x10  # "no matching subscribers"
NOT_AUTHORIZED, RETAIN_NOT_SUPPORTED, TOO_LARGE = 0x87, 0x9A, 0x95
EVERYTHING = "anjungan/v1/+/+/up/+"


def refused(door: TlsDoor, name: str = A) -> bool:
    """No CONNACK: within the handshake, or as soon as something is said."""
    try:
        with Player(door, name, timeout_s=10) as player:
            return bool(player.connack.reason_code != 0)
    except (OSError, Closed):
        return True


def shown(broker: IdentityBroker, paper: Paper, port: int = 0, **versions: object) -> TlsDoor:
    paper.write(broker.pki.folder, "shown")
    return broker.door(broker.pki.folder / "shown", port, **versions)


@pytest.fixture
def office(identity_broker: IdentityBroker) -> Iterator[Player]:
    with identity_broker.office() as player:
        player.subscribe(EVERYTHING)
        yield player


@pytest.mark.parametrize("at", ["port", "office_port"])
def test_row_31_without_a_certificate_nobody_comes_in(
    identity_broker: IdentityBroker, at: str
) -> None:
    context = ssl.create_default_context(cafile=str(identity_broker.server_ca))
    assert refused(TlsDoor("127.0.0.1", getattr(identity_broker, at), context))


@pytest.mark.parametrize("tls", ["TLSv1_2", "TLSv1_3"])
def test_row_31_an_expired_certificate_is_refused(
    identity_broker: IdentityBroker, tls: str
) -> None:
    version = {"minimum_version": ssl.TLSVersion[tls], "maximum_version": ssl.TLSVersion[tls]}
    device = identity_broker.pki.device
    assert refused(shown(identity_broker, device.issue(A, from_day=-90, to_day=-0.01), **version))
    assert refused(shown(identity_broker, device.issue(A, from_day=1), **version)), (
        "nor one to come"
    )
    assert not refused(shown(identity_broker, device.issue(A), **version))


@pytest.mark.parametrize("at", ["port", "office_port"])
def test_row_31_an_authority_that_only_has_the_same_name_is_refused(
    identity_broker: IdentityBroker, at: str
) -> None:
    pki, port = identity_broker.pki, getattr(identity_broker, at)
    true = pki.device if at == "port" else pki.server
    rogue = Authority(true.subject.rfc4514_string().removeprefix("CN="))
    assert rogue.subject == true.subject
    for name in (A, "_office"):
        assert refused(shown(identity_broker, rogue.issue(name), port))


def test_row_31_tls_1_1_is_refused(identity_broker: IdentityBroker) -> None:
    cert, key = identity_broker.make_kiosk(A)
    argv = ["openssl", "s_client", "-connect", f"127.0.0.1:{identity_broker.port}"]
    argv += ["-cert", str(cert), "-key", str(key), "-cipher", "DEFAULT:@SECLEVEL=0"]

    def speaks(version: str) -> bool:
        done = subprocess.run(
            [*argv, version], input=b"", capture_output=True, timeout=30, check=False
        )
        return b"Cipher is (NONE)" not in done.stdout

    assert not speaks("-tls1")
    assert not speaks("-tls1_1")
    assert speaks("-tls1_2")


def test_row_31_a_servers_certificate_is_nobodys_identity(identity_broker: IdentityBroker) -> None:
    pki = identity_broker.pki
    assert refused(shown(identity_broker, pki.device.issue(A, usage=SERVER)))
    port = identity_broker.office_port
    assert refused(shown(identity_broker, pki.server.issue("_office", usage=SERVER), port))
    assert refused(identity_broker.door(pki.issued / "broker", port))


def test_row_31_each_authority_opens_only_its_own_door(identity_broker: IdentityBroker) -> None:
    identity_broker.make_kiosk(A)
    kiosk, office = identity_broker.pki.folder / A, identity_broker.pki.issued / "office"
    assert refused(identity_broker.door(kiosk, identity_broker.office_port))
    assert refused(identity_broker.door(office, identity_broker.port), "_office")


def test_row_33_a_kiosk_cannot_speak_for_another(
    identity_broker: IdentityBroker, office: Player
) -> None:
    with identity_broker.kiosk(A) as a:
        for topic in (
            topics.up(B, "reading"),
            topics.down(B, "command"),
            topics.down(A, "command"),
            topics.down_everyone(topics.partition_of(A), "rollcall"),
            "$SYS/broker/uptime",
            "$CONTROL/dynamic-security/v1",
            "anything",
        ):
            assert a.publish(topic, b"forged") == NOT_AUTHORIZED, topic
        assert a.publish(topics.up(A, "reading"), b"mine") == 0
    assert office.next().payload == b"mine"
    assert office.quiet()


def test_row_33_a_kiosk_hears_nothing_of_others(identity_broker: IdentityBroker) -> None:
    with identity_broker.kiosk(A) as a, identity_broker.kiosk(B) as b:
        a.subscribe("#", "+/+/+/+/+/+", "$SYS/#", topics.down(B, "+"), topics.up(B, "+"))
        a.subscribe("anjungan/v1/+/+/down/#", "$share/x/anjungan/v1/+/+/up/#")
        assert b.publish(topics.up(B, "reading")) in (0, NOBODY)
        with identity_broker.office() as office:
            assert office.publish(topics.down(B, "command"), b"for b") in (0, NOBODY)
        assert a.quiet(1.0)


def test_row_33_a_will_cannot_speak_for_another(
    identity_broker: IdentityBroker, office: Player
) -> None:
    for topic, heard in ((topics.up(B, "death"), False), (topics.up(A, "death"), True)):
        will = Will(topic, payload=b"gone", qos=QoS.AT_LEAST_ONCE)
        with identity_broker.kiosk(A, will=will) as a:
            a.ping()
        assert office.quiet(0.5) is not heard


def test_row_33_nothing_can_be_left_behind_retained(identity_broker: IdentityBroker) -> None:
    with identity_broker.kiosk(A) as a:
        topic = topics.up(A, "reading")
        a.send(PublishPacket(topic, b"left", qos=QoS.AT_LEAST_ONCE, packet_id=1, retain=True))
        with pytest.raises((Closed, OSError)) as ended:
            a.read()
        assert getattr(ended.value, "code", RETAIN_NOT_SUPPORTED) in (RETAIN_NOT_SUPPORTED, None)
    with identity_broker.office() as late:
        late.subscribe(EVERYTHING)
        assert late.quiet(0.5)
    will = Will(topics.up(A, "death"), payload=b"left", qos=QoS.AT_LEAST_ONCE, retain=True)
    with identity_broker.kiosk(A, will=will) as a:
        assert a.connack.reason_code == RETAIN_NOT_SUPPORTED


def test_row_34_a_client_id_of_another_takes_nothing_over(identity_broker: IdentityBroker) -> None:
    with identity_broker.kiosk(A, clean_start=False, expiry_s=NEVER) as a:
        a.subscribe(topics.down(A, "+"))
    with identity_broker.office("office-p00") as office:
        assert office.publish(topics.down(A, "command"), b"for a") == 0
    identity_broker.make_kiosk(B)
    thief = identity_broker.door(identity_broker.pki.folder / B)
    with Player(thief, A, clean_start=True) as b, Player(thief, "office-p00") as c:
        with pytest.raises((Closed, OSError)):  # for the broker both are B
            b.read()
        c.ping()
    with identity_broker.kiosk(A, clean_start=False, expiry_s=NEVER) as a:
        assert a.connack.session_present
        assert a.next().payload == b"for a"
        with Player(thief, A, clean_start=True):
            a.ping()  # and a live one is not disturbed


def test_row_34_a_name_that_is_said_instead_of_shown_counts_for_nothing(
    identity_broker: IdentityBroker,
) -> None:
    identity_broker.make_kiosk(B)
    with Player(identity_broker.door(identity_broker.pki.folder / B), B, username="_office") as b:
        assert b.publish(topics.down(A, "command")) == NOT_AUTHORIZED
        assert b.publish(topics.up(B, "reading")) in (0, NOBODY)


def test_row_34_an_empty_client_id_is_no_way_to_a_second_session(
    identity_broker: IdentityBroker,
) -> None:
    office = identity_broker.door(
        identity_broker.pki.issued / "office", identity_broker.office_port
    )
    assert refused(office, "")
    assert not refused(office, "office-p00")


@pytest.mark.parametrize(
    "name",
    [
        "#",
        "+",
        "a/b",
        f"{A}/up",
        "a/../b",
        "x" * 300,
        "kiosk-é-☃",
        "p00/" + A,
        "%u",
        "%c",
        "$SYS",
        " ",
    ],
)
def test_row_35_a_certificate_with_a_dangerous_name_gives_no_access(
    identity_broker: IdentityBroker, office: Player, name: str
) -> None:
    door = shown(identity_broker, identity_broker.pki.device.issue(name))
    office.subscribe("anjungan/v1/#")
    try:
        bad = Player(door, A, timeout_s=10)
    except (OSError, AssertionError):
        return  # not even let in
    with bad:
        bad.subscribe("#", "anjungan/v1/#", f"anjungan/v1/+/{A}/down/#")
        for topic in (topics.up(A, "reading"), topics.down(A, "command"), "anjungan/v1/p00/x/up/y"):
            assert bad.publish(topic, b"bad") == NOT_AUTHORIZED
        if not set(name) & {"#", "+"} and "/" in name:
            assert bad.publish(f"anjungan/v1/p00/{name}/up/reading", b"bad") == NOT_AUTHORIZED
        with identity_broker.office("other") as other:
            other.publish(topics.down(A, "command"), b"for a")
        assert bad.quiet(0.5)
    while not office.quiet(0.3):  # the keeper's own proofs are heard by one who asks for all
        assert office.next().payload != b"bad"


def test_row_36_a_revoked_live_kiosk_is_silent_and_cannot_come_back(
    identity_broker: IdentityBroker, office: Player
) -> None:
    with (
        identity_broker.kiosk(A, clean_start=False, expiry_s=NEVER) as a,
        identity_broker.kiosk(B) as b,
    ):
        a.subscribe(topics.down(A, "+"))
        assert a.publish(topics.up(A, "reading"), b"alive") == 0
        assert office.next().payload == b"alive"
        answer = identity_broker.revoke(A)
        assert answer["ok"], answer
        with pytest.raises((Closed, OSError)):
            a.publish(topics.up(A, "reading"), b"still here")
        assert refused(identity_broker.door(identity_broker.pki.folder / A))
        b.ping()
        assert b.publish(topics.up(B, "reading"), b"good") == 0, "the others go on"
    assert office.next().payload == b"good"
    assert office.publish(topics.down(A, "command"), b"order") == NOBODY, "its queue is gone"


def test_row_36_a_revoked_kiosk_that_is_away_loses_what_waits_for_it(
    identity_broker: IdentityBroker, office: Player
) -> None:
    with identity_broker.kiosk(A, clean_start=False, expiry_s=NEVER) as a:
        a.subscribe(topics.down(A, "+"))
    assert office.publish(topics.down(A, "command"), b"order") == 0
    assert identity_broker.revoke(A)["ok"]
    assert office.publish(topics.down(A, "command"), b"order") == NOBODY


def test_row_36_even_when_its_connection_could_not_be_dropped_it_is_deaf_and_dumb(
    identity_broker: IdentityBroker, office: Player
) -> None:
    with identity_broker.kiosk(A) as a:
        a.subscribe(topics.down(A, "+"))
        assert identity_broker.revoke(A, drop=False)["ok"]
        assert a.publish(topics.up(A, "reading"), b"still here") == NOT_AUTHORIZED
        office.publish(topics.down(A, "command"), b"order")
        assert a.quiet(0.5)
    assert office.quiet(0.1)


def test_row_36_a_session_that_tls_remembers_does_not_bring_it_back(
    identity_broker: IdentityBroker,
) -> None:
    identity_broker.make_kiosk(A)
    door = identity_broker.door(identity_broker.pki.folder / A)
    with Player(door, A) as a:
        a.ping()
        remembered = a.socket.session  # type: ignore[attr-defined]
    assert identity_broker.revoke(A)["ok"]

    wrap = door.tls.wrap_socket
    again = SimpleNamespace(wrap_socket=lambda sock, **more: wrap(sock, session=remembered, **more))
    assert refused(TlsDoor(door.host, door.port, again))  # type: ignore[arg-type]


def test_row_36_a_quarantined_kiosk_may_come_in_and_nothing_else(
    identity_broker: IdentityBroker, office: Player
) -> None:
    identity_broker.make_kiosk(A)
    assert identity_broker.deny(A)["ok"]
    with identity_broker.kiosk(A) as a:
        a.subscribe(topics.down(A, "+"))
        assert a.publish(topics.up(A, "reading")) == NOT_AUTHORIZED
        office.publish(topics.down(A, "command"), b"order")
        assert a.quiet(0.5)
    identity_broker.denied.clear()
    assert identity_broker.apply()["ok"], "released"
    with identity_broker.kiosk(A) as a:
        assert a.publish(topics.up(A, "reading"), b"back") == 0
    assert office.next().payload == b"back"


def test_row_39_only_the_two_listeners_are_open(identity_broker: IdentityBroker) -> None:
    listening = subprocess.run(
        ["ss", "-Hlntup"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    ours = [line for line in listening if f"pid={identity_broker.pid}," in line]
    ports = sorted(int(line.split()[4].rsplit(":", 1)[1]) for line in ours)
    assert ports == sorted([identity_broker.port, identity_broker.office_port])


def test_row_39_a_listener_beyond_the_list_stops_the_broker(
    identity_broker: IdentityBroker,
) -> None:
    conf, port = identity_broker.state / "mosquitto.conf", free_port()
    with conf.open("a") as text:
        text.write(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    os.kill(identity_broker.pid, 9)
    until(lambda: identity_broker.answer(1).get("ok") is False, 30)
    assert str(port) in identity_broker.answer(1)["why"]
    assert identity_broker.pid == 0
    assert "administrator" in identity_broker.said.read_text()


def test_the_memory_of_the_broker_is_nobody_elses_to_read(identity_broker: IdentityBroker) -> None:
    folder = identity_broker.state / "in-force"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in Path(folder).iterdir())
    assert shutil.which("mosquitto", path="/usr/sbin:/usr/bin") is not None
