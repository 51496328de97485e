"""The receipt printer's probe: against the simulated one, a terminal line, and any bytes."""

import contextlib
import os
import pty
import socket
import threading
import tty
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.base import Finding, judge_codes
from agent.probes.printer_escpos import EscposPrinter, NotEscpos, judge, read
from provisioning.players.devices.escpos_printer import EscposDevice
from tests.support.wait import until

Look = Callable[[], Finding]
WELL = bytes.fromhex("12121212")


@pytest.fixture
def look(escpos_device: EscposDevice) -> Look:
    return EscposPrinter(escpos_device.address, timeout_s=20).observe


@pytest.fixture
def hasty(escpos_device: EscposDevice) -> Look:
    """For a printer that is silent: on a busy machine it may miss one that answers."""
    return EscposPrinter(escpos_device.address, timeout_s=0.3).observe


def test_a_printer_that_is_well_is_ok(look: Look) -> None:
    finding = look()
    assert (finding.state, finding.codes, finding.why) == ("ok", (), "")
    assert finding.facts == {
        "online": True,
        "paper": "ok",
        "cover_open": False,
        "cutter_ok": True,
        "recoverable": True,
    }


@pytest.mark.parametrize(
    ("condition", "value", "code"),
    [
        ("paper", "low", "paper_low"),
        ("paper", "out", "paper_out"),
        ("cover_open", True, "cover_open"),
        ("cutter_jammed", True, "cutter"),
        ("overheated", True, "overheated"),
        ("broken", True, "error"),
        ("switched_off_line", True, "offline"),
    ],
)
def test_each_condition_has_its_code_and_clears(
    escpos_device: EscposDevice, look: Look, condition: str, value: object, code: str
) -> None:
    well = getattr(escpos_device, condition)
    setattr(escpos_device, condition, value)
    finding = look()
    assert finding.codes == (f"receipt.{code}",)
    assert finding.state == judge_codes(finding.codes) != "ok"
    setattr(escpos_device, condition, well)
    assert look().state == "ok"


def test_a_printer_that_refuses_is_busy_first_and_unreachable_after_three_misses(
    escpos_device: EscposDevice, look: Look
) -> None:
    escpos_device.kill()
    findings = [look(), look(), look()]
    assert [finding.state for finding in findings] == ["unknown", "unknown", "fail"]
    assert "busy?" in findings[0].why
    assert findings[2].codes == ("receipt.unreachable",)
    escpos_device.start()
    assert look().state == "ok"
    escpos_device.kill()
    assert look().state == "unknown"


def test_a_printer_that_hangs_is_busy_first_too(escpos_device: EscposDevice, hasty: Look) -> None:
    escpos_device.freeze()
    assert [hasty().state for _ in range(3)] == ["unknown", "unknown", "fail"]
    escpos_device.thaw()
    until(lambda: hasty().state == "ok", 20)


def test_a_printer_that_serves_somebody_else_is_busy_and_not_broken(
    escpos_device: EscposDevice, look: Look, hasty: Look
) -> None:
    place = ("127.0.0.1", escpos_device.port)
    with socket.create_connection(place) as other:
        other.sendall(b"\x10\x04\x01")
        assert other.recv(1) == b"\x12"
        assert hasty().state == "unknown"
    assert look().state == "ok"


def test_noise_is_unknown_with_the_byte_in_the_reason(
    escpos_device: EscposDevice, look: Look
) -> None:
    escpos_device.garbage = True
    finding = look()
    assert finding.state == "unknown"
    assert "0xff" in finding.why


def test_a_printer_that_hangs_up_is_a_miss() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        finding = EscposPrinter(f"127.0.0.1:{server.getsockname()[1]}", misses=1).observe()
        thread.join(5)
    assert finding.codes == ("receipt.unreachable",)


@contextlib.contextmanager
def line(answers: bytes, late: bytes = b"") -> Iterator[str]:
    """A device file whose other end answers each question with the next byte.

    `late` lies there already: answers to questions nobody waits for any more.
    """
    ours, theirs = pty.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    os.write(ours, late)

    def talk() -> None:
        with contextlib.suppress(OSError):
            for answer in answers:
                asked = b""
                while len(asked) < 3:
                    asked += os.read(ours, 3 - len(asked))
                os.write(ours, bytes((answer,)))

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield os.ttyname(theirs)
    os.close(theirs)
    thread.join(5)
    os.close(ours)


def test_a_device_file_is_asked_like_a_network_address() -> None:
    with line(bytes.fromhex("1a32127e")) as path:
        finding = EscposPrinter(path).observe()
    assert finding.codes == ("receipt.paper_out",)


def test_an_answer_that_came_too_late_is_not_taken_for_another() -> None:
    with line(WELL, late=bytes.fromhex("1a32")) as path:
        assert EscposPrinter(path).observe().state == "ok"


@pytest.mark.parametrize("address", ["", "printer", ":9100", "printer:", "printer:x"])
def test_a_wrong_address_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(ValueError, match="9100"):
        EscposPrinter(address)


def test_a_device_file_that_is_not_there_is_a_miss() -> None:
    probe = EscposPrinter("/dev/no-such-printer", misses=1)
    assert probe.observe().codes == ("receipt.unreachable",)


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ("12121212", ()),
        ("1212121e", ("receipt.paper_low",)),
        ("1a32127e", ("receipt.paper_out",)),
        ("1a161212", ("receipt.cover_open",)),
        ("1a521a12", ("receipt.cutter",)),
        ("1a525212", ("receipt.overheated",)),
        ("1a523212", ("receipt.error",)),
        ("1a521212", ("receipt.error",)),
        ("1a121212", ("receipt.offline",)),
        ("1a16121e", ("receipt.cover_open", "receipt.paper_low")),
    ],
)
def test_the_documented_answers_are_understood(answer: str, codes: tuple[str, ...]) -> None:
    assert judge(read(bytes.fromhex(answer))).codes == codes


@given(st.binary(max_size=6))
def test_any_bytes_are_a_status_or_the_documented_error(answer: bytes) -> None:
    try:
        finding = judge(read(answer))
    except NotEscpos:
        assert len(answer) != 4 or any(byte & 0x93 != 0x12 for byte in answer)
    else:
        assert (finding.state == "ok") == (finding.codes == ())


@given(st.lists(st.integers(0, 255).map(lambda byte: byte & 0x6C | 0x12), min_size=4, max_size=4))
def test_every_status_has_a_meaning_and_only_a_clean_one_is_ok(answer: list[int]) -> None:
    finding = judge(read(bytes(answer)))
    general, cause, error, roll = answer
    bad = general & 0x08 or cause & 0x64 or error & 0x68 or roll & 0x6C
    assert (finding.state == "ok") == (not bad)
