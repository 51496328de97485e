"""Processes that flood, talk nonsense, hang, die, hang up, refuse to stop: each has an end."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.commands import worker
from agent.session import Under
from tests.agent.commands.played import Played
from tests.support.wait import until
from wire.actions import KINDS

OK = ("succeeded", "")
WAIT = "time.sleep(60)"


def limits(monkeypatch: pytest.MonkeyPatch, kind: str, step_s: int, all_s: int) -> None:
    monkeypatch.setitem(KINDS, kind, KINDS[kind]._replace(step_s=step_s, all_s=all_s))
    monkeypatch.setattr(worker, "GRACE_S", 0.2)


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("print('not json', flush=True)\n" + WAIT, "nonsense"),
        ("print('{}', flush=True)\n" + WAIT, "nonsense"),
        ("say(outcome={'state': 'splendid'})\n" + WAIT, "nonsense"),
        ("say(progress={'percent': 101})\n" + WAIT, "nonsense"),
        ("sys.stdout.write('x' * 100_000); sys.stdout.flush()\n" + WAIT, "nonsense"),
        ("while True: say(progress={'percent': 1, 'note': 'x' * 250})", "nonsense"),
        ("os._exit(0)", "died"),
        ("os.kill(os.getpid(), 9)", "died"),
        ("raise SystemExit(7)", "died"),
    ],
)
def test_a_process_that_ends_otherwise_than_it_should_has_failed(
    played: Played, program: str, code: str
) -> None:
    played.program = program
    played.do(played.envelope("reload_page"))
    assert played.ends() == [("failed", code)]


def test_a_process_that_hangs_is_stopped_after_a_step(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits(monkeypatch, "reload_page", 1, 60)
    played.program = "signal = __import__('signal'); signal.signal(15, signal.SIG_IGN)\n" + WAIT
    played.do(played.envelope("reload_page"))
    assert played.ends() == [("failed", "timeout")]
    assert "nothing was heard" in played.why()


def test_a_process_that_only_talks_is_stopped_in_the_end(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits(monkeypatch, "reload_page", 60, 1)
    played.program = "while True: say(progress={'percent': 1}); time.sleep(0.1)"
    played.do(played.envelope("reload_page"))
    assert played.ends() == [("failed", "timeout")]
    assert "had not ended" in played.why()


def test_one_that_hangs_up_early_is_waited_for_a_step_only(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits(monkeypatch, "reload_page", 1, 60)
    played.program = "os.close(1)\n" + WAIT
    played.do(played.envelope("reload_page"))
    assert played.ends() == [("failed", "timeout")]


def test_what_a_process_started_ends_with_it(played: Played) -> None:
    path = played.folder / "grandchild"
    played.program = f"""
if pid := os.fork():
    open({str(path)!r}, "w").write(str(pid))
    print("which ends it", flush=True)
{WAIT}"""
    played.do(played.envelope("reload_page"))
    pid = path.read_text()
    until(lambda: _ended(pid), 10)


def _ended(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_program_that_is_not_there_has_failed(played: Played) -> None:
    played.argv = ("/nowhere/python",)
    played.do(played.envelope("reload_page"))
    assert played.ends() == [("failed", "broken")]


def test_the_proof_of_a_process_is_the_proof_of_the_result(played: Played) -> None:
    stored = {"sha256": "a" * 64, "size": 9, "type": "image/jpeg"}
    played.program = f"done(facts={{'width': 640}}, attachment={stored})"
    played.do(played.envelope("screenshot"))
    (fact,) = played.outbox.after(0, 9)
    ended = fact.ended  # type: ignore[union-attr]
    assert ended.facts == {"width": 640}
    assert ended.attachment is not None
    assert ended.attachment.type == "image/jpeg"


def test_how_it_is_undone_is_on_the_disk_before_it_acts(played: Played) -> None:
    db = played.folder / "agent.db"
    played.program = """
