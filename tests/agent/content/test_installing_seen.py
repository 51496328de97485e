"""A release on a kiosk with a real portal and a real browser: seen, or taken back by itself."""

from collections.abc import Callable

from agent.content.stop import Stop
from portal.server import PortalServer
from tests.support.chromium import RealChromium
from tests.support.installing import BUNDLE, Installer, page
from tests.support.wait import until

HIDDEN = b"html { background: white !important } body { display: none !important }"


class Brisk(Stop):
    """As patient as a test may be."""

    def until(self, is_true: Callable[[], bool], within_s: float) -> bool:
        return super().until(is_true, min(within_s, 10.0))


def test_row_23_a_release_whose_page_is_blank_is_off_the_screen_again_by_itself(
    installer: Installer, shown: PortalServer, chromium: Callable[[str], RealChromium]
) -> None:
    url = f"http://127.0.0.1:{shown.server_port}/"
    browser = chromium(url)
    installer.probes = {"browser": {"port": browser.port, "expected": url}}
    until(lambda: installer.kiosk()._light().is_there(), 60)  # type: ignore[union-attr]
    installer.releases.publish(BUNDLE, 1, page("Satu"))
    report = installer.install(1)
    assert (report.state, report.facts["light"]) == ("installed", True)
    installer.stop = Brisk()
    installer.releases.publish(BUNDLE, 2, page("Dua", {"a.css": HIDDEN}, look="a.css"))
    report = installer.install(2)
    assert (report.state, report.code, report.now) == ("rolled_back", "page_blank", 1)
    light = installer.kiosk()._light()
    assert light is not None
    light.prove(1, Stop().until, 60)
