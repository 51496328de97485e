"""The child is killed, and its power cut, before every system call of an update and of a way back.

Whatever the moment: what is in use is one release, whole, and the next run comes to the same end,
told once. Some of the calls in the ordinary suite; SWEEP=all makes it every one.
"""

import contextlib
import dataclasses
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.content import verify
from agent.content.floor import Floor
from agent.content.reports import Report, Reports
from portal.content import Content
from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support import sweep
from tests.support.installing import BUNDLE, Installer, page, portal_of
from tests.support.swept_kiosk import disk_of_its_own
from tests.support.thorough import ALL

STEP = 1 if ALL else 29
MORE = {"video.mp4": bytes(range(256)) * 20, "a/b.txt": b"b"}
GOOD = page("Dua", MORE | {"a/c.txt": b"c"})
BROKEN = {"content.json": b"[]"}


@pytest.fixture
def disk() -> Iterator[PowerDisk | NoPower]:
    with disk_of_its_own() as made:
        yield made


@pytest.fixture
def template(installer: Installer) -> Installer:
    """Release 1 is in use, 2 is signed and wanted."""
    installer.releases.publish(BUNDLE, 1, page("Satu", MORE))
    installer.install(1)
    installer.want(2)
    return installer


@dataclasses.dataclass
class Point:
    """One kiosk on that disk, to be ended once."""

    kiosk: Installer
    disk: PowerDisk | NoPower
    cut: str
    reports_before: int

    def end(self, at: int) -> sweep.Run:
        """Wherever it was ended, nothing in between is ever in use."""

        def flow(arm: Callable[[], None]) -> None:
            kiosk = self.kiosk.kiosk()
            arm()
            kiosk.work().run()

        ran = sweep.run(flow, at)
        if self.cut == "power":
            self.disk.cut_power()
        self.is_whole(ran.calls[-1])
        return ran

    def is_whole(self, call: str) -> int:
        slots = self.kiosk.slots()
        papers = slots.papers(slots.current)
        assert papers is not None, f"{call}: what is in use has no papers"
        wrong = verify.damaged(slots.tree(slots.current), papers[1], lambda: None)
        assert wrong == [], f"{call}: what is in use is mixed"
        state = Content(slots.folder).look()
        assert state.seq == slots.current
        assert state.ok or slots.current == 2, call
        return slots.current

    def goes_on(self, call: str) -> Report:
        """The next run; its report, the only new one."""
        floor = Floor(self.kiosk.state / "floor.json").moment()
        self.kiosk.run()
        self.kiosk.run()
        found = Reports(self.kiosk.state / "reports").numbers()
        assert len(found) == self.reports_before + 1, f"{call}: told {found}"
        assert Floor(self.kiosk.state / "floor.json").moment() >= floor
        assert not self.kiosk.slots().shelf.exists(), call
        slots = {one.name for one in (self.kiosk.slots().folder / "slots").iterdir()}
        assert not [one for one in slots if "tmp" in one or "gone" in one], f"{call}: {slots}"
        self.is_whole(call)
        return self.kiosk.reports[-1]


def points(
    template: Installer, disk: PowerDisk | NoPower, cut: str, step: int = STEP
) -> Iterator[tuple[str, Report]]:
    for at in range(1, 10_000, step):
        folder = disk.folder / f"{cut}-{at}"
        shutil.copytree(template.folder, folder, symlinks=True)
        disk.sync()
        with portal_of(folder / "folder" / BUNDLE) as portal:
            settings = {**template.settings, "portal": portal.server_port}
            kiosk = dataclasses.replace(template, folder=folder, settings=settings)
            point = Point(kiosk, disk, cut, len(template.reports))
            ran = point.end(at)
            yield ran.calls[-1], point.goes_on(f"{at} {ran.calls[-1]}")
        shutil.rmtree(folder)
        if not ran.killed:
            print(f"{cut}: {len(ran.calls)} calls")
            return
    raise AssertionError("no end")


@pytest.mark.parametrize("cut", ["kill", "power"])
def test_row_21_and_22_an_update_ended_at_any_call_converges(
    template: Installer, disk: PowerDisk | NoPower, cut: str
) -> None:
    template.releases.publish(BUNDLE, 2, GOOD)
    found = [*points(template, disk, cut)]
    assert len(found) > 100 // STEP
    assert {(one.state, one.now) for _, one in found} == {("installed", 2)}


@pytest.mark.parametrize("cut", ["kill", "power"])
def test_row_21_and_22_a_way_back_ended_at_any_call_converges(
    template: Installer, disk: PowerDisk | NoPower, cut: str
) -> None:
    template.releases.publish(BUNDLE, 2, BROKEN)
    found = [*points(template, disk, cut)]
    assert len(found) > 100 // STEP
    assert {(one.state, one.now) for _, one in found} == {("rolled_back", 1)}


def test_row_20_a_disk_that_is_full_keeps_the_old_release_and_gets_its_room_back(
    template: Installer, disk: PowerDisk | NoPower
) -> None:
    template.releases.publish(BUNDLE, 2, GOOD | {"gross.bin": os.urandom(200_000)})
    folder = disk.folder / "full"
    shutil.copytree(template.folder, folder, symlinks=True)
    kiosk = dataclasses.replace(template, folder=folder, settings={})
    ballast = disk.folder / "ballast"
    point = Point(kiosk, disk, "kill", len(template.reports))
    for left in (0, 20_000, 250_000, 450_000):
        fill(disk.folder, ballast, left)
        kiosk.run()
        assert point.is_whole(f"{left} bytes free") == 1
        assert "content.failing" in kiosk.status.codes or not left
        ballast.unlink()
    assert point.goes_on("room again").now == 2


@pytest.mark.parametrize("nth", range(1, 60, 1 if ALL else 9))
def test_row_72_a_sync_that_fails_is_a_write_that_failed(
    template: Installer, disk: PowerDisk | NoPower, nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    template.releases.publish(BUNDLE, 2, GOOD)
    template.settings["portal"] = 0
    calls = iter(range(1, 10_000))
    real = os.fsync

    def failing(handle: int) -> None:
        if next(calls) == nth:
            raise OSError(errno.EIO, "played")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with contextlib.suppress(OSError):  # the child then ends, and comes again
            template.run()
    point = Point(template, disk, "kill", 1)
    point.is_whole(f"sync {nth}")
    assert point.goes_on(f"sync {nth}").now == 2


def fill(folder: Path, ballast: Path, left: int) -> None:
    """All but so many bytes of the disk are taken."""
    with ballast.open("wb") as file:
        free = shutil.disk_usage(folder).free
        if free > 64 << 20:  # not a disk of our own: leave others theirs
            return
        try:
            for _ in range(max(0, free - left) // 4096):
                file.write(bytes(4096))
                file.flush()
        except OSError:
            return
