"""One run of the child over every bundle."""

from pathlib import Path

import pytest

from agent.content import wanted, work
from agent.content.told import DONE, LATER, MUST_ACT
from agent.content.wanted import Kept
from tests.support.installing import BUNDLE, Installer, page


def test_nothing_wanted_is_nothing_to_do(bare: Installer) -> None:
    end = bare.run()
    assert (end.code, end.again_s) == (DONE, None)
    assert bare.status.releases == {}


def test_content_comes_first_and_the_agent_last(bare: Installer) -> None:
    for bundle in ("agent", "zoo", "portal", BUNDLE):
        bare.want(1, bundle)
    assert bare.kiosk().work()._bundles() == [BUNDLE, "zoo", "portal", "agent"]


def test_one_bundle_that_cannot_go_on_holds_up_no_other(bare: Installer) -> None:
    bare.releases.publish("zoo", 1, {"a.txt": b"a"})
    bare.want(9)
    bare.want(1, "zoo")
    end = bare.run()
    assert end.code == LATER
    assert [(one.bundle, one.state) for one in bare.reports] == [("zoo", "installed")]
    assert bare.status.codes == ["content.failing"]
    assert BUNDLE in bare.status.why


def test_settings_that_are_wrong_are_for_a_person_and_said(bare: Installer) -> None:
    bare.settings["programs"] = ""
    bare.want(1, "agent")
    assert bare.run().code == MUST_ACT
    assert "programs" in bare.status.why


def test_whoever_is_asked_to_leave_comes_again_soon_and_goes_on(bare: Installer) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.want(1)
    bare.stop.ask()
    end = bare.run()
    assert (end.code, end.again_s) == (LATER, work.ANEW_S)
    bare.stop = type(bare.stop)()
    assert bare.run().code == DONE
    assert bare.reports[-1].now == 1


@pytest.mark.parametrize("file", ["wants.json", "install.json", "status.json", "meter.json"])
def test_a_damaged_file_of_state_never_keeps_it_from_going_on(bare: Installer, file: str) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.install(1)
    (bare.state / file).write_bytes(b"\0\0\0")
    bare.want(1, attempt=2)
    assert bare.run().code == DONE
    assert bare.reports[-1].now == 1


def test_row_5_news_that_have_expired_leave_the_content_alone_and_are_told(
    bare: Installer,
) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.install(1)
    bare.releases.publish(BUNDLE, 2, page("Dua"))
    assert bare.now is not None
    bare.now += 9 * 86_400_000
    bare.want(2)
    assert bare.run().code == LATER
    assert bare.status.codes[:1] == ["content.stale"]
    assert bare.slots().current == 1


def test_row_6_a_dead_clock_is_told_and_keeps_nothing_from_coming(
    bare: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.install(1)
    bare.releases.publish(BUNDLE, 2, page("Dua"))
    monkeypatch.setattr("agent.content.build._rtc", lambda: 0)
    assert bare.install(2).now == 2
    assert bare.status.codes == ["content.clock"]


def test_what_nobody_wants_any_more_is_not_asked_for_again_and_again(bare: Installer) -> None:
    bare.want(1, "junk")
    assert bare.run().code == LATER
    wanted.write(bare.state, Kept())
    assert bare.run().code == DONE


def test_nothing_is_left_lying_around(bare: Installer, tmp_path: Path) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.install(1)
    names = {str(one.relative_to(bare.folder)) for one in bare.folder.rglob("*") if one.is_file()}
    assert names & {name for name in names if ".tmp" in name or ".new" in name} == set()
    assert not (tmp_path / "kiosk/folder/layanan/shelf").exists()
