"""An agent is changed for another one, and ended before every system call on the way there or back.

Swept is all of it: the child that switches, the launcher that starts what is current, and the child
of the next life that confirms it. Some of the calls in the ordinary suite; SWEEP=all: every one.
"""

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.content import verify
from agent.content.reports import Report
from agent.content.told import AGENT_NEW, DONE, Trial
from agent.software import launch, trial
from agent.software.trial import Moment
from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support import sweep
from tests.support.installing import Installer, program
from tests.support.swept_kiosk import disk_of_its_own
from tests.support.thorough import ALL

STEP = 1 if ALL else 97
MOST_LIVES = 8
LONG_S = 1e6
Life = Callable[[Installer], int]


@pytest.fixture
def disk() -> Iterator[PowerDisk | NoPower]:
    with disk_of_its_own() as made:
        yield made


@pytest.fixture
def template(bare: Installer) -> Installer:
    """Release 1 of the agent is in use, 2 is signed and wanted."""
    for seq in (1, 2):
        bare.releases.publish("agent", seq, program("agent", seq))
    bare.want(1, "agent")
    assert [good(bare), good(bare)] == [AGENT_NEW, DONE]
    bare.want(2, "agent")
    return bare


def good(kiosk: Installer) -> int:
    """A life of an agent that the office hears; the end of its child."""
    return _life(kiosk, launch.now())


def unheard(kiosk: Installer) -> int:
    """The launcher finds the time of any trial over."""
    now = launch.now()
    return _life(kiosk, Moment(now.boot, now.s + LONG_S))


def _life(kiosk: Installer, now: Moment) -> int:
    chosen = launch.chosen(kiosk.slots("agent").folder, "agent", now)
    assert Path(chosen.python).exists()
    kiosk.trial = Trial(chosen.seq, reached=True)
    return kiosk.run().code


def goes_on(kiosk: Installer, life: Life, call: str) -> Report:
    """The lives after the cut; what was told in the end, once."""
    before = kiosk.slots("agent").current
    assert before in (1, 2), f"{call}: {before}"
    is_whole(kiosk, call)
    codes = [life(kiosk)]
    while codes[-1] != DONE:
        codes.append(life(kiosk))
        assert len(codes) < MOST_LIVES, f"{call}: {codes}"
    told = [one for one in kiosk.reports if one.seq == 2]
    assert len(told) == 1, f"{call}: {told}"
    assert trial.read(kiosk.slots("agent").folder) is None, call
    assert trial.taken_back(kiosk.slots("agent").folder) is None, call
    is_whole(kiosk, call)
    return told[0]


def is_whole(kiosk: Installer, call: str) -> None:
    slots = kiosk.slots("agent")
    papers = slots.papers(slots.current)
    assert papers is not None, call
    assert verify.damaged(slots.tree(slots.current), papers[1], lambda: None) == [], call


def points(
    template: Installer, disk: PowerDisk | NoPower, cut: str, life: Life
) -> Iterator[Report]:
    for at in range(1, 10_000, STEP):
        kiosk = dataclasses.replace(template, folder=disk.folder / f"{cut}-{at}")
        shutil.copytree(template.folder, kiosk.folder, symlinks=True)
        shutil.rmtree(kiosk.slots("agent").folder / "envs")  # its paths are the template's
        disk.sync()

        def flow(arm: Callable[[], None], kiosk: Installer = kiosk) -> None:
            arm()
            while life(kiosk) != DONE:
                pass

        ran = sweep.run(flow, at)
        if cut == "power":
            disk.cut_power()
        yield goes_on(kiosk, life, f"{cut} at {at} {ran.calls[-1]}")
        shutil.rmtree(kiosk.folder)
        if not ran.killed:
            print(f"{cut}: {len(ran.calls)} calls")
            return
    raise AssertionError("no end")


@pytest.mark.parametrize("cut", ["kill", "power"])
def test_row_21_and_22_an_agent_changed_for_a_new_one_and_ended_anywhere_converges(
    template: Installer, disk: PowerDisk | NoPower, cut: str
) -> None:
    found = [*points(template, disk, cut, good)]
    assert {(one.state, one.now) for one in found} == {("installed", 2)}


@pytest.mark.parametrize("cut", ["kill", "power"])
def test_row_21_and_22_an_agent_that_is_not_heard_and_ended_anywhere_goes_back(
    template: Installer, disk: PowerDisk | NoPower, cut: str
) -> None:
    found = [*points(template, disk, cut, unheard)]
    assert {(one.state, one.now, one.code) for one in found} == {("rolled_back", 1, "no_office")}
