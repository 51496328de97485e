"""The printer of this machine is found at a real CUPS, or its absence is told in one line."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agent.probes.ipp import Uri
from provisioning import printer
from provisioning.printer import Answer, choose, device, look, read
from tests.support.cups import RealCups, RealPrinter


@pytest.fixture
def cups(real_cups: RealCups, monkeypatch: pytest.MonkeyPatch) -> RealCups:
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{real_cups.port}")
    return real_cups


def test_the_only_queue_and_the_device_behind_it_are_found(
    cups: RealCups, real_printer: RealPrinter
) -> None:
    cups.add_queue("kiosk", real_printer.uri)
    found = look()
    assert found.queue == f"ipp://127.0.0.1:{cups.port}/printers/kiosk"
    assert found.printer == real_printer.uri
    assert found.said == f"found the printer kiosk: queue {found.queue}, device {found.printer}"


def test_of_several_queues_the_default_is_taken_and_without_one_none(cups: RealCups) -> None:
    cups.add_queue("front", "ipp://127.0.0.1:9/ipp/print")
    cups.add_queue("back", "socket://127.0.0.1:9100")
    undecided = look()
    assert (undecided.queue, undecided.printer) == ("", "")
    assert "--queue" in undecided.said
    cups.tool("lpadmin", "-d", "back")
    found = look()
    assert found.queue.endswith("/printers/back")
    assert found.printer == ""
    assert "only its queue is watched" in found.said


def test_a_cups_without_queues_is_no_printer(cups: RealCups) -> None:
    assert look() == printer.Found("no printer found here: CUPS has no queue, or does not run")
    cups.stop()
    assert look().said.startswith("no printer found here")


def test_a_cups_that_hangs_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "lpstat"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(printer, "PATIENCE_S", 0.2)
    assert look().said == "no printer found here: CUPS did not answer in 0.2 s"


def test_a_machine_without_lpstat_is_told_which_options_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "--printer" in look().said


@pytest.mark.parametrize(
    ("uri", "usb", "asked"),
    [
        ("ipp://192.168.1.20/ipp/print", False, "ipp://192.168.1.20/ipp/print"),
        ("ipp://hall-printer:631/ipp/print?x=1", False, "ipp://hall-printer:631/ipp/print"),
        ("ipp://hall-printer", False, "ipp://hall-printer/"),
        ("usb://Acme/Kiosk?serial=1", True, "ipp://127.0.0.1:60000/ipp/print"),
        ("usb://Acme/Kiosk?serial=1", False, ""),
        ("ippusb://Acme._ipp._tcp.local/ipp/print", True, "ipp://127.0.0.1:60000/ipp/print"),
        ("ipp://Acme%20%28USB%29._ipp._tcp.local/", True, "ipp://127.0.0.1:60000/ipp/print"),
        ("ipp://Acme%20Hall._ipp._tcp.local/", True, ""),
        ("dnssd://Acme._ipp._tcp.local/?uuid=1", False, ""),
        ("ipps://192.168.1.20/ipp/print", False, ""),
        ("ipp://staff:secret@192.168.1.20/ipp/print", False, ""),
        ("ipp://[fe80::1]/ipp/print", False, ""),
        ("socket://192.168.1.20:9100", False, ""),
        ("///dev/null", False, ""),
    ],
)
def test_a_device_is_asked_itself_only_by_plain_ipp(uri: str, usb: bool, asked: str) -> None:  # noqa: FBT001 - a column of the table
    assert device(uri, usb=usb) == asked


@pytest.mark.parametrize(
    ("server", "host"),
    [("/run/cups/cups.sock", "localhost:631"), ("print.local:8631", "print.local:8631")],
)
def test_a_local_socket_is_asked_at_its_port(server: str, host: str) -> None:
    found = choose(Answer(server, "", {"loket #1": "usb://x"}), usb=False)
    assert found.queue == f"ipp://{host}/printers/loket%20%231"


@given(some.text(), some.booleans())
def test_whatever_lpstat_says_the_agent_can_read_what_was_found(text: str, usb: bool) -> None:  # noqa: FBT001 - drawn
    lines = f"localhost:631\ndevice for kiosk: {text}"
    found = choose(read(lines), usb=usb)
    for uri in filter(None, (found.queue, found.printer)):
        Uri.parse(uri)
    choose(read(text), usb=usb)
