"""One release from wanted to installed, or back, on a kiosk with a real portal."""

import json
import shutil
import urllib.request
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zstandard

from agent.content import wanted
from agent.content.floor import Floor
from agent.content.shown import TAKEN_UP_S
from agent.content.stop import Stop, Stopped
from agent.content.told import DONE, LATER
from agent.content.wanted import Kept
from portal.server import PortalServer
from tests.support.file_server import FileServer, Handler
from tests.support.installing import BUNDLE, Installer, number, page
from tests.support.signed_folder import NOW
from wire.content import Index, write_index
from wire.wants import Want, Window

ONE = page("Satu", {"video.mp4": bytes(range(256)) * 40})
TWO = page("Dua", {"video.mp4": bytes(range(256)) * 40, "baru.txt": b"baru"})
BROKEN = {"content.json": b'{"v": 1, "opening": 7}', "video.mp4": b"x"}


@pytest.fixture
def first(installer: Installer) -> Installer:
    """Release 1 is in use."""
    installer.releases.publish(BUNDLE, 1, ONE)
    installer.install(1)
    return installer


def shows(portal: PortalServer) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{portal.server_port}/", timeout=5) as answer:
        return str(answer.read().decode())


def test_a_release_is_fetched_staged_shown_confirmed_and_told(
    installer: Installer, shown: PortalServer
) -> None:
    installer.releases.publish(BUNDLE, 1, ONE)
    installer.want(1)
    end = installer.run()
    (report,) = installer.reports
    assert (report.state, report.now, report.attempt, report.code) == ("installed", 1, 1, "")
    assert report.facts["portal"] is True
    assert number(report, "line") > 0
    assert "Satu" in shows(shown)
    assert 'data-release="1"' in shows(shown)
    assert installer.slots().current == 1
    assert end.code == DONE
    assert installer.status.releases == {BUNDLE: 1}


def test_nothing_is_done_twice_when_the_child_runs_again(first: Installer) -> None:
    asked = len(first.reports)
    assert first.run().code == DONE
    assert len(first.reports) == asked


def test_the_next_release_keeps_the_one_before_and_no_other(first: Installer) -> None:
    for seq in (2, 3):
        first.releases.publish(BUNDLE, seq, TWO | {"n.txt": b"%d" % seq}, since=(seq - 1,))
        assert first.install(seq).state == "installed"
    assert first.slots().all() == (2, 3)
    assert not first.slots().shelf.exists()
    assert first.slots().papers(1) is None


def test_only_what_is_new_crosses_the_line(first: Installer) -> None:
    first.releases.publish(BUNDLE, 2, TWO, since=(0, 1))
    report = first.install(2)
    assert report.facts["reused"] == 256 * 40
    assert number(report, "pack") < 1000


def test_going_back_needs_no_line_at_all(first: Installer, server: FileServer) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    first.install(2)
    server.asked.clear()
    report = first.install(1)
    assert (report.state, report.now) == ("installed", 1)
    assert server.asked == []


def test_row_23_content_that_fails_its_health_check_goes_back_and_is_remembered(
    first: Installer, shown: PortalServer
) -> None:
    first.releases.publish(BUNDLE, 2, BROKEN)
    report = first.install(2)
    assert (report.state, report.seq, report.now) == ("rolled_back", 2, 1)
    assert report.code == "portal_unwell"
    assert "content.json" in report.why
    assert first.slots().current == 1
    assert "Satu" in shows(shown)
    first.install(1)
    again = first.install(2)
    assert (again.state, again.code, again.now) == ("failed", "failed_before", 1)


def test_people_may_say_again(first: Installer) -> None:
    first.releases.publish(BUNDLE, 2, BROKEN)
    first.install(2)
    again = first.install(2, attempt=2)
    assert (again.state, again.attempt) == ("rolled_back", 2)


def test_a_broken_page_is_never_shown_not_for_a_moment(
    first: Installer, shown: PortalServer
) -> None:
    first.releases.publish(BUNDLE, 2, BROKEN)
    first.install(2)
    first.slots().switch(1)
    kiosk = first.kiosk()
    assert kiosk.slots(BUNDLE).has(2) is False
    assert "Satu" in shows(shown)


