"""What the agent costs a kiosk: memory, processor, start, bytes a day. All probes on, TLS on.

It takes orders and releases: a policy is in force, and before its memory is looked at it has done a
command, and has kept a wish, which a child of its own could not fulfil for want of a server.

The agent is a process of its own over simulated devices and a real X server. Beside it, at the
same time: a bare Python process and a bare MQTT client, the yardsticks. For the bytes of a day on
which nothing happens a second kiosk speaks through its own line, on a machine that only breathes:
the real one is never as quiet as that while a bench runs on it.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from agent.commands.policies import KEY, Kept
from agent.config import Broker, Config
from agent.journal import Journal
from agent.kiosk import Kiosk
from agent.store import Store
from provisioning.players.body import HOME, Body
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.devices.line import Line
from tests.bench.figures import Figure
from tests.bench.processes import cpu_seconds, rss_mib, running, wait_until
from tests.support.broker import TlsBroker, a_tls_mosquitto
from tests.support.mqtt import Player
from tests.support.signing import Ceremony
from tests.support.xserver import xvfb
from wire import topics
from wire.codec import decode_up, encode
from wire.messages import Birth, Fetching, Result
from wire.wants import Want

WINDOW_S = 185  # three keep-alives
SETTLE_S = 20
STARTS = 5
DAY_S = 86_400
FULL_A_DAY = 4
HEADERS = 1.5 * 52  # bytes a piece: a question and its answer are three packets of IPv4 and TCP
AGENT = """\
kiosk = "bench-agent"
state_dir = "{state}"
[broker]
host = "127.0.0.1"
port = {port}
ca = "{ca}"
[probes]
temperature = {{ root = "{root}" }}
power = {{ root = "{root}" }}
screen = {{ display = "{display}" }}
browser = {{ port = {browser}, expected = "{home}" }}
portal = {{ port = {portal} }}
printer = {{ uri = "{printer}" }}
queue = {{ uri = "{queue}" }}
receipt = {{ address = "{receipt}" }}
[content]
folder = "{state}-releases"
url = "http://127.0.0.1:1"
[citizens]
tray = "{state}-tray"
notices = "{state}"
asks = "{state}-asks"
"""


class Quiet(NamedTuple):
    """Bytes on a line, TCP payload and estimated headers: at the beginning, and in the window."""

    begin: float
    window: float

    @property
    def day_mb(self) -> float:
        return (self.window * DAY_S / WINDOW_S + FULL_A_DAY * self.begin) / 1e6


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        broker = a_tls_mosquitto(folder)
        broker.start()
        stack.callback(broker.stop)
        _open_office(broker)
        loop = DeviceLoop()
        stack.callback(loop.close)
        yield from _measure(_Bench(folder, broker, loop, stack))


class _Bench:
    """The parts of one run; everything is ended by `stack`."""

    def __init__(self, folder: Path, broker: TlsBroker, loop: DeviceLoop, stack: ExitStack) -> None:
        self.folder, self.broker, self.loop, self.stack = folder, broker, loop, stack
        self.display = stack.enter_context(xvfb()).display

    def line(self) -> Line:
        made = Line(self.loop, "127.0.0.1", self.broker.tls_port)
        self.stack.callback(made.close)
        return made

    def body(self, name: str) -> Body:
        made = Body(self.loop, self.folder / name, ("127.0.0.1", self.broker.tls_port), Random(7))
        self.stack.callback(made.close)
        return made

    def agent_arguments(self, port: int, state: str) -> tuple[str, ...]:
        body = self.body(f"{state}-root")
        config = self.folder / f"{state}.toml"
        text = AGENT.format(
            state=self.folder / state,
            port=port,
            ca=self.broker.ca,
            root=body.root.path,
            display=self.display,
            browser=body.browser.port,
            home=HOME,
            portal=body.portal.port,
            printer=body.printer.uri,
            queue=body.printer.queue_uri,
            receipt=body.receipt.address,
        )
        config.write_text(text)
        return ("-m", "agent", "--config", str(config))


def _measure(run: _Bench) -> Iterator[Figure]:
    start_s = _start_seconds(run, run.agent_arguments)
    bare_start_s = _start_seconds(run, lambda port, _: _bare_client(run, port))
    agent_line, bare_line = run.line(), run.line()
    bare_python = ("-c", "import time\nwhile True: time.sleep(3600)")
    log = run.folder / "log"
    ceremony = _governed(run.folder / "agent")
    listener = run.stack.enter_context(Player(run.broker, "bench-orders", timeout_s=30.0))
    kinds = ("birth", "result", "fetching")
    listener.subscribe(*(topics.up("bench-agent", kind) for kind in kinds))
    agent = run.stack.enter_context(
        running(*run.agent_arguments(agent_line.port, "agent"), log=log)
    )
    _command(listener, ceremony)
    status = run.folder / "agent" / "content" / "status.json"
    wait_until(status.exists, 30, "the child that installs")
    client = run.stack.enter_context(running(*_bare_client(run, bare_line.port), log=log))
    python = run.stack.enter_context(running(*bare_python, log=log))
    quiet_line, quiet = _quiet_kiosk(run)
    time.sleep(SETTLE_S)
    begin, bare_begin = _bytes(quiet_line), _bytes(bare_line)
    before, bare_before = cpu_seconds(agent), cpu_seconds(client)
    time.sleep(WINDOW_S)
    share = 100 * (cpu_seconds(agent) - before) / WINDOW_S
    bare_share = 100 * (cpu_seconds(client) - bare_before) / WINDOW_S
    day = Quiet(begin, _bytes(quiet_line) - begin).day_mb
    bare_day = Quiet(bare_begin, _bytes(bare_line) - bare_begin).day_mb
    memory, client_memory = rss_mib(agent), rss_mib(client)
    quiet.stop()
    probes = "13 probes, TLS"
    yield Figure("agent.memory", memory, "MiB", rss_mib(python), "<= 30", f"{probes}; bare Python")
    yield Figure("agent.memory_client", memory, "MiB", client_memory, "", "beside a bare client")
    yield Figure("agent.processor", share, "% of core", bare_share, "<= 0.1", f"{WINDOW_S} s")
    yield Figure("agent.start", start_s, "s", bare_start_s, "<= 0.5", "to first byte on the line")
    yield Figure("agent.day", day, "MB", bare_day, "<= 0.5", "quiet day, TLS and TCP/IP headers")


def _governed(state: Path) -> Ceremony:
    """The memory of an agent whose identity came with a policy."""
    ceremony = Ceremony()
    state.mkdir()
    store = Store(state / "agent.db")
    kept = Kept(join="", signed=ceremony.signed_policy())
    Journal(store).put(KEY, msgspec.json.encode(kept).decode())
    store.close()
    return ceremony


def _command(listener: Player, ceremony: Ceremony) -> None:
    """One no-op, signed by the office's key, until it has succeeded; and one wish."""
    name = "bench-agent"
    birth = decode_up("birth", listener.next().payload)
    assert isinstance(birth, Birth)
    orders = ceremony.orders(name, birth.nonce, ceremony.envelope(name))
    listener.publish(topics.down(name, "orders"), encode(orders))
    result = decode_up("result", listener.next().payload)
    assert isinstance(result, Result)
    assert result.state == "succeeded", result
    want = Want(bundle="layanan", seq=1, number=1)
    desired = ceremony.desired(name, birth.nonce, want)
    listener.publish(topics.down(name, "desired"), encode(desired))
    assert isinstance(decode_up("fetching", listener.next().payload), Fetching)