say(undo="was 50")
said = sys.stdin.readline()
noted = b"was 50" in b"".join(open(p, "rb").read() for p in (sys.argv[2], sys.argv[2] + "-wal"))
done(facts={"said": said, "noted": noted})
"""
    played.more = (str(db),)
    played.do(played.envelope("screen", {"on": True}))
    (fact,) = played.outbox.after(0, 9)
    assert fact.ended.facts == {"said": "ok\n", "noted": True}  # type: ignore[union-attr]


UNDOES = """
if told["mode"] == "undo":
    done(facts={"undid": told["undo"]})
else:
    say(undo="50")
    sys.stdin.readline()
    os.kill(os.getpid(), 9)
"""


def test_what_died_half_way_is_undone_when_it_can_be(played: Played) -> None:
    played.program = UNDOES
    played.do(played.envelope("set_volume", {"percent": 80}))
    assert played.ends() == [("failed", "died")]
    assert "undone" in played.why()
    assert ['"undo": "50"' in line for line in played.asked] == [False, True]


def test_one_that_cannot_be_undone_says_so(played: Played) -> None:
    played.program = UNDOES.replace("done(facts", "done('failed', code='no_device', facts")
    played.do(played.envelope("set_volume", {"percent": 80}))
    assert played.ends() == [("failed", "not_undone")]


def test_row_49_what_was_cut_half_way_is_undone_by_the_next_life(played: Played) -> None:
    played.program = UNDOES
    played.hear(played.envelope("set_volume", {"percent": 80}))
    task = played.commands._executor.next_task(played.commands._rules())
    assert task is not None
    assert played.commands._executor.noted(task.row.id, "50")
    played.reboot().commands.run_pending()  # before the office has said anything
    assert played.ends() == [("failed", "undone")]
    assert ['"undo"' in line for line in played.asked] == [True]


class Running:
    """The worker in its own thread."""

    def __init__(self, played: Played) -> None:
        self.played = played
        played.commands.start()

    def news(self) -> list[Under]:
        self.said = [*getattr(self, "said", []), *self.played.news()]
        return self.said


@pytest.fixture
def running(played: Played) -> Iterator[Running]:
    played.program = "say(progress={'percent': 10, 'note': 'at work'})\n" + WAIT
    yield Running(played)
    assert threading.active_count() < 50


def test_a_running_action_is_cancelled(running: Running) -> None:
    played = running.played
    played.program = """
def stop(*_):
    done("cancelled")
    os._exit(0)
import signal
signal.signal(15, stop)
say(progress={"percent": 10, "note": "at work"})
time.sleep(60)
"""
    one = played.envelope("collect_logs")
    played.hear(one)
    until(lambda: any(under.note == "at work" for under in running.news()), 30)
    played.hear(replace(one, cancel=True))
    until(lambda: played.results, 30)
    assert played.ends() == [("cancelled", "")]


def test_one_that_may_not_be_broken_off_says_why(running: Running) -> None:
    played = running.played
    played.program = """
import signal
signal.signal(15, lambda *_: say(progress={"percent": 20, "note": "too late: the paper is out"}))
say(progress={"percent": 10, "note": "at work"})
while not os.path.exists(sys.argv[1] + ".go"): time.sleep(0.05)
done()
"""
    one = played.envelope("test_print", {"device": "receipt"})
    played.hear(one)
    until(lambda: any(under.note == "at work" for under in running.news()), 30)
    for _ in range(3):
        played.hear(replace(one, cancel=True))
    until(lambda: any("too late" in under.note for under in running.news()), 30)
    (played.folder / "asked.go").touch()
    until(lambda: played.results, 30)
    assert played.ends() == [OK]


def test_a_planned_stop_leaves_what_is_half_done_to_the_next_life(running: Running) -> None:
    played = running.played
    played.hear(played.envelope("screenshot"))
    until(lambda: any(under.note == "at work" for under in running.news()), 30)
    played.program = "done()"
    played.again()
    assert played.results == []
    played.do()
    assert played.ends() == [OK]
    assert '"recover"' in played.asked[-1]


def test_a_wake_up_is_enough_to_begin(running: Running) -> None:
    played = running.played
    played.program = "done()"
    played.hear(played.envelope("reload_page"))
    until(lambda: played.results, 30)
    assert played.commands.back_by > 0
