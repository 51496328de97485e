"""`up` brings a house to life, with tiny programs in place of the rooms; a journey has those."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from agent import config
from broker_config.knock import answers, is_taken
from broker_config.stop import Stop
from controller.store.engine import open_engine, writing
from controller.store.people_tables import account
from controller.store.tables import kiosk_status
from provisioning.layout import Options
from provisioning.lock import Lock
from provisioning.printer import Found
from provisioning.up import House, main
from tests.support.ports import free_port
from tests.support.wait import until

LISTEN = "import socket,sys,time\ns=socket.create_server(('127.0.0.1',int(sys.argv[1])))\n"
SLEEP = "import time\ntime.sleep(60)"


def tiny(options: Options, kiosk: str) -> dict[str, tuple[str, ...]]:
    serve = LISTEN + SLEEP
    made = {
        "warden": (sys.executable, "-c", SLEEP),
        "broker": (sys.executable, "-c", serve, str(options.broker_port)),
        "door": (sys.executable, "-c", serve, str(options.door_port)),
        "controller": (sys.executable, "-c", SLEEP, kiosk),
        "console": (sys.executable, "-c", serve, str(options.port)),
        "portal": (sys.executable, "-c", serve, str(options.portal_port)),
        "agent": (sys.executable, "-c", SLEEP, str(options.agent_file)),
    }
    if options.fallback:
        del made["broker"]
    return made


def joined(options: Options, kiosk: str, code: str) -> tuple[str, ...]:
    """As a kiosk that redeems its code."""
    home = options.agent_home(kiosk) / "identity"
    script = "import pathlib,sys\npathlib.Path(sys.argv[1],'current').mkdir(parents=True)"
    return (sys.executable, "-c", script, str(home), code)


def some_options(state: Path, **more: object) -> Options:
    names = ("port", "broker_port", "office_port", "door_port", "portal_port")
    ports = {name: free_port() for name in names}
    return Options(**{"state": state, "kiosks": 3, **ports, **more})  # type: ignore[arg-type]


class Running:
    """A house in a process of its own: children die with the thread that started them."""

    def __init__(self, state: Path, *more: str) -> None:
        self.state, self.port = state, free_port()
        script = (
            "import sys, functools\nfrom provisioning import up\n"
            "from tests.provisioning.test_up import joined, tiny\n"
            "up.House = functools.partial(up.House, programs=tiny, join=joined)\n"
            "sys.exit(up.main(sys.argv[1:]))"
        )
        argv = ["--state", str(state), "--port", str(self.port), "--kiosks", "3"]
        argv += ["--printer", "none", *more]  # not the one of whoever runs the tests
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *argv],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def said(self) -> str:
        file = self.state / "logs" / "up.log"
        return file.read_text() if file.exists() else ""

    def wait_for(self, words: str, within_s: float = 60) -> str:
        def there() -> str:
            assert self.process.poll() is None or words in self.said(), self.output()
            return self.said() if words in self.said() else ""

        return until(there, within_s)

    def output(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def pids(self) -> dict[str, int]:
        lines = [line for line in self.said().splitlines() if ": running, pid " in line]
        return {line.split(": running")[0][20:]: int(line.rsplit(" ", 1)[1]) for line in lines}

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def hangup(action: signal.Handlers) -> Iterator[None]:
    """Programs started inside inherit this; the tests themselves may run under nohup."""
    before = signal.signal(signal.SIGHUP, action)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Running]:
    with hangup(signal.SIG_DFL):
        made = Running(tmp_path / "state")
    yield made
    made.close()


def online(state: Path) -> None:
    """As the controller would write it."""
    engine = open_engine(f"sqlite:///{state}/office.db")
    with writing(engine) as conn:
        conn.execute(update(kiosk_status).values(presence="online"))
    engine.dispose()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_starts_everything_and_gives_the_address_when_the_first_kiosk_is_online(
    up: Running,
) -> None:
    said = up.wait_for("waiting for the first kiosk, bdg-sukasari-1")
    assert "open http" not in said
    office = ["warden", "broker", "door", "controller", "console"]
    assert list(up.pids()) == [*office, "portal", "agent"]
    online(up.state)
    assert f"open http://127.0.0.1:{up.port}/setup#" in up.wait_for("open http")


def test_every_kiosk_gets_a_code_of_its_own_until_it_has_an_identity(up: Running) -> None:
    up.wait_for("invited 3 kiosks")
    up.wait_for("waiting for the first kiosk")
    codes = list((up.state / "codes").iterdir())
    names = ["bdg-babakan-ciparay-1", "bdg-coblong-1"]
    assert sorted(path.stem for path in codes) == names
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in codes)
    up.close()
    second = Running(up.state)
    try:
        until(lambda: second.said().count("waiting for the first kiosk") == 2, 60)
        assert "invited 2 kiosks" in second.said()  # the first one has redeemed its own
    finally:
        second.close()


def test_ports_are_kept_for_the_next_start(up: Running) -> None:
    up.wait_for("waiting for the first kiosk")
    before = (up.state / "ports.json").read_text()
    up.close()
    second = Running(up.state)
    try:
        until(lambda: second.said().count("waiting for the first kiosk") == 2, 60)
        assert (up.state / "ports.json").read_text() == before
    finally:
        second.close()


def test_who_has_an_account_gets_the_plain_address(tmp_path: Path) -> None:
    up = Running(tmp_path / "state")
    try:
        up.wait_for("waiting for the first kiosk")
        engine = open_engine(f"sqlite:///{up.state}/office.db")
        with writing(engine) as conn:
            values = {"login": "siaga", "name": "Petugas siaga", "created_at": 1}
            conn.execute(insert(account).values(**values, created_by="setup"))
        engine.dispose()
        up.close()
        up = Running(tmp_path / "state")
        until(lambda: up.said().count("waiting for the first kiosk") == 2, 60)
        online(up.state)
        up.wait_for(f"open http://127.0.0.1:{up.port}/  (")
    finally:
        up.close()


def test_a_first_kiosk_that_cannot_join_ends_up_with_its_words(tmp_path: Path) -> None:
    said: list[str] = []
    refused = (sys.executable, "-c", "import sys\nsys.exit('the code is used')")
    house = House(
        some_options(tmp_path), said.append, Stop(), programs=tiny, join=lambda *_: refused
    )
    with pytest.raises(RuntimeError, match="could not join: the code is used"):
        house.run()
    assert said[-1] == "stopped"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_by_pid(up: Running, number: signal.Signals) -> None:
    up.wait_for("waiting for the first kiosk")
    pids = up.pids()
    up.process.send_signal(number)
    assert up.process.wait(60) == 0
    assert all(gone(pid) for pid in pids.values())
    assert up.said().splitlines()[-1].endswith("stopped")


def test_a_killed_program_is_started_again_and_said_so(up: Running) -> None:
    up.wait_for("waiting for the first kiosk")
    before = up.pids()
    os.kill(before["controller"], signal.SIGKILL)
    said = up.wait_for("controller started again")
    assert "controller was ended by SIGKILL, starting again in 0.5 s" in said
    assert not gone(before["agent"])


def test_a_killed_fallback_broker_comes_back_on_its_port(tmp_path: Path) -> None:
    up = Running(tmp_path / "state", "--fallback")
    try:
        up.wait_for("waiting for the first kiosk")
        port = json.loads((up.state / "ports.json").read_text())["broker_port"]
        os.kill(up.pids()["broker (fallback)"], signal.SIGKILL)
        up.wait_for("broker (fallback) started again")
        until(lambda: answers("127.0.0.1", port), 30)
    finally:
        up.close()


def test_when_up_itself_is_killed_its_programs_go_and_the_next_one_starts(up: Running) -> None:
    up.wait_for("waiting for the first kiosk")
    pids = up.pids()
    up.process.kill()
    up.process.wait()
    until(lambda: all(gone(pid) for pid in pids.values()), 30)
    second = Running(up.state)
    try:
        until(lambda: second.said().count("waiting for the first kiosk") == 2, 60)
    finally:
        second.close()


def test_a_second_up_on_the_same_state_says_so_and_leaves(up: Running) -> None:
    up.wait_for("waiting for the first kiosk")
    second = Running(up.state)
    assert second.process.wait(60) == 2
    assert f"already running: process {up.process.pid} http://127.0.0.1:{up.port}/" in (
        second.output()
    )
    assert up.process.poll() is None
    second.close()


def test_a_closed_terminal_does_not_stop_what_runs_under_nohup(tmp_path: Path) -> None:
    with hangup(signal.SIG_IGN):
        house = Running(tmp_path / "state")
    try:
        house.wait_for("waiting for the first kiosk")
        assert house.process.stdout is not None
        house.process.stdout.close()  # nobody reads what it prints any more
        house.process.send_signal(signal.SIGHUP)
        os.kill(house.pids()["portal"], signal.SIGKILL)
        house.wait_for("portal started again")
        assert house.process.poll() is None
    finally:
        house.close()


def test_a_taken_port_says_who_must_act(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--state", str(tmp_path), "--port", str(port)]) == 2
    said = capsys.readouterr().out
    assert f"port {port} is in use" in said
    assert "choose another with --port" in said


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (["--kiosks", "0"], "--kiosks"),
        (["--printer", "lpt1"], "ipp://"),
        (["--site", "32.99.01"], "no such site"),
        (["--database", "mysql://x/y"], "SQLite nor PostgreSQL"),
        (["--database", "postgresql+psycopg://nobody:s3cret@127.0.0.1:9/none"], "refused"),
    ],
)
def test_a_bad_order_is_one_line_without_a_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], argv: list[str], word: str
) -> None:
    assert main(["--state", str(tmp_path / "state"), "--port", str(free_port()), *argv]) == 2
    said = capsys.readouterr().out
    assert word in said
    assert "s3cret" not in said
    assert "Traceback" not in said


def test_a_room_that_dies_at_once_ends_up_with_its_last_words(tmp_path: Path) -> None:
    options = some_options(tmp_path / "state")
    dying = {"console": (sys.executable, "-c", "import sys\nsys.exit('no such table')")}
    said: list[str] = []
    house = House(options, said.append, Stop(), programs=lambda *_: dying)
    with pytest.raises(RuntimeError, match="console died at once: no such table"):
        house.run()
    assert said[-1] == "stopped"
    assert not is_taken("127.0.0.1", options.broker_port)
    Lock(options.state / "up.lock").take(wait_s=0).release()


def test_the_fallback_says_what_it_lacks(tmp_path: Path) -> None:
    said: list[str] = []
    stop = Stop()

    def stop_soon(*_: object) -> dict[str, tuple[str, ...]]:
        stop.set()
        return {}

    House(
        some_options(tmp_path, fallback=True), said.append, stop, programs=stop_soon, join=joined
    ).run()
    assert any("loopback fallback" in line for line in said)
    assert any("no access control" in line for line in said)


@pytest.mark.parametrize("uri", ["ipp://localhost/printers/kiosk", ""])
def test_what_was_found_of_this_machines_printer_is_said_and_watched(
    tmp_path: Path, uri: str
) -> None:
    said: list[str] = []
    stop = Stop()
    stop.set()
    found = Found("what was found", queue=uri)
    House(some_options(tmp_path), said.append, stop, programs=tiny, look=lambda: found).run()
    assert said[0] == "what was found"
    probes = config.load(tmp_path / "agent.toml").options()
    assert probes.get("queue") == ({"uri": uri} if uri else None)
    assert "printer" not in probes


def test_stops_at_once_when_asked_while_starting(tmp_path: Path) -> None:
    stop = Stop()
    stop.set()
    start = time.monotonic()
    House(some_options(tmp_path), lambda _: None, stop, programs=tiny).run()
    assert time.monotonic() - start < 8
    Lock(tmp_path / "up.lock").take(wait_s=0).release()
