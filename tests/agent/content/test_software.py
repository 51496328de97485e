"""Programs brought into use: the agent and the portal, with the real trial beside their slots."""

import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.content.told import AGENT_NEW, DONE, LATER, Trial
from agent.software import launch, trial
from agent.software.environment import VERSION
from portal.server import PortalServer
from tests.support.installing import Installer, portal_of

RESTART = """
import os, sys
folder, running = sys.argv[1:]
seq = os.path.basename(os.readlink(folder)) if os.path.islink(folder) else "0"
open(running, "w").write(seq)
"""


def program(module: str, seq: int, **changed: str) -> dict[str, bytes]:
    about = {"module": module, "version": "1", "python": VERSION, "machine": platform.machine()}
    code = f"SEQ = {seq}\n".encode()
    return {"software.json": json.dumps(about | changed).encode(), f"{module}/__main__.py": code}


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


def test_an_agent_that_nobody_starts_from_its_release_does_not_loop(kiosk: Installer) -> None:
    kiosk.want(2, "agent")
    codes = [agent(kiosk, 1, reached=True) for _ in range(6)]
    assert codes.count(AGENT_NEW) <= 5
    assert codes[-1] == DONE
    assert kiosk.reports[-1].code == "no_start"
    assert kiosk.slots("agent").current == 1


def test_a_release_for_another_machine_is_never_switched_to(kiosk: Installer) -> None:
    kiosk.releases.publish("agent", 3, program("agent", 3, machine="riscv"))
    kiosk.want(3, "agent")
    assert agent(kiosk, 1, reached=True) == DONE
    report = kiosk.reports[-1]
    assert (report.state, report.code, report.now) == ("failed", "unfit", 1)


class PlayedPortal(PortalServer):
    """Says it runs from whatever release it was restarted from last."""

    running: Path

    def _health(self) -> dict[str, object]:
        seq = int(self.running.read_text()) if self.running.exists() else 0
        return {**super()._health(), "release": seq}


@pytest.fixture
def portal(bare: Installer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PortalServer]:
    monkeypatch.setattr("tests.support.installing.PortalServer", PlayedPortal)
    with portal_of(bare.slots().folder) as running:
        assert isinstance(running, PlayedPortal)
        running.running = bare.folder / "running"
        current = bare.slots("portal").folder / "current"
        bare.settings["portal"] = running.server_port
        bare.settings["restart_portal"] = [
            sys.executable, "-c", RESTART, str(current), str(running.running),
        ]  # fmt: skip
        bare.releases.publish("portal", 1, program("portal", 1))
        yield running


def test_a_portal_starts_anew_and_says_which_it_is(bare: Installer, portal: PortalServer) -> None:
    bare.want(1, "portal")
    assert bare.run().code == DONE
    assert (bare.reports[-1].state, bare.reports[-1].now) == ("installed", 1)
    assert portal._health()["release"] == 1


def test_a_portal_that_does_not_come_up_is_replaced_by_the_old_one(
    bare: Installer, portal: PortalServer
) -> None:
    bare.want(1, "portal")
    bare.run()
    bare.releases.publish("portal", 2, program("portal", 2))
    working = bare.settings["restart_portal"]
    bare.settings["restart_portal"] = ["/bin/false"]
    bare.hurry()
    bare.want(2, "portal")
    bare.run()
    report = bare.reports[-1]
    assert (report.state, report.code, report.now) == ("rolled_back", "restart", 1)
    assert bare.slots("portal").current == 1
    assert portal._health()["release"] == 1
    assert trial.read(bare.slots("portal").folder) is None
    assert working


def test_without_a_way_to_restart_it_a_portal_is_left_alone(
    bare: Installer, portal: PortalServer
) -> None:
    assert portal.server_port
    bare.settings["restart_portal"] = []
    bare.want(1, "portal")
    bare.run()
    assert (bare.reports[-1].state, bare.reports[-1].code) == ("failed", "unfit")
    assert "restart_portal" in bare.reports[-1].why


def test_a_citizen_at_the_portal_is_not_thrown_out(bare: Installer, portal: PortalServer) -> None:
    portal.said.say("open")
    bare.hurry()
    bare.want(1, "portal")
    assert bare.run().code == LATER
    assert bare.slots("portal").current == 0
