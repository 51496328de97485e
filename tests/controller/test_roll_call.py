"""Silence while the office was deaf proves nothing; silence at the roll call does."""

import json

import pytest

from tests.support.office import Office, Teller
from wire.topics import partition_of

NAMES = ("kiosk-1", "kiosk-2", "kiosk-3", "kiosk-4")


def a_town(database: str) -> tuple[Office, list[Teller]]:
    office, kiosks = Office(database, *NAMES), [Teller(name) for name in NAMES]
    for kiosk in kiosks[:3]:
        office.take(kiosk, kiosk.birth(), kiosk.well())
    office.take(kiosks[2], kiosks[2].death())
    return office, kiosks


def call(office: Office) -> None:
    for partition in {partition_of(name) for name in NAMES}:
        office.timers.roll_calls.begin(partition, office.now)


def run(office: Office) -> None:
    while office.timers.tick():
        pass


def presences(office: Office) -> list[str]:
    return [office.known(name).presence.state for name in NAMES]


def test_after_deafness_only_who_is_silent_goes_offline(database: str) -> None:
    office, kiosks = a_town(database)
    office.now += 3_600_000
    call(office)
    run(office)
    assert presences(office) == ["unknown", "unknown", "offline", "never"]
    assert office.faults("kiosk-1") == {}
    assert office.known("kiosk-1").verdicts["inform"][:2] == ("unknown", "stale")
    office.now += 20_000
    office.take(kiosks[0], kiosks[0].present())
    office.now += 24_000
    run(office)
    assert presences(office) == ["online", "unknown", "offline", "never"]
    office.now += 2_000
    run(office)
    assert presences(office) == ["online", "offline", "offline", "never"]
    assert office.known("kiosk-2").presence.why == "silent"
    assert office.faults("kiosk-2") == {"kiosk.offline": "open"}
    assert office.timers.roll_calls.partitions == frozenset()


def test_who_spoke_before_its_turn_came_is_not_doubted(database: str) -> None:
    office, kiosks = a_town(database)
    office.now += 1000
    call(office)
    office.now += 1
    office.take(kiosks[0], kiosks[0].present())
    run(office)
    assert presences(office)[:2] == ["online", "unknown"]


def test_a_busy_office_waits_longer_for_answers(sqlite_url: str) -> None:
    office, _ = a_town(sqlite_url)
    office.now += 1000
    call(office)
    run(office)
    office.now += 44_000
    office.timers.roll_calls.postpone(office.now)
    office.now += 44_000
    run(office)
    assert presences(office)[:2] == ["unknown", "unknown"]
    office.now += 1_000
    run(office)
    assert presences(office)[:2] == ["offline", "offline"]


def test_a_partition_that_was_lost_is_no_longer_asked(sqlite_url: str) -> None:
    office, _ = a_town(sqlite_url)
    office.now += 1000
    call(office)
    office.timers.roll_calls.drop(frozenset(range(16)))
    run(office)
    assert presences(office)[:2] == ["online", "online"]


def test_the_call_goes_to_everybody_of_the_partition(sqlite_url: str) -> None:
    office, _ = a_town(sqlite_url)
    mail = office.timers.roll_calls.begin(3, office.now)
    assert mail.topic == "anjungan/v1/p03/_all/down/rollcall"
    assert json.loads(mail.payload)["within_s"] == 30
    assert mail.qos == 1


@pytest.mark.parametrize("jump", [-3_600_000, 86_400_000])
def test_a_clock_that_is_set_during_a_roll_call_calls_nobody_silent(
    sqlite_url: str, jump: int
) -> None:
    office, kiosks = a_town(sqlite_url)
    office.now += 1000
    call(office)
    run(office)
    office.now += jump
    office.timers.roll_calls.postpone(office.now)  # as the loop does when it sees the jump
    run(office)
    assert presences(office)[:2] == ["unknown", "unknown"]
    office.take(kiosks[0], kiosks[0].present())
    office.now += 45_000
    run(office)
    assert presences(office)[:2] == ["online", "offline"]


def test_who_was_heard_before_the_session_was_all_set_up_is_not_asked_after(
    database: str,
) -> None:
    office, kiosks = a_town(database)
    office.now += 3_600_000
    connected = office.now
    office.now += 900
    office.take(kiosks[0], kiosks[0].birth())  # it had come back sooner than the office did
    office.now += 100
    for partition in {partition_of(name) for name in NAMES}:
        office.timers.roll_calls.begin(partition, office.now, since=connected)
    run(office)
    assert presences(office) == ["online", "unknown", "offline", "never"]
