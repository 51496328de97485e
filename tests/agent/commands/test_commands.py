"""The parts joined: what a birth says, what makes another one necessary, what is not there."""

from agent.commands.commands import Commands, Outside
from tests.agent.commands.played import KIOSK, Played
from wire.actions import KINDS
from wire.messages import NewPolicy


def word(played: Played, version: int) -> NewPolicy:
    signed = played.ceremony.signed_policy(played.ceremony.policy(version))
    return NewPolicy(policy=signed.policy, signatures=signed.signatures)


def test_every_birth_has_a_nonce_of_its_own_and_says_how_far_this_kiosk_is(played: Played) -> None:
    births = [played.born() for _ in range(5)]
    assert len({birth.nonce for birth in births}) == 5
    assert {len(birth.nonce) for birth in births} == {32}
    assert (births[0].policy, births[0].number) == (1, 0)
    one = played.envelope()
    played.do(one)
    assert played.born().number == one.number


def test_a_newer_policy_wants_a_birth_and_an_old_one_does_not(played: Played) -> None:
    assert played.commands.heard(word(played, 2))
    assert not played.commands.heard(word(played, 2))
    assert played.born().policy == 2


def test_an_agent_without_processes_or_a_restart_does_what_needs_none(played: Played) -> None:
    played.end()
    played.has_processes = False
    played.begin()
    kinds = ("reload_page", "noop")
    played.do(*[played.envelope(kind) for kind in kinds])
    assert played.ends() == [("rejected", "disabled"), ("succeeded", "")]


def test_without_hands_a_kiosk_still_takes_what_it_can(played: Played) -> None:
    played.commands.stop()
    bare = Commands(
        KIOSK,
        played.store,
        played.outbox,
        state_dir=played.folder,
        boot_id="",
        outside=Outside(boottime=lambda: played.now),
    )
    played.commands = bare
    played.born()
    played.do(played.envelope("restart_agent"), played.envelope())
    assert played.ends() == [("rejected", "disabled"), ("succeeded", "")]


def test_what_agent_toml_forbids_is_not_done(played: Played) -> None:
    played.end()
    played.off = ["reboot"]
    played.begin().do(played.envelope("reboot"))
    assert played.ends() == [("rejected", "disabled")]


def test_every_kind_has_an_end(played: Played) -> None:
    words: dict[str, dict[str, object]] = {
        "set_volume": {"percent": 1},
        "set_brightness": {"percent": 1},
        "screen": {"on": True},
        "maintenance": {"on": True},
        "set_log_level": {"level": "info"},
    }
    routine = [kind for kind, about in KINDS.items() if about.power == "routine"]
    for kind in routine:
        played.do(played.envelope(kind, words.get(kind, {})))
        if kind == "restart_agent":
            played.again()
        elif kind == "reboot":
            played.reboot()
    assert played.ends() == [("succeeded", "")] * len(routine)
