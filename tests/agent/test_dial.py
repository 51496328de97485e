"""Hosts are called without what they do not need."""

import socket
import subprocess
import sys

import pytest

from agent.dial import dial, plain

CALL = """
import sys
from agent.dial import dial
dial("localhost", int(sys.argv[1]), 20).close()
print([name for name in sys.modules if "idna" in name])
"""


def test_a_host_of_plain_letters_is_called_without_the_tables_of_international_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        words = [sys.executable, "-c", CALL, port]
        told = subprocess.run(words, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_host_of_other_letters_is_left_to_those_tables() -> None:
    assert plain("kiós.example") == "kiós.example"


def test_a_name_that_is_none_is_an_error_of_the_network() -> None:
    with pytest.raises(OSError, match="not known"):
        dial("a" * 70 + ".invalid", 80, 5)
