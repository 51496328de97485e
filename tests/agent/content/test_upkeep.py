"""The daily look at what is in use."""

from pathlib import Path

import pytest

from agent.content.told import DONE
from portal.server import PortalServer
from tests.support.file_server import FileServer
from tests.support.installing import BUNDLE, Installer, decoded, page

TREE = page("Satu", {"a.txt": b"aa", "b.txt": b"bb"}, files=["a.txt"])


@pytest.fixture
def kiosk(bare: Installer) -> Installer:
    """Releases 1 and 2, which share a file; 2 is in use, and due to be looked at."""
    bare.releases.publish(BUNDLE, 1, TREE)
    bare.releases.publish(BUNDLE, 2, TREE | {"b.txt": b"b2"})
    bare.install(1)
    bare.install(2)
    make_due(bare)
    return bare


def make_due(kiosk: Installer) -> None:
    journal = kiosk.state / "install.json"
    journal.write_text(journal.read_text().replace('"verified":{"layanan":', '"verified":{"x":'))


def rot(kiosk: Installer, name: str) -> Path:
    path = kiosk.slots().tree(2) / name
    path.write_bytes(b"!" * path.stat().st_size)
    return path


def test_row_26_a_file_that_was_changed_is_mended_from_the_other_slot_and_told(
    kiosk: Installer, server: FileServer
) -> None:
    path = rot(kiosk, "a.txt")
    server.asked.clear()
    assert kiosk.run().code == DONE
    assert path.read_bytes() == b"aa"
    report = kiosk.reports[-1]
    assert (report.state, report.code, report.seq, report.now) == ("installed", "repaired", 2, 2)
    assert server.asked == []
    assert kiosk.status.codes == ["content.damaged"]


def test_row_26_what_nobody_here_has_is_fetched_again(kiosk: Installer) -> None:
    path = rot(kiosk, "b.txt")
    kiosk.run()
    assert path.read_bytes() == b"b2"
    assert kiosk.reports[-1].code == "repaired"


def test_a_fault_clears_when_the_next_look_finds_nothing(kiosk: Installer) -> None:
    rot(kiosk, "a.txt")
    kiosk.run()
    assert kiosk.status.again_s is not None
    assert kiosk.status.again_s <= 3600
    make_due(kiosk)
    kiosk.run()
    assert kiosk.status.codes == []


def test_what_cannot_be_mended_now_is_an_open_fault_and_tried_again(kiosk: Installer) -> None:
    rot(kiosk, "b.txt")
    kiosk.hurry()
    kiosk.url = "http://127.0.0.1:9/"
    end = kiosk.run()
    assert "content.damaged" in kiosk.status.codes
    assert end.again_s == 3600
    assert len(kiosk.reports) == 2


def test_a_rotten_index_is_signed_anew(kiosk: Installer) -> None:
    (kiosk.slots().folder / "slots/2.idx").write_bytes(b"{}")
    kiosk.run()
    assert kiosk.slots().papers(2) is not None
    assert kiosk.run().code == DONE


def test_once_a_day_is_enough(kiosk: Installer) -> None:
    kiosk.run()
    path = rot(kiosk, "a.txt")
    assert kiosk.run().again_s is not None
    assert path.read_bytes() == b"!!"
    assert decoded(kiosk.state / "install.json")["verified"][BUNDLE] > 0


def test_the_portal_takes_up_what_was_mended(kiosk: Installer, shown: PortalServer) -> None:
    rot(kiosk, "a.txt")
    assert shown._content.look().ok is False
    kiosk.run()
    assert shown._content.look().ok is True
