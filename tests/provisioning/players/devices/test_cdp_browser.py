"""The simulated browser, spoken to as the documentation says. (The probe meets it elsewhere.)"""

import json
import urllib.request

from agent.probes import cdp, websocket
from provisioning.players.devices.cdp_browser import ERROR_PAGE, PAGE, CdpDevice


def test_its_list_has_the_fields_of_a_real_one(cdp_device: CdpDevice) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{cdp_device.port}/json/list", timeout=5) as all_:
        (page,) = json.loads(all_.read())
    assert {"id", "type", "url", "webSocketDebuggerUrl"} <= page.keys()
    assert page["webSocketDebuggerUrl"].startswith(f"ws://127.0.0.1:{cdp_device.port}/devtools/")


def test_a_listener_hears_of_crash_and_return_at_once(cdp_device: CdpDevice) -> None:
    link = websocket.Socket("127.0.0.1", cdp_device.port, PAGE, 2)
    link.send(b'{"id": 1, "method": "Inspector.enable", "params": {}}')
    assert json.loads(link.receive(2) or b"") == {"id": 1, "result": {}}
    cdp_device.crash()
    assert b"Inspector.targetCrashed" in (link.receive(2) or b"")
    cdp_device.reload()
    assert b"Inspector.targetReloadedAfterCrash" in (link.receive(2) or b"")
    link.close()


def test_a_browser_started_again_is_at_home_and_well(cdp_device: CdpDevice) -> None:
    cdp_device.show_error_page()
    cdp_device.crash()
    assert cdp_device.url == ERROR_PAGE
    cdp_device.kill()
    cdp_device.start()
    page = cdp.pages(cdp_device.port, 2)[0]
    assert page.url == cdp_device.home
    assert "visible" in cdp.Session(page, cdp_device.port, 2, "1").evaluate("1", 2)
