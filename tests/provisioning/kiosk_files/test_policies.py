"""The real Chromium under our policies, in a room of its own where they are the machine's."""

import json
import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.kiosk_files.policies import FIXED, policies

BROWSER = Path("/usr/lib/chromium/chromium")
INSIDE = """
import json, os, sys
from tempfile import TemporaryDirectory
from pathlib import Path
from playwright.sync_api import Error, sync_playwright
from portal.server import PortalServer
import threading

server = PortalServer(0, "uji", "1", "now")
threading.Thread(target=server.serve_forever, daemon=True).start()
origin = f"http://127.0.0.1:{server.server_port}"
Path("/etc/chromium/policies/managed").mkdir(parents=True)
from provisioning.kiosk_files.policies import policies
Path("/etc/chromium/policies/managed/anjungan.json").write_text(policies(origin, []))
said = {}
with sync_playwright() as play, TemporaryDirectory() as profile:
    browser = play.chromium.launch_persistent_context(
        profile, executable_path="/usr/bin/chromium", args=["--no-sandbox", "--kiosk"]
    )
    page = browser.pages[0]
    for name, url in json.loads(sys.argv[1]).items():
        if url.startswith("chrome:"):
            page = browser.new_page()
        try:
            page.goto(url.replace("ORIGIN", origin))
            said[name] = page.title()
        except Error as error:
            said[name] = str(error).split("\\n")[0].removeprefix("Page.goto: ").split(" at ")[0]
            if "interrupted" in said[name]:  # of its own pages the browser shows the refusal later
                page.wait_for_url("chrome-error://*/")
                said[name] = "net::" + page.inner_text(".error-code")
    browser.close()
print(json.dumps(said))
"""
BLOCKED = {
    "a site": "http://blocked.example/",
    "a name for ourselves": "http://localhost:1/",
    "another port": "http://127.0.0.1:9/",
    "https": "https://127.0.0.1:9/",
    "a file": "file:///etc/passwd",
    "a folder": "file:///",
    "the source": "view-source:ORIGIN/",
    "a text": "data:text/html,hello",
    "its settings": "chrome://settings/",
    "its history": "chrome://history/",
    "where it keeps things": "chrome://version/",
    "its tools": "devtools://devtools/bundled/inspector.html",
    "another program": "mailto:a@b.example",
    "a telephone": "tel:112",
}


def in_its_own_room(script: str, *arguments: str) -> str:
    """`script` by this Python where /etc/chromium is empty and nobody else's."""
    mount = 'mount -t tmpfs none /etc/chromium && exec "$@"'
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    done = subprocess.run(
        ["unshare", "--mount", *user, "sh", "-c", mount, "sh", sys.executable, "-c", script,
         *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_row_65_chromium_shows_the_portal_and_refuses_everything_else() -> None:
    said = json.loads(in_its_own_room(INSIDE, json.dumps({"the portal": "ORIGIN/"} | BLOCKED)))
    assert said.pop("the portal") == "Anjungan Layanan Warga"
    assert said == dict.fromkeys(BLOCKED, "net::ERR_BLOCKED_BY_ADMINISTRATOR")


def test_chromium_knows_every_policy_by_its_name() -> None:
    with BROWSER.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as all_:
        names = json.loads(policies("http://127.0.0.1:1", []))
        assert [name for name in names if all_.find(name.encode() + b"\0") < 0] == []


@pytest.mark.parametrize("allow", [[], ["https://a.example/form"]])
def test_an_address_that_is_allowed_has_no_star_at_its_end(allow: list[str]) -> None:
    made = json.loads(policies("http://127.0.0.1:8080", allow))
    assert made["URLAllowlist"] == ["http://127.0.0.1:8080", *allow]
    assert made["URLBlocklist"][0] == "*"
    assert made | FIXED == made


def test_the_agent_is_not_shut_out() -> None:
    assert "DeveloperToolsAvailability" not in policies("http://127.0.0.1:8080", [])
