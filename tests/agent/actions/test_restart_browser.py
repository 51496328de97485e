"""A real browser ended and started by its keeper."""

from pathlib import Path

from agent.actions import restart_browser
from tests.agent.actions.browsers import KioskBrowser
from tests.agent.actions.conftest import Bench


def test_another_browser_answers_and_beats(bench: Bench, browser: KioskBrowser) -> None:
    with browser.kept():
        ended = bench.run("restart_browser")
    assert (ended.state, ended.facts["how"]) == ("succeeded", "closed")
    assert ended.facts["browser"] != ended.facts["browser_before"]
    assert ended.facts["pid"] != ended.facts["pid_before"]
    assert ended.facts["page"] == browser.url
    assert isinstance(ended.facts["dark_s"], float)


def test_a_hung_page_does_not_keep_it(bench: Bench, browser: KioskBrowser) -> None:
    browser.hang()
    with browser.kept():
        ended = bench.run("restart_browser")
    assert ended.state == "succeeded"


def test_a_browser_that_does_not_answer_is_ended_by_force(
    bench: Bench, browser: KioskBrowser
) -> None:
    browser.chromium.child.freeze()
    with browser.kept():
        ended = bench.run("restart_browser")
    assert (ended.state, ended.facts["how"]) == ("succeeded", "killed")


def test_no_other_process_is_ended(tmp_path: Path) -> None:
    folder = tmp_path / "proc" / "1"
    folder.mkdir(parents=True)
    for words in (
        b"chromium\0--remote-debugging-port=92221\0",
        b"chromium\0--type=renderer\0--remote-debugging-port=9222\0",
        b"sh\0-c\0echo --remote-debugging-port=9222 x\0",
    ):
        (folder / "cmdline").write_bytes(words)
        assert restart_browser.process_of(tmp_path, 9222) is None
        assert not restart_browser.kill(tmp_path, 9222)


def test_one_that_does_not_come_back_is_said(bench: Bench, browser: KioskBrowser) -> None:
    ended = bench.run("restart_browser", until_s=6)
    assert (ended.state, ended.code) == ("failed", "timeout")
    browser.again()


def test_a_citizens_work_is_not_taken_away(bench: Bench, browser: KioskBrowser) -> None:
    browser.evaluate("document.documentElement.dataset.session = 'open'")
    ended = bench.run("restart_browser", until_s=30)
    assert (ended.state, ended.code) == ("failed", "citizen")