def test_the_first_release_of_all_goes_back_to_what_was_built_in(installer: Installer) -> None:
    installer.releases.publish(BUNDLE, 1, BROKEN)
    report = installer.install(1)
    assert (report.state, report.now) == ("rolled_back", 0)
    assert installer.slots().current == 0


def test_never_under_the_hands_of_a_citizen(first: Installer, shown: PortalServer) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    shown.said.say("open")
    first.hurry()
    first.want(2)
    end = first.run()
    assert end.code == LATER
    assert end.again_s == 60
    assert first.slots().current == 1
    assert first.status.installs[0].state == "staged"
    assert first.status.installs[0].note == "a citizen is using it"
    shown.said.say("closed")
    first.run()
    assert first.reports[-1].now == 2


def test_a_switch_waits_for_its_window_and_what_is_fetched_stays(first: Installer) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    minute = NOW // 60_000 % 1440
    window = Window(since=(minute + 30) % 1440, until=(minute + 90) % 1440)
    first.want(2, windows=(window,), offset_min=0)
    end = first.run()
    assert (end.code, first.status.installs[0].state) == (LATER, "staged")
    assert end.again_s is not None
    assert 29 * 60 < end.again_s <= 30 * 60
    first.now = NOW + 31 * 60_000
    assert first.run().code == DONE
    assert first.slots().current == 2


def test_a_newer_word_takes_the_place_of_what_was_not_switched_yet(first: Installer) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    first.releases.publish(BUNDLE, 3, TWO)
    first.want(2, not_before=NOW + 3_600_000)
    first.run()
    assert first.slots().has(2)
    assert first.install(3).now == 3
    assert [one.seq for one in first.reports] == [1, 3]


def test_the_same_word_said_again_is_answered_again(first: Installer) -> None:
    first.install(1)
    assert [(one.seq, one.state) for one in first.reports] == [(1, "installed")] * 2


def test_an_older_release_than_a_confirmed_one_allows_is_given_up(first: Installer) -> None:
    first.releases.publish(
        BUNDLE, 2, TWO, change=lambda about: msgspec.structs.replace(about, min_seq=2)
    )
    first.install(2)
    report = first.install(1)
    assert (report.state, report.code, report.now) == ("failed", "too_old", 2)


def test_row_4_what_was_confirmed_forbids_older_ones_also_when_the_floor_was_lost(
    first: Installer,
) -> None:
    first.releases.publish(
        BUNDLE, 2, TWO, change=lambda about: msgspec.structs.replace(about, min_seq=2)
    )
    first.install(2)
    for lost in ("floor.json", "floor.spare.json"):
        (first.state / lost).unlink()
    shutil.rmtree(first.state / "tuf")
    assert first.install(1).code == "too_old"
    assert Floor(first.state / "floor.json").moment() == NOW


def test_row_51_a_number_near_its_end_keeps_no_later_word_from_being_heeded(
    first: Installer,
) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    thief = Want(bundle=BUNDLE, seq=1, number=2**53)
    wanted.write(first.state, Kept((thief,)))
    first.run()
    assert first.install(2).state == "installed"  # the agent has forgotten the thief's word


def test_a_release_for_a_newer_agent_is_given_up_before_it_is_fetched(first: Installer) -> None:
    first.releases.publish(
        BUNDLE, 2, TWO, change=lambda about: msgspec.structs.replace(about, min_agent="99.0")
    )
    report = first.install(2)
    assert (report.state, report.code, report.now) == ("failed", "unfit", 1)
    assert "99.0" in report.why


def test_row_2_a_wrong_chunk_keeps_the_old_release_and_is_tried_again(
    first: Installer, server: FileServer
) -> None:
    first.releases.publish(BUNDLE, 2, TWO)

    def lie(handler: Handler, data: bytes, _: int) -> bool:
        if "/chunks/" not in handler.path and "/packs/" not in handler.path:
            return False
        handler.answer(200, bytes([data[0]]) + bytes(len(data) - 1))
        return True

    server.mood = lie
    first.want(2)
    end = first.run()
    assert (end.code, first.slots().current) == (LATER, 1)
    assert first.status.codes == ["content.failing"]
    server.mood = None
    first.run()
    assert first.slots().current == 2
    assert first.status.codes == []


