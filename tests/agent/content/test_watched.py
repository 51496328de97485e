"""Every byte of a connection is counted, and one that is too slow is given up."""

import socket

import pytest

from agent.content.watched import Connection, Pace, Tally, TooSlow


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_pace_is_kept_over_the_agreed_time() -> None:
    time = Time()
    pace = Pace(100.0, 10.0, time)
    time.now = 9.9
    pace.came(1)  # too early to say
    time.now = 10.0
    with pytest.raises(TooSlow, match="2 bytes in 10 s"):
        pace.came(1)


def test_who_was_fast_once_has_to_be_so_again() -> None:
    time = Time()
    pace = Pace(100.0, 10.0, time)
    time.now = 10.0
    pace.came(10**6)
    time.now = 20.0
    with pytest.raises(TooSlow):
        pace.came(10)


def test_time_between_questions_does_not_count() -> None:
    time = Time()
    pace = Pace(100.0, 10.0, time)
    time.now = 500.0
    pace.begin()
    time.now = 501.0
    pace.came(1)


def test_without_a_least_only_silence_is_too_slow() -> None:
    time = Time()
    pace = Pace(0.0, 10.0, time)
    time.now = 1000.0
    pace.came(1)


def test_both_ways_are_counted_headers_and_all() -> None:
    said = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        tally = Tally(None)
        pace = Pace(0.0, 20.0, Time())
        connection = Connection("127.0.0.1", listener.getsockname()[1], pace, tally, None)
        connection.connect()
        server, _ = listener.accept()
        server.sendall(said)
        server.shutdown(socket.SHUT_WR)
        answer = connection.ask("/a", 5, 100)
        assert answer.read() == b"hello"
        asked = server.recv(4096)
        server.close()
        connection.close()
    assert b"Range: bytes=5-" in asked
    assert (tally.bytes, tally.requests) == (len(asked) + len(said), 1)