def _open_office(broker: TlsBroker) -> None:
    """A session that keeps every message: without one the broker refuses what kiosks say."""
    with Player(broker, "office", clean_start=False, expiry_s=3600) as session:
        session.subscribe("anjungan/v1/+/+/up/+")


def _bytes(line: Line) -> float:
    return line.carried + line.pieces * HEADERS


def _bare_client(run: _Bench, port: int) -> tuple[str, ...]:
    return ("-m", "tests.bench.bare_client", str(port), str(run.broker.ca))


def _quiet_kiosk(run: _Bench) -> tuple[Line, Kiosk]:
    body = run.body("quiet")
    broker = Broker(host="127.0.0.1", port=body.line.port, ca=str(run.broker.ca))
    config = Config(kiosk="bench-quiet", state_dir=str(run.folder / "quiet-s"), broker=broker)
    kiosk = Kiosk(config, body.probes(), rng=Random(7))
    kiosk.start()
    return body.line, kiosk


def _start_seconds(run: _Bench, arguments: Callable[[int, str], tuple[str, ...]]) -> float:
    """Median of several: from the start of the process to its first byte on the line."""
    took = []
    for number in range(STARTS):
        line = run.line()
        made = arguments(line.port, f"start-{number}")
        started = time.monotonic()
        with running(*made, log=run.folder / "starts"):
            wait_until(lambda: line.carried > 0, 20, "the first byte")  # noqa: B023 - now
            took.append(time.monotonic() - started)
    return statistics.median(took)
