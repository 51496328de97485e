"""Fixtures: a real IPP Everywhere printer (ippeveprinter) and a real CUPS, private to a test.

Everything lives in temporary folders on free ports and is ended by its own pid.
"""

import os
import shlex
import subprocess
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.child import Child, free_port
from tests.support.wait import until

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/><allow user="*"/></policy></busconfig>
"""
# ippeveprinter runs this for each job: it reports what the test wrote, then obeys its exit code.
JOB_SCRIPT = """#!/bin/sh
[ -e {say} ] && cat {say} >&2
while [ -e {hold} ]; do sleep 0.1; done
echo >> {done}
"""
FORMATS = "application/pdf,image/pwg-raster,image/jpeg,text/plain"
PRINT_TEST = """{ OPERATION Print-Job
 GROUP operation-attributes-tag
 ATTR charset attributes-charset utf-8
 ATTR naturalLanguage attributes-natural-language en
 ATTR uri printer-uri $uri
 ATTR name requesting-user-name $user
 ATTR mimeMediaType document-format text/plain
 FILE $filename }
"""


class RealPrinter:
    """A virtual printer that behaves like one: `paper`, `toner`, `says`, `freeze`, `kill`."""

    def __init__(self, folder: Path, bus: str, name: str = "Kiosk Printer") -> None:
        self.port = free_port()
        self.name = name
        self._folder = folder
        (folder / "spool").mkdir(parents=True)
        script = folder / "job.sh"
        notes = {name: shlex.quote(str(folder / name)) for name in ("say", "hold", "done")}
        script.write_text(JOB_SCRIPT.format(**notes))
        script.chmod(0o755)
        args = f"ippeveprinter -r off -p {self.port} -k -f {FORMATS} -M Acme -m Kiosk"
        self.child = Child(
            [*args.split(), "-d", str(folder / "spool"), "-c", str(script), name],
            folder / "printer.log",
            {"DBUS_SYSTEM_BUS_ADDRESS": bus},
        )
        self.child.wait_for_port(self.port)

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def refill(self) -> None:
        self.paper(250)

    def paper(self, sheets: int, envelopes: int = 25) -> None:
        """Sheets in the main tray: 250, 125, 50, 25, 5 or 0; 5 is low, 0 is out."""
        a4, dl = "iso_a4_210x297mm", "iso_dl_110x220mm"
        self._form(
            "media", size1=a4, type1="stationery", level1=sheets,
            size3=dl, type3="envelope", level3=envelopes,
        )  # fmt: skip

    def toner(self, percent: int, waste: int = 25) -> None:
        self._form("supplies", supply0=waste, supply1=percent)

    def says(self, *reasons: str) -> None:
        """Have a job report reasons that stay afterwards: '+media-jam', later '-media-jam'."""
        (self._folder / "say").write_text("".join(f"STATE: {reason}\n" for reason in reasons))
        self.print_page()
        (self._folder / "say").unlink()

    def hold_jobs(self) -> None:
        (self._folder / "hold").touch()

    def release_jobs(self) -> None:
        (self._folder / "hold").unlink(missing_ok=True)

    def print_page(self, *, wait: bool = True) -> None:
        """Print one page; wait until the printer is idle again (never, when paper is out)."""
        until(self._idle, 15)
        before = self._done()
        test, page = self._folder / "print.test", self._folder / "page.txt"
        test.write_text(PRINT_TEST)
        page.write_text("Selamat pagi\n")
        subprocess.run(
            ["ipptool", "-q", "-f", str(page), self.uri, str(test)], check=True, timeout=20
        )
        if wait:  # idle alone could be the idleness before the job
            until(lambda: self._done() > before, 15)
            until(self._idle, 15)

    def freeze(self) -> None:
        self.child.freeze()

    def thaw(self) -> None:
        self.child.thaw()

    def kill(self) -> None:
        self.child.kill()

    def stop(self) -> None:
        self.release_jobs()
        self.child.stop()

    def _done(self) -> int:
        done = self._folder / "done"
        return len(done.read_text().splitlines()) if done.exists() else 0

    def _idle(self) -> bool:
        return "Idle" in self._page("/")

    def _page(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page:
            return str(page.read().decode(errors="replace"))

    def _form(self, page: str, **fields: object) -> None:
        self._page(f"/{page}?{urllib.parse.urlencode(fields)}")


CUPSD = """LogLevel warn
Listen 127.0.0.1:{port}
Browsing No
BrowseLocalProtocols none
WebInterface No
DefaultAuthType None
JobRetryInterval 1
<Location />
Order allow,deny
Allow 127.0.0.1
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow 127.0.0.1
</Limit>
</Policy>
"""
FILES = """User lp
Group lp
SystemGroup root
FileDevice Yes
ServerRoot {root}/etc
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
"""


class RealCups:
    """A private cupsd: `add_queue`, `pause`, `resume`, `reject`, `accept`, `send`."""

    def __init__(self, root: Path) -> None:
        self.port = free_port()
        for name in ("etc/ppd", "spool/tmp", "cache", "state", "log"):
            (root / name).mkdir(parents=True)
        for name in ("spool", "spool/tmp", "cache", "state"):
            os.chown(root / name, 0, _group("lp"))
            (root / name).chmod(0o770)
        root.chmod(0o755)
        (root / "etc/cupsd.conf").write_text(CUPSD.format(port=self.port))
        (root / "etc/cups-files.conf").write_text(FILES.format(root=root))
        self._root = root
        self.child = Child(
            ["cupsd", "-f", "-c", f"{root}/etc/cupsd.conf", "-s", f"{root}/etc/cups-files.conf"],
            root / "cupsd.log",
        )
        self.child.wait_for_port(self.port)

    def add_queue(self, name: str, uri: str, model: str = "raw") -> None:
        """`model` "everywhere" converts what it prints; "raw" passes it on and is set up faster."""
        self.tool("lpadmin", "-p", name, "-E", "-v", uri, "-m", model)
        if model == "everywhere":  # made in the background, which ends by enabling the queue
            until((self._root / f"etc/ppd/{name}.ppd").exists, 15)

    def pause(self, name: str) -> None:
        self.tool("cupsdisable", "-r", "dihentikan petugas", name)

    def resume(self, name: str) -> None:
        self.tool("cupsenable", name)

    def reject(self, name: str) -> None:
        self.tool("cupsreject", name)

    def accept(self, name: str) -> None:
        self.tool("cupsaccept", name)

    def send(self, name: str) -> None:
        """Put one text job into the queue."""
        page = self._root / "page.txt"
        page.write_text("Selamat pagi\n")
        self.tool("lp", "-d", name, str(page))

    def cancel_all(self, name: str) -> None:
        self.tool("cancel", "-a", name)

    def tool(self, *args: str) -> str:
        env = {**os.environ, "CUPS_SERVER": f"127.0.0.1:{self.port}"}
        done = subprocess.run(
            args, env=env, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, f"{args}: {done.stderr}"
        return done.stdout

    def stop(self) -> None:
        self.child.stop()


def _group(name: str) -> int:
    import grp  # noqa: PLC0415 - only where the system has such groups

    return grp.getgrnam(name).gr_gid


@pytest.fixture(scope="session")
def system_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a private D-Bus: without one ippeveprinter refuses to start."""
    folder = tmp_path_factory.mktemp("bus")
    path = folder / "bus"
    (folder / "bus.conf").write_text(BUS.format(path=path))
    bus = Child(
        ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork"], folder / "bus.log"
    )
    until(path.exists, 5)
    yield f"unix:path={path}"
    bus.stop()


@pytest.fixture
def make_printer(
    system_bus: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], RealPrinter]]:
    """A factory of real printers, all stopped at the end of the test."""
    printers: list[RealPrinter] = []

    def make() -> RealPrinter:
        printers.append(RealPrinter(tmp_path_factory.mktemp("printer"), system_bus))
        return printers[-1]

    yield make
    for printer in printers:
        printer.stop()


@pytest.fixture
def real_printer(make_printer: Callable[[], RealPrinter]) -> RealPrinter:
    return make_printer()


@pytest.fixture
def real_cups() -> Iterator[RealCups]:
    # Not below pytest's own folder: only its owner may enter that, and filters run as user lp.
    with tempfile.TemporaryDirectory(prefix="cups-") as folder:
        cups = RealCups(Path(folder))
        yield cups
        cups.stop()
