"""The access list: one kiosk can neither read nor speak for another."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from broker_config.access import OFFICE_USER, Line, access_list, read_back
from tests.support.broker import ProgramBroker, a_mosquitto
from tests.support.mqtt import Player
from wire import topics


def test_every_rule_of_the_language_stands_in_it_once() -> None:
    lines = access_list(topics.access_rules()).splitlines()
    for rule in topics.access_rules():
        word = "topic" if rule.role == "office" else "pattern"
        assert lines.count(f"{word} {rule.access} {rule.filter}") == 1


def test_office_lines_stand_under_an_office_user() -> None:
    lines = access_list(topics.access_rules()).splitlines()
    assert lines.index(f"user {OFFICE_USER}") < lines.index("topic read anjungan/v1/+/+/up/#")


def test_kiosk_lines_are_patterns_of_the_callers_own_name() -> None:
    for line in access_list(topics.access_rules()).splitlines():
        if line.startswith("pattern") and not line.startswith("pattern deny"):
            assert "%u" in line or topics.EVERYONE in line


@pytest.mark.parametrize("user", ["", "a b", "x\ntopic readwrite #", "bdg-coblong-1", "kafé"])
def test_refuses_an_office_name_that_could_be_a_kiosk_or_break_a_line(user: str) -> None:
    with pytest.raises(ValueError, match="name"):
        access_list(topics.access_rules(), [user])


@given(some.text(max_size=12))
def test_no_office_name_can_write_a_line_of_its_own(user: str) -> None:
    try:
        lines = access_list(topics.access_rules(), [user]).splitlines()
    except ValueError:
        return
    assert len(lines) == len(access_list(topics.access_rules()).splitlines())


@pytest.fixture
def guarded(tmp_path: Path) -> ProgramBroker:
    """Mosquitto with the list in force; a user name is believed for want of identities."""
    broker = a_mosquitto(tmp_path)
    broker.settings.state.mkdir(exist_ok=True)
    acl = broker.settings.state / "access"
    acl.write_text(access_list(topics.access_rules()))
    acl.chmod(0o600)
    broker.add(f"acl_file {acl}")
    return broker


def test_mosquitto_keeps_kiosks_apart_by_it(guarded: ProgramBroker) -> None:
    guarded.start()
    try:
        with (
            Player(guarded, "kiosk-a", username="kiosk-a") as a,
            Player(guarded, "kiosk-b", username="kiosk-b") as b,
            Player(guarded, "office", username=OFFICE_USER) as office,
        ):
            office.subscribe("anjungan/v1/+/+/up/+")
            b.subscribe("anjungan/v1/#")
            assert a.publish(topics.up("kiosk-b", "reading")) == 0x87
            assert a.publish(topics.up("kiosk-a", "reading"), b"mine") == 0
            assert office.next().payload == b"mine"
            assert office.publish(topics.down("kiosk-a", "ack"), b"for a") in (0, 0x10)
            assert office.publish(topics.down("kiosk-b", "ack"), b"for b") == 0
            assert b.next().payload == b"for b"
            assert b.quiet()
    finally:
        guarded.stop()


def test_what_is_written_reads_back_as_it_was_meant() -> None:
    extra = Line("_probe", "write", "a/b")
    said = read_back(access_list(topics.access_rules(), denied=["bdg-1"], extra=[extra]))
    assert extra in said
    assert Line("bdg-1", "deny", "#") in said
    kiosk_rules = [("", r.access, r.filter) for r in topics.access_rules() if r.role == "kiosk"]
    assert [line for line in said if not line.user and line.access != "deny"] == kiosk_rules


@pytest.mark.parametrize("name", ["#", "_office", "a b", "x\ntopic readwrite #", "", "A"])
def test_refuses_to_deny_what_is_no_kiosk(name: str) -> None:
    with pytest.raises(ValueError, match="kiosk"):
        access_list(topics.access_rules(), denied=[name])


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "topic readwrite #",  # for everybody
        "user a\ntopic grant x",
        "user a\ntopic read a#b",
        "user a\ntopic read #/a",
        "pattern read",
        "user ",
        "user a b",
        " user a",
        "user a\ntopic read x\r",
    ],
)
def test_a_line_mosquitto_would_stumble_over_is_found(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        read_back(text)


@given(some.text(max_size=40))
def test_any_text_reads_back_or_is_refused(text: str) -> None:
    try:
        lines = read_back(text)
    except ValueError:
        return
    assert all(line.access in ("read", "write", "deny") for line in lines)