def test_a_line_that_is_down_is_asked_again_with_growing_pauses(first: Installer) -> None:
    first.hurry()
    first.url = "http://127.0.0.1:9/"
    first.want(2)
    pauses = [first.run().again_s for _ in range(3)]
    assert pauses == [60.0, 120.0, 240.0]
    assert first.status.codes == ["content.failing"]


def test_a_staged_release_that_rots_before_its_window_is_mended(first: Installer) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    first.want(2, not_before=NOW + 60_000)
    first.run()
    (first.slots().tree(2) / "baru.txt").write_bytes(b"busuk")
    first.now = NOW + 120_000
    first.run()
    assert first.reports[-1].now == 2
    assert (first.slots().tree(2) / "baru.txt").read_bytes() == b"baru"


def test_a_silent_portal_is_waited_for_but_not_for_ever(first: Installer) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    first.settings["portal"] = 9
    first.want(2)
    first.hurry()
    ends = [first.run() for _ in range(15)]
    assert {end.code for end in ends} == {LATER}
    assert first.status.installs[0].note == "the portal does not answer"
    assert first.slots().current == 1
    first.run()
    assert (first.reports[-1].state, first.reports[-1].code) == ("rolled_back", "portal_silent")


def test_a_lost_journal_numbers_no_report_twice(first: Installer) -> None:
    first.taken = 7
    (first.state / "reports" / "1.json").unlink()
    (first.state / "install.json").write_text("{")
    first.install(1)
    assert [path.name for path in (first.state / "reports").iterdir()] == ["8.json"]


def test_the_one_in_use_installed_again_keeps_the_one_before_it(first: Installer) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    first.install(2)
    assert first.install(2, attempt=2).now == 2
    assert first.slots().all() == (1, 2)


def test_whoever_is_asked_to_leave_while_it_is_tried_holds_nothing_against_it(
    first: Installer, shown: PortalServer
) -> None:
    first.releases.publish(BUNDLE, 2, TWO)
    first.settings["portal"] = 9  # silent: it is being waited for
    shown.said.say("closed")
    first.want(2)
    patient, first.stop = first.stop, Leaving()
    for _ in range(20):
        first.run()
    assert first.status.installs[0].state == "confirming"
    first.stop, first.settings["portal"] = patient, shown.server_port
    first.run()
    assert (first.reports[-1].state, first.reports[-1].now) == ("installed", 2)


class Leaving(Stop):
    """Told to leave whenever it would wait for the portal after a switch."""

    def until(self, is_true: Callable[[], bool], within_s: float) -> bool:
        if within_s == TAKEN_UP_S:
            raise Stopped
        return is_true()


def test_reports_say_what_the_language_says(first: Installer, tmp_path: Path) -> None:
    said = json.loads((first.state / "reports" / "1.json").read_text())
    assert set(said) >= {"bundle", "seq", "attempt", "state", "now", "facts", "began", "ended"}
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("path", ["../../diluar.txt", "/diluar.txt", "a\\b", "A.txt\n"])
def test_row_18_a_path_that_climbs_is_given_up_whole_and_touches_nothing(
    first: Installer, path: str, tmp_path: Path
) -> None:
    def climbing(index: Index) -> bytes:
        files = [msgspec.structs.replace(index.files[0], path=path), *index.files[1:]]
        return write_index(msgspec.structs.replace(index, files=tuple(files)))

    made = first.releases.publish(BUNDLE, 2, TWO, write=climbing)
    about = msgspec.structs.replace(made.about, index_size=len(made.plain))
    first.releases.put_index(about, zstandard.compress(made.plain))
    first.releases.news()
    report = first.install(2)
    assert (report.state, report.code, report.now) == ("failed", "bad_release", 1)
    assert not [
        one for one in tmp_path.rglob("diluar.txt") if first.releases.path not in one.parents
    ]
    assert first.slots().all() == (1,)
