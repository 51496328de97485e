"""The portal's own word on what it was given."""

import pytest

from agent.content.health import Portal, Unwell, runs, shows
from agent.content.stop import Stop
from portal.server import PortalServer
from tests.support.child import free_port
from tests.support.installing import Installer, page

until = Stop().until


def test_a_portal_that_shows_it_is_well(installer: Installer, shown: PortalServer) -> None:
    installer.releases.publish("layanan", 1, page("Satu"))
    installer.install(1)
    shows(Portal(shown.server_port), 1, until, 5)


def test_one_that_goes_on_with_another_is_not(shown: PortalServer) -> None:
    with pytest.raises(Unwell) as found:
        shows(Portal(shown.server_port), 2, until, 0)
    assert found.value.code == "portal_other"


def test_nobody_there_is_no_answer() -> None:
    portal = Portal(free_port())
    assert portal.ask() is None
    with pytest.raises(Unwell) as found:
        shows(portal, 2, until, 0)
    assert found.value.code == "portal_silent"


def test_a_portal_says_which_release_it_runs_from(shown: PortalServer) -> None:
    runs(Portal(shown.server_port), 0, until, 5)
    with pytest.raises(Unwell, match="release 3"):
        runs(Portal(shown.server_port), 3, until, 0)
