"""A mixer, played by a program that keeps a number."""

from collections.abc import Callable

import pytest

from tests.agent.actions.conftest import Bench

Program = Callable[[str, str], str]


@pytest.fixture
def mixer(bench: Bench, program: Program) -> Callable[[str], None]:
    """Prints as amixer does; the argument: what it does when told to set."""
    kept = bench.folder / "kept"
    kept.write_text("40")

    def make(sets: str = f'echo "$1" > {kept}') -> None:
        read = program("read", f'echo "  Mono: Playback 26 [$(cat {kept})%] [on]"')
        bench.settings["actions"]["set_volume"] = {
            "run": [program("run", sets), "{percent}"],
            "read": [read],
        }

    return make


def test_it_is_set_noted_before_and_read_back(bench: Bench, mixer: Callable[..., None]) -> None:
    mixer()
    ended = bench.run("set_volume", percent=70)
    assert (ended.state, ended.facts) == ("succeeded", {"percent": 70, "before": 40})
    assert bench.noted == ["40"]
    ended = bench.run("set_volume", percent=70, mode="undo", undo=bench.noted[0])
    assert ended.facts["percent"] == 40


def test_a_mixer_that_does_not_follow_is_not_believed(
    bench: Bench, mixer: Callable[..., None]
) -> None:
    mixer("true")
    ended = bench.run("set_volume", percent=70)
    assert (ended.code, ended.facts["undone"]) == ("not_taken", True)


def test_what_failed_half_way_is_put_right_before_it_is_told(
    bench: Bench, mixer: Callable[..., None]
) -> None:
    kept = bench.folder / "kept"
    mixer(f'[ "$1" = 70 ] && echo 55 > {kept} || echo "$1" > {kept}')
    ended = bench.run("set_volume", percent=70)
    assert (ended.state, ended.code, ended.facts["undone"]) == ("failed", "not_taken", True)
    assert kept.read_text() == "40\n"


def test_a_mixer_of_another_kind_is_read_too(bench: Bench, program: Program) -> None:
    read = [program("read", "echo 'Volume: 0.35 [MUTED]'")]
    bench.settings["actions"]["set_volume"] = {"run": ["true"], "read": read}
    assert bench.run("set_volume", percent=35).facts["percent"] == 35


def test_a_kiosk_without_a_mixer_cannot(bench: Bench, program: Program) -> None:
    bench.settings["actions"]["set_volume"] = {"read": [program("read", "exit 1")]}
    ended = bench.run("set_volume", percent=70)
    assert (ended.code, bench.noted) == ("unsupported", [])
    bench.settings["actions"]["set_volume"] = {"read": ["no-such-program-here"]}
    assert bench.run("set_volume", percent=70).code == "unsupported"


def test_what_was_not_noted_cannot_be_taken_back(bench: Bench) -> None:
    assert bench.run("set_volume", percent=7, mode="undo", undo="loud").code == "nothing_noted"
