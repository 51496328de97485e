"""A new portal: restarted, and answering, or the old one again."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.content.told import DONE, LATER
from agent.software import trial
from portal.server import PortalServer
from tests.support.installing import Installer, portal_of, program

RESTART = """
import os, sys
folder, running = sys.argv[1:]
seq = os.path.basename(os.readlink(folder)) if os.path.islink(folder) else "0"
open(running, "w").write(seq)
"""


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
