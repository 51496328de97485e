"""The socket answers a few at once, whatever anybody sends, and ends when told."""

import subprocess
import sys
from pathlib import Path

import pytest

from controller.registrar import protocol
from controller.registrar.client import CannotOpen, Registrar
from controller.registrar.protocol import Ask, Said
from controller.registrar.server import AT_ONCE, Server
from controller.registrar.sockets import connect

ROOT = Path(__file__).parents[3]


def answer(ask: Ask) -> Said:
    if ask == protocol.Judge(record=1):
        raise RuntimeError("a question that hurts")
    return protocol.Known(yes=True)


def test_nonsense_and_questions_that_hurt_end_one_line_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(tmp_path / "asked", answer)
    client = Registrar(tmp_path / "asked")
    for sent in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\5abc", b"\0\0\0\1\xc0"):
        with connect(tmp_path / "asked", 5) as line:
            line.sendall(sent)
    with pytest.raises(CannotOpen):
        client.judge(1)
    client.ping()
    server.stop()
    assert "a question that hurts" in capsys.readouterr().err
    with pytest.raises(CannotOpen):
        client.ping()


def test_who_says_nothing_is_left_after_a_while(tmp_path: Path) -> None:
    server = Server(tmp_path / "asked", answer, patience_s=0.2)
    silent = [connect(tmp_path / "asked", 5) for _ in range(AT_ONCE)]
    Registrar(tmp_path / "asked").ping()
    for line in silent:
        line.close()
    server.stop()


FULL = """
import os, resource, socket, sys, threading
from pathlib import Path
from controller.registrar import protocol
from controller.registrar.client import Registrar
from controller.registrar.server import Server

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
server = Server(Path("asked"), lambda ask: protocol.Known(yes=True))
line = socket.socket(socket.AF_UNIX)
said = threading.Event()
write = sys.stderr.write
sys.stderr.write = lambda text: (write(text), said.set())
held = []
try:
    while True:
        held.append(os.dup(0))
except OSError:
    line.connect("asked")
said.wait(20)
for one in held:
    os.close(one)
line.close()
Registrar(Path("asked")).ping()
server.stop()
print("heard")
"""


def test_it_hears_again_once_files_may_be_opened_again(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", FULL]
    done = subprocess.run(
        argv, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert "cannot take another line: Too many open files" in done.stderr
    assert done.stdout == "heard\n", done.stderr
