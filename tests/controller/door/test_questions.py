"""How a citizen's own stands: told to who knows number and digits, and nobody can try them all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from controller.door.allowance import GUESSES, MISSES
from controller.door.questions import BRAKED_S
from controller.registrar.client import Registrar
from controller.registrar.protocol import HandIn
from controller.registrar.tries import MOST_OF_RECORD
from tests.support.door import BuildDoor, Caller
from tests.support.registrar import DAY, NAME, NOW, PLANTED, Registry
from wire import door as paths
from wire.citizen import Answer, Question

NUMBER = "261122-0001-K7Q3M-R"


def ask(caller: Caller, number: str = NUMBER, tail: str = "4321") -> Answer:
    body = msgspec.json.encode(Question(id="a" * 32, number=number, tail=tail))
    answer = caller.signed("POST", paths.STATUS_PATH, body)
    assert answer.status_code == 200, answer.text
    assert PLANTED not in answer.text
    return msgspec.json.decode(answer.content, type=Answer)


@pytest.fixture
def caller(any_registry: Registry, build_door: BuildDoor) -> Iterator[Caller]:
    """Another kiosk than the one where it was handed in."""
    any_registry.accepted(any_registry.portal().record())
    made = build_door(any_registry.url, registrar=any_registry.socket)
    made.warden.start()
    with any_registry.listening():
        yield made.enrolled("bdg-sukasari-2")


def test_number_and_digits_tell_the_state_at_any_kiosk(
    any_registry: Registry, caller: Caller
) -> None:
    any_registry.move(1, "ready", NOW + 5)
    found = ask(caller)
    assert found.found
    assert found.standing is not None
    assert (found.standing.state, found.standing.since) == ("ready", NOW + 5)


def test_wrong_digits_and_a_number_that_is_none_are_answered_alike(caller: Caller) -> None:
    wrong, none = ask(caller, tail="4322"), ask(caller, number="261122-9999-K7Q3M-R")
    assert wrong == none == Answer(id="a" * 32, found=False)


def test_nobody_tries_all_digits_of_a_number(caller: Caller) -> None:
    for guess in range(GUESSES.amount):
        assert ask(caller, tail=f"{guess:04}").wait_s == 0
    right = ask(caller)
    assert not right.found
    assert 0 < right.wait_s <= 15 * 60
    assert ask(caller, number="261122-9999-K7Q3M-R").wait_s == 0


def test_what_another_program_handed_in_is_answered_at_any_kiosk_by_the_same_digits(
    any_registry: Registry, caller: Caller
) -> None:
    program = any_registry.person("kanal", ("channel", "32.73"))
    about = {"tenant": "32.73", "category": "jalan_rusak", "place": "32.73.01"}
    usual = HandIn(account=program, text="x", **about)  # type: ignore[arg-type]
    with_phone = msgspec.structs.replace(usual, phone="0812-0000-9876")
    asked = Registrar(any_registry.officers)
    number, nameless = asked.hand_in(with_phone).number, asked.hand_in(usual).number
    found = ask(caller, number=number, tail="9876").standing
    assert found is not None
    assert (found.number, found.state) == (number, "submitted")
    none = Answer(id="a" * 32, found=False)
    assert ask(caller, number=number, tail="9875") == none
    assert ask(caller, number=nameless, tail="9876") == none, "nobody can know it by digits"


def test_the_registrars_own_brake_is_told_as_a_wait(any_registry: Registry, caller: Caller) -> None:
    path = any_registry.folder / "keys" / "tries"
    path.write_text(f"{NOW // DAY} {NAME} {NUMBER}\n" * MOST_OF_RECORD)
    with any_registry.listening():  # started anew, on the sockets of before
        braked = ask(caller)
        assert (braked.found, braked.wait_s) == (False, BRAKED_S)
        any_registry.clock.now += DAY
        assert ask(caller).found


def test_nobody_tries_all_digits_of_a_number_at_once(caller: Caller) -> None:
    with ThreadPoolExecutor(12) as crowd:
        told = list(crowd.map(lambda guess: ask(caller, tail=f"{guess:04}"), range(24)))
    assert sum(one.wait_s == 0 for one in told) <= GUESSES.amount


def test_a_kiosk_that_guesses_at_every_number_has_to_wait(caller: Caller) -> None:
    numbers = [f"261122-{count:04}-K7Q3M-R" for count in range(2, 2 + MISSES.amount)]
    assert [ask(caller, number=one).wait_s for one in numbers] == [0] * MISSES.amount
    told = ask(caller)
    assert not told.found
    assert told.wait_s > 0


def test_what_is_no_question_is_refused(caller: Caller) -> None:
    for body in (b"", b"{}", b'{"id":"x","number":"1","tail":"12"}', b"\xff"):
        assert caller.signed("POST", paths.STATUS_PATH, body).json()["code"] == "malformed"


def test_without_a_registrar_it_says_that_the_office_must_act(
    registry: Registry, build_door: BuildDoor
) -> None:
    for settings in ({}, {"registrar": registry.socket}):
        made = build_door(registry.url, **settings)
        made.warden.start()
        body = msgspec.json.encode(Question(id="a" * 32, number=NUMBER, tail="4321"))
        answer = made.enrolled(NAME).signed("POST", paths.STATUS_PATH, body)
        assert (answer.status_code, answer.json()["code"]) == (503, "registrar")
        assert answer.json()["who"] == "office"
