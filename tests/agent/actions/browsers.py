"""A kiosk's browser for these tests: a real Chromium with a keeper, pages from a tiny server."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil

from agent.actions.page import Gone, Place, Said, Silent, browser_session, session, target
from tests.agent.actions.conftest import Bench
from tests.support.child import Child
from tests.support.chromium import EXECUTABLE, FLAGS, RealChromium
from tests.support.wait import until

PAGE = """<!doctype html><title>kiosk</title><body style="background:#157">
<input id="name"><select id="s"><option>a<option>b</select><input type="checkbox" id="c">
<textarea id="t"></textarea><p contenteditable id="e"></p><div id="host"></div></body>"""
HANG = "setTimeout(() => { for (;;) {} }, 0)"


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: Any) -> None:
        pass


class KioskBrowser:
    """`start` after an end gives another browser at the same port; `keep` does it by itself."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url, self._folder, self._hung = url, folder, False
        self.chromium = RealChromium(folder, url)
        self.place = Place(self.chromium.port, url)
        until(self.well, 30)

    def well(self) -> bool:
        said = self.evaluate("document.readyState + ' ' + location.href")
        return bool(said == f"complete {self.url}")

    def fresh(self) -> None:
        """Another page in the place of the present one, whatever became of that."""
        with contextlib.suppress(Gone, Silent, Said):
            old = target(self.place).id
            with browser_session(self.place.port) as talk:
                talk.call("Target.createTarget", url=self.url)
                talk.call("Target.closeTarget", targetId=old)
            until(lambda: target(self.place).id != old, 10)
        if self.evaluate("1") != 1:
            self.again()
        until(self.well, 30)

    def evaluate(self, expression: str) -> Any:
        try:
            with session(self.place) as talk:
                return talk.evaluate(expression)
        except (Gone, Silent, Said):
            return None

    def hang(self) -> None:
        self._hung = True
        with session(self.place) as talk:
            talk.evaluate(HANG)
            for _ in range(50):
                try:
                    talk.evaluate("1", 0.3)
                except Silent:
                    return
        raise AssertionError("it does not hang")

    def rest(self) -> None:
        """A page that hangs would keep a core busy until the last test of all: closed or not."""
        if not self._hung:
            return
        self._hung = False
        for process in psutil.Process(self.chromium.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "--type=renderer" in process.cmdline():
                    process.kill()

    def watched_by(self, bench: Bench) -> None:
        port = self.chromium.port
        bench.settings["probes"]["browser"] = {"port": port, "expected": self.url}
        bench.root = Path("/")  # its processes are real

    def again(self) -> None:
        """What systemd does when the browser has ended."""
        port = self.chromium.port
        self.chromium.kill()
        again = RealChromium.__new__(RealChromium)
        again.port, again.url = port, self.url
        self.chromium = start_at(again, self._folder)
        until(self.well, 30)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """While the block runs somebody starts it whenever it has ended."""
        stop = threading.Event()

        def keep() -> None:
            while not stop.wait(0.2):
                if self.chromium.child._process.poll() is not None:
                    self.again()

        keeper = threading.Thread(target=keep)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()


def start_at(chromium: RealChromium, folder: Path) -> RealChromium:
    words = [EXECUTABLE, *FLAGS.split(), f"--remote-debugging-port={chromium.port}"]
    words += [f"--user-data-dir={folder / 'again'}", chromium.url]
    for lock in (folder / "again").glob("Singleton*"):
        lock.unlink(missing_ok=True)
    chromium.child = Child(words, folder / "again.log")
    chromium.child.wait_for_port(chromium.port, 30)
    return chromium


@contextlib.contextmanager
def a_kiosk_browser(folder: Path) -> Iterator[KioskBrowser]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    browser = KioskBrowser(folder, f"http://127.0.0.1:{server.server_port}/")
    yield browser
    browser.chromium.stop()
    server.shutdown()
    server.server_close()
