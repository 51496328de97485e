"""Content brought into use: with courtesy, and with proof."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.actions.page import Place
from agent.content.activation import Later
from agent.content.health import Portal, Unwell
from agent.content.journal import Row
from agent.content.light import Light
from agent.content.shown import Shown
from portal.server import PortalServer
from tests.portal.test_content import words
from tests.support.child import free_port
from tests.support.installing import Hasty, portal_of
from tests.support.shown import put

ROW = Row(bundle="layanan", seq=1, attempt=1, number=1, state="confirming")


def a_shown(
    portal: PortalServer | None, light: Light | None = None, waited: Callable[[Row], int] = hash
) -> Shown:
    return Shown(Portal(portal.server_port) if portal else None, light, Hasty(), waited)


def test_a_kiosk_without_a_screen_proves_nothing() -> None:
    shown = a_shown(None)
    assert (shown.ready(ROW), shown.confirm(ROW)) == ({}, {})


def test_a_citizen_goes_first_before_and_after_the_switch(tmp_path: Path) -> None:
    put(tmp_path, 2, {"content.json": words("Dua")})
    with portal_of(tmp_path) as portal:
        portal.said.say("open")
        shown = a_shown(portal)
        with pytest.raises(Later, match="citizen"):
            shown.ready(ROW)
        with pytest.raises(Later, match="citizen"):
            shown.confirm(ROW)
        portal.said.say("closed")
        assert shown.ready(ROW) == {"portal_before": True}
        with pytest.raises(Unwell):
            shown.confirm(ROW)


def test_a_lease_that_lapsed_keeps_nobody_waiting(tmp_path: Path) -> None:
    now = [0.0]
    with portal_of(tmp_path, lambda: now[0]) as portal:
        portal.said.say("open")
        now[0] = 121.0
        assert a_shown(portal).ready(ROW) == {"portal_before": True}


def test_a_browser_that_was_dark_before_is_not_held_against_the_release(tmp_path: Path) -> None:
    put(tmp_path, 1, {"content.json": words("Satu")})
    light = Light(Place(free_port(), "http://127.0.0.1/"))
    with portal_of(tmp_path) as portal:
        shown = a_shown(portal, light)
        before = shown.ready(ROW)
        assert before == {"portal_before": True, "light_before": False}
        dark = Row(bundle="layanan", seq=1, attempt=1, number=1, facts=dict(before))
        assert shown.confirm(dark) == {"portal": True, "light": False}
        with pytest.raises(Unwell, match="port"):
            shown.confirm(ROW)


def test_a_silent_portal_is_waited_for_a_while() -> None:
    shown = Shown(Portal(free_port()), None, Hasty(), lambda row: row.tries, patience=2)
    with pytest.raises(Later, match="does not answer"):
        shown.ready(ROW)
    late = Row(bundle="layanan", seq=1, attempt=1, number=1, tries=2)
    assert shown.ready(late) == {"portal_before": False}
