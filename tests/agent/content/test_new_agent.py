"""A new agent: heard by the office, or gone again, with the real trial beside its slots."""

import pytest

from agent.content.told import AGENT_NEW, DONE, LATER, Trial
from agent.software import launch, trial
from tests.support.installing import Installer, program


def agent(kiosk: Installer, seq: int, *, reached: bool = False) -> int:
    """A run of the child under that release of the agent; its exit code."""
    kiosk.trial = Trial(seq, reached)
    return kiosk.run().code


@pytest.fixture
def kiosk(bare: Installer) -> Installer:
    """Two releases of the agent; the first is in use."""
    for seq in (1, 2):
        bare.releases.publish("agent", seq, program("agent", seq))
    bare.want(1, "agent")
    assert agent(bare, 0) == AGENT_NEW
    assert agent(bare, 1, reached=True) == DONE
    return bare


def test_a_new_agent_is_confirmed_when_the_office_has_heard_it(kiosk: Installer) -> None:
    slots = kiosk.slots("agent")
    kiosk.want(2, "agent")
    assert agent(kiosk, 1, reached=True) == AGENT_NEW
    assert (slots.current, trial.read(slots.folder) is not None) == (2, True)
    assert agent(kiosk, 2) == LATER
    assert "waits to be heard" in kiosk.status.installs[0].note
    assert agent(kiosk, 2, reached=True) == DONE
    assert (kiosk.reports[-1].state, kiosk.reports[-1].now) == ("installed", 2)
    assert trial.read(slots.folder) is None


def test_an_agent_that_never_reaches_the_office_was_taken_back_and_that_is_told(
    kiosk: Installer,
) -> None:
    slots = kiosk.slots("agent")
    kiosk.want(2, "agent")
    agent(kiosk, 1, reached=True)
    found = trial.read(slots.folder)
    assert found is not None
    trial.back(slots.folder, found, "no_office", "not heard of in 900 s")
    assert agent(kiosk, 1, reached=True) == DONE
    report = kiosk.reports[-1]
    assert (report.state, report.code, report.seq, report.now) == ("rolled_back", "no_office", 2, 1)
    assert trial.taken_back(slots.folder) is None
    kiosk.want(1, "agent")
    kiosk.want(2, "agent")
    assert agent(kiosk, 1, reached=True) == DONE
    assert kiosk.reports[-1].code in ("no_office", "failed_before")


def test_an_agent_whose_time_is_over_while_it_runs_goes_back_by_itself(kiosk: Installer) -> None:
    slots = kiosk.slots("agent")
    kiosk.want(2, "agent")
    agent(kiosk, 1, reached=True)
    trial.begin(slots.folder, 2, 1, launch.now(), window_s=0.0)
    assert agent(kiosk, 2) == AGENT_NEW
    assert slots.current == 1
    assert agent(kiosk, 1, reached=True) == DONE
    assert (kiosk.reports[-1].state, kiosk.reports[-1].now) == ("rolled_back", 1)


def test_how_long_it_may_take_is_said_in_the_settings(kiosk: Installer) -> None:
    kiosk.settings["trial_s"] = 60
    kiosk.want(2, "agent")
    agent(kiosk, 1, reached=True)
    found = trial.read(kiosk.slots("agent").folder)
    assert found is not None
    assert found.window_s == 60


def test_an_agent_that_nobody_starts_from_its_release_does_not_loop(kiosk: Installer) -> None:
    kiosk.want(2, "agent")
    codes = [agent(kiosk, 1, reached=True) for _ in range(6)]
    assert codes.count(AGENT_NEW) <= 5
    assert codes[-1] == DONE
    assert kiosk.reports[-1].code == "no_start"
    assert kiosk.slots("agent").current == 1
