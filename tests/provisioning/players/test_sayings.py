"""What a load kiosk says is the language, and its thread of conversation has no hole."""

from hypothesis import given
from hypothesis import strategies as some

from provisioning.players.sayings import Sayings, name_of
from wire.codec import decode_up, encode, kind_of
from wire.messages import Birth, Present, Reading, Up
from wire.topics import is_kiosk_name

NOW = 1_790_000_000_000


def a_kiosk(run: str = "r1") -> Sayings:
    return Sayings("load-00001", run, keepalive_s=60, started=NOW)


@given(some.integers(min_value=1, max_value=99_999))
def test_every_name_is_a_kiosks_name(number: int) -> None:
    assert is_kiosk_name(name_of(number))


def test_everything_said_is_understood() -> None:
    said = a_kiosk()
    said.connecting()
    messages: list[Up] = [
        said.say_birth(NOW),
        said.say_all(NOW),
        said.say_change(NOW),
        said.say_present(NOW),
        said.death(),
        said.death(planned=True),
    ]
    for message in messages:
        assert decode_up(kind_of(message), encode(message)) == message


@given(some.lists(some.sampled_from(["connect", "birth", "all", "change", "present"]), max_size=60))
def test_numbers_run_without_a_hole_within_a_birth(steps: list[str]) -> None:
    said, expected, birth = a_kiosk(), 0, 1
    said.connecting()
    acts = {
        "birth": said.say_birth,
        "all": said.say_all,
        "change": said.say_change,
        "present": said.say_present,
    }
    for step in steps:
        if step == "connect":
            said.connecting()
            expected, birth = 0, birth + 1
            continue
        message = acts[step](NOW)
        assert isinstance(message, Birth | Reading | Present)
        assert (message.birth, message.seq) == (birth, expected)
        expected += 1


def test_a_full_reading_names_every_probe_of_the_birth() -> None:
    said = a_kiosk()
    full = said.say_all(NOW)
    assert full.full
    assert {one.probe for one in full.observations} == set(said.say_birth(NOW).probes)


def test_another_run_is_another_memory() -> None:
    assert a_kiosk("r1").epoch == a_kiosk("r1").epoch
    assert a_kiosk("r1").epoch != a_kiosk("r2").epoch
