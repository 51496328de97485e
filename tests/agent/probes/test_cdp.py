"""Sessions with a page, against the simulated browser."""

import pytest

from agent.probes import cdp, plain_http, websocket
from provisioning.players.devices.cdp_browser import CdpDevice
from provisioning.players.devices.escpos_printer import EscposDevice
from tests.support.wait import until

PATIENT_S = 20.0


@pytest.fixture
def session(cdp_device: CdpDevice) -> cdp.Session:
    page = cdp.pages(cdp_device.port, PATIENT_S)[0]
    return cdp.Session(page, cdp_device.port, PATIENT_S, "1")


def answers(session: cdp.Session) -> bool:
    try:
        return "visible" in session.evaluate("1", PATIENT_S)
    except cdp.Crashed:
        return False  # what the browser says of a crash travels like everything else


def test_pages_are_listed_with_their_addresses(cdp_device: CdpDevice) -> None:
    assert [page.url for page in cdp.pages(cdp_device.port, PATIENT_S)] == [cdp_device.url]


def test_the_browsers_own_lists_are_no_pages(cdp_device: CdpDevice) -> None:
    home = cdp_device.url
    cdp_device.url = "chrome://omnibox-popup.top-chrome/omnibox_popup_aim.html"
    assert cdp.pages(cdp_device.port, PATIENT_S) == []
    cdp_device.url = home


def test_what_is_no_browser_is_named_so(escpos_device: EscposDevice) -> None:
    with pytest.raises((plain_http.NotHttp, TimeoutError)):
        cdp.pages(escpos_device.port, 0.2)


def test_a_page_answers(session: cdp.Session) -> None:
    assert "visible" in session.evaluate("1", PATIENT_S)


def test_a_hung_page_is_silent_and_asked_only_once(
    cdp_device: CdpDevice, session: cdp.Session
) -> None:
    cdp_device.hang()
    for _ in range(5):
        with pytest.raises(cdp.Silent):
            session.evaluate("1", 0.05)
    until(lambda: cdp_device.asked, 20)
    assert cdp_device.asked == 1
    cdp_device.reload()
    assert "visible" in session.evaluate("1", PATIENT_S)


def test_a_crash_is_heard_at_the_next_question_and_a_reload_too(
    cdp_device: CdpDevice, session: cdp.Session
) -> None:
    session.evaluate("1", PATIENT_S)
    cdp_device.crash()
    for _ in range(2):
        with pytest.raises(cdp.Crashed):
            session.evaluate("1", PATIENT_S)
    cdp_device.reload()
    until(lambda: answers(session), 20)


def test_a_crash_that_happened_before_is_told_to_a_new_session(cdp_device: CdpDevice) -> None:
    cdp_device.crash()
    page = cdp.pages(cdp_device.port, PATIENT_S)[0]
    late = cdp.Session(page, cdp_device.port, PATIENT_S, "1")

    def crashed() -> bool:
        try:
            late.evaluate("1", 0.3)
        except cdp.Silent:
            return False
        except cdp.Crashed:
            return True
        raise AssertionError("it answers")

    until(crashed, 20)


def test_a_browser_that_ends_breaks_the_session(
    cdp_device: CdpDevice, session: cdp.Session
) -> None:
    cdp_device.kill()

    def broken() -> bool:
        try:
            session.evaluate("1", 0.1)
        except (websocket.Broken, OSError):
            return True
        return False

    until(broken, 20)
