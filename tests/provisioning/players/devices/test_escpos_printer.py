"""The simulated receipt printer, byte by byte. (The probe meets it in tests/agent/probes.)"""

import socket

import pytest

from provisioning.players.devices.escpos_printer import EscposDevice


def statuses(device: EscposDevice) -> str:
    with socket.create_connection(("127.0.0.1", device.port), 2) as line:
        answers = b""
        for number in (1, 2, 3, 4):
            line.sendall(bytes((0x10, 0x04, number)))
            answers += line.recv(1)
    return answers.hex()


@pytest.mark.parametrize(
    ("conditions", "answer"),
    [
        ({}, "12121212"),
        ({"paper": "low"}, "1212121e"),
        ({"paper": "out"}, "1a32127e"),
        ({"cover_open": True}, "1a161212"),
        ({"cutter_jammed": True}, "1a521a12"),
        ({"overheated": True}, "1a525212"),
        ({"broken": True}, "1a523212"),
    ],
)
def test_it_answers_with_the_bytes_of_the_real_ones(
    escpos_device: EscposDevice, conditions: dict[str, object], answer: str
) -> None:
    for name, value in conditions.items():
        setattr(escpos_device, name, value)
    assert statuses(escpos_device) == answer


def test_what_is_printed_is_counted_and_does_not_disturb_the_status(
    escpos_device: EscposDevice,
) -> None:
    with socket.create_connection(("127.0.0.1", escpos_device.port), 2) as line:
        line.sendall(b"Tanda terima\n\x10\x04\x01")
        assert line.recv(1) == b"\x12"
    assert escpos_device.printed == 13


def test_a_slip_is_counted_and_the_question_after_it_answered(escpos_device: EscposDevice) -> None:
    with socket.create_connection(("127.0.0.1", escpos_device.port), 2) as line:
        line.sendall(b"\x1b@kios 1\n\x1dV\x42\x00\x1dr\x01")
        assert line.recv(1) == b"\x00"
    assert escpos_device.slips == 1
    assert b"kios 1" in escpos_device.last


def test_without_paper_no_slip_comes_and_no_answer_in_its_turn(
    escpos_device: EscposDevice,
) -> None:
    escpos_device.paper = "out"
    with socket.create_connection(("127.0.0.1", escpos_device.port), 2) as line:
        line.sendall(b"kios 1\n\x1dV\x42\x00\x1dr\x01\x10\x04\x01")
        assert line.recv(1) == b"\x1a"
    assert (escpos_device.slips, escpos_device.last) == (0, b"")
