"""Listens on the socket file: one question a connection, a few at once, none for ever.

Knows frames and time limits, no question. What is not a frame of ours is answered with nothing.
"""

import socket
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

from controller.registrar import protocol
from controller.registrar.protocol import Ask, Said
from controller.registrar.sockets import listen, read_exactly

AT_ONCE: Final = 8
PATIENCE_S: Final = 10.0
AGAIN_S: Final = 0.5


class Server:
    """`answer` is called by several threads. `stop` ends them. Raises OSError when made."""

    def __init__(
        self, path: Path, answer: Callable[[Ask], Said], patience_s: float = PATIENCE_S
    ) -> None:
        self._answer, self._patience_s = answer, patience_s
        self._socket = listen(path)
        self._ended = threading.Event()
        self._workers = ThreadPoolExecutor(AT_ONCE, "registrar")
        self._thread = threading.Thread(target=self._accept, name="registrar-listens", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """What is being answered is answered."""
        self._ended.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # whoever listens wakes up
        self._thread.join()
        self._workers.shutdown(wait=True, cancel_futures=True)
        self._socket.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                line, _ = self._socket.accept()
            except OSError as error:
                if not self._ended.is_set():  # too many files are open: some will be closed again
                    sys.stderr.write(f"registrar: cannot take another line: {error.strerror}\n")
                    self._ended.wait(AGAIN_S)
                continue
            self._workers.submit(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        with line:
            line.settimeout(self._patience_s)
            try:
                size = protocol.size_of(read_exactly(line, 4))
                ask = protocol.read_ask(read_exactly(line, size))
                line.sendall(protocol.frame(self._answer(ask)))
            except (OSError, ValueError):
                return  # whoever it was went away, or speaks another language
            except Exception:  # noqa: BLE001 - a question that hurts must not end the registrar
                sys.stderr.write(f"registrar: {traceback.format_exc(limit=-3)}")
