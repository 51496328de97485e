"""What a kiosk asks at the door, with a clock that may be wrong and people in between."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from agent.identity.asker import Refused, address_of
from agent.identity.door import Caller, Clock, Door, fetch_authority
from agent.identity.keys import KeyFile, make
from tests.agent.identity.conftest import HURRY, Wall
from tests.agent.identity.played_door import DAY_MS, KIOSK, PlayedDoor
from wire.door import Granted
from wire.invitation import pin_of

YEAR_MS = 365 * DAY_MS
MADE = make()


def door(played: PlayedDoor, wall: Wall, floor: int = 0) -> Door:
    return Door(address_of(played.url), played.authority, Clock(wall), HURRY, floor)


def enrolled(played: PlayedDoor, wall: Wall) -> tuple[Granted, Caller]:
    granted = door(played, wall).enrol(played.invite().token, MADE.csr)
    return granted, Caller(granted.serial, KeyFile(MADE.key))


def pin(played: PlayedDoor) -> bytes:
    return pin_of(ssl.PEM_cert_to_DER_cert(played.authority.strip()))


def test_the_authority_of_the_code_is_found_and_only_that_is_trusted(played: PlayedDoor) -> None:
    found = fetch_authority(address_of(played.url), pin(played), HURRY)
    assert ssl.PEM_cert_to_DER_cert(found) == ssl.PEM_cert_to_DER_cert(played.authority.strip())


def test_row_32_a_fake_door_with_its_own_authority_is_refused_before_the_code_is_told(
    played: PlayedDoor, office_clock: Wall
) -> None:
    fake = PlayedDoor(office_clock)
    try:
        with pytest.raises(Refused) as refused:
            fetch_authority(address_of(fake.url), pin(played), HURRY)
    finally:
        fake.close()
    assert refused.value.code == "impostor"
    assert [path for _, path in fake.seen] == ["/v1/authority"]


def test_row_32_a_fake_door_that_repeats_our_authority_cannot_speak_for_it(
    played: PlayedDoor, office_clock: Wall, wall: Wall
) -> None:
    fake = PlayedDoor(office_clock)
    try:
        with pytest.raises(Refused) as refused:
            Door(address_of(fake.url), played.authority, Clock(wall), HURRY).time()
    finally:
        fake.close()
    assert refused.value.code == "impostor"
    assert fake.seen == []


def test_a_sign_in_page_of_a_strange_network_is_no_authority(played: PlayedDoor) -> None:
    played.plan = ["garbage"]
    with pytest.raises(Refused, match="is no certificate"):
        fetch_authority(address_of(played.url), pin(played), HURRY)


def test_a_kiosk_is_certified_and_stands(played: PlayedDoor, wall: Wall) -> None:
    granted, caller = enrolled(played, wall)
    assert granted.kiosk == KIOSK
    assert door(played, wall).standing(caller).serial == granted.serial


def test_a_lost_answer_is_asked_for_again_with_the_same_request(
    played: PlayedDoor, wall: Wall
) -> None:
    played.plan = ["lose"]
    enrolled(played, wall)
    assert len(played.issued) == 1


def test_a_renewal_whose_answer_was_lost_gives_one_certificate(
    played: PlayedDoor, wall: Wall
) -> None:
    _, caller = enrolled(played, wall)
    played.plan = ["lose", "later"]
    door(played, wall).renew(make().csr, caller)
    assert len(played.issued) == 2


@pytest.mark.parametrize("off_ms", [-YEAR_MS // 100, YEAR_MS // 100])
def test_a_signature_by_a_wrong_clock_is_made_again_by_the_office_s(
    played: PlayedDoor, wall: Wall, off_ms: int
) -> None:
    _, caller = enrolled(played, wall)
    wall.off_ms = off_ms
    kiosk_door = door(played, wall)
    assert kiosk_door.standing(caller).state == "active"
    assert abs(kiosk_door.clock.off_ms + off_ms) < 5000


def test_an_office_whose_clock_jumps_is_told_apart_from_ours(
    played: PlayedDoor, wall: Wall, office_clock: Wall
) -> None:
    _, caller = enrolled(played, wall)
    kiosk_door = Door(address_of(played.url), played.authority, Deaf(wall), HURRY)
    office_clock.off_ms = YEAR_MS
    with pytest.raises(Refused) as refused:
        kiosk_door.standing(caller)
    assert (refused.value.code, refused.value.who) == ("clock", "office")


class Deaf(Clock):
    """As if the office's clock had jumped between its answer and our next question."""

    def set(self, office_ms: int) -> None:
        super().set(office_ms - YEAR_MS)


Dated = Callable[[int, int], PlayedDoor]


@pytest.fixture
def dated(office_clock: Wall) -> Iterator[Dated]:
    """A door whose certificate is valid from and until so many days from now."""
    made: list[PlayedDoor] = []

    def build(begins: int, ends: int) -> PlayedDoor:
        now = datetime.now(UTC)
        dates = {"not_before": begins, "not_after": ends}
        built = PlayedDoor(
            office_clock, **{name: now + timedelta(days=days) for name, days in dates.items()}
        )
        made.append(built)
        return built

    yield build
    for one in made:
        one.close()


@pytest.mark.parametrize("days", [(-30, -1), (1, 30)])
def test_row_6_a_kiosk_whose_clock_is_wrong_takes_the_time_from_its_own_office(
    dated: Dated, wall: Wall, office_clock: Wall, days: tuple[int, int]
) -> None:
    # nobody can turn this machine's clock: so the office lives in another year, not the kiosk
    played = dated(*days)
    office_clock.off_ms = sum(days) // 2 * DAY_MS
    kiosk_door = door(played, wall, floor=office_clock() - DAY_MS)
    assert abs(kiosk_door.time() - office_clock()) < 5000
    _, caller = enrolled(played, wall)
    assert kiosk_door.standing(caller).state == "active"


def test_row_6_an_old_certificate_of_our_office_is_not_taken_with_an_old_time(
    dated: Dated, wall: Wall, office_clock: Wall
) -> None:
    played = dated(-30, -10)
    office_clock.off_ms = -20 * DAY_MS
    with pytest.raises(Refused) as refused:
        door(played, wall, floor=wall() - DAY_MS).time()
    assert (refused.value.code, refused.value.who) == ("door_ended", "office")


def test_an_office_whose_own_certificate_ended_must_act(dated: Dated, wall: Wall) -> None:
    with pytest.raises(Refused) as refused:
        door(dated(-30, -1), wall).time()
    assert (refused.value.code, refused.value.who) == ("door_ended", "office")


def test_an_answer_nobody_understands_is_the_office_s_to_mend(
    played: PlayedDoor, wall: Wall
) -> None:
    played.plan = ["garbage"]
    with pytest.raises(Refused) as refused:
        door(played, wall).time()
    assert (refused.value.code, refused.value.who) == ("answer", "office")


def test_who_may_command_is_asked_with_a_signature(played: PlayedDoor, wall: Wall) -> None:
    _, caller = enrolled(played, wall)
    assert door(played, wall).in_force(caller).policy == ""
    played.policy = '"' * 60_000
    assert door(played, wall).in_force(caller).policy == played.policy
