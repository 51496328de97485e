"""Screenshots, logs and measurements over real HTTPS: from kiosks, strangers and bad lines."""

import hashlib
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest
from sqlalchemy import select

from controller.store.command_tables import attachment
from controller.store.engine import writing
from controller.store.identity_tables import identity
from tests.support.door import BuildDoor, Caller, Door
from tests.support.handing import GZIP, JPEG, commanded
from tests.support.wait import until
from wire import door as paths

NAME = "bdg-sukasari-1"


def command(door: Door, kind: str = "screenshot", name: str = NAME) -> str:
    with writing(door.engine) as conn:
        return commanded(conn, name, kind)


def hand_in(
    caller: Caller, command_id: str, body: bytes, type_: str = "image/jpeg", **lies: object
) -> httpx.Response:
    headers = {"content-type": type_, **lies.pop("headers", {})}  # type: ignore[dict-item]
    path = f"{paths.ATTACHMENT_PATH}?command={command_id}"
    return caller.signed("POST", path, body, headers=headers, **lies)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def bodies(door: Door) -> list[bytes]:
    with door.engine.connect() as conn:
        return list(conn.scalars(select(attachment.c.body)))


def test_a_screenshot_and_logs_are_handed_in(any_door: Door) -> None:
    caller = any_door.enrolled(NAME)
    answer = hand_in(caller, command(any_door), JPEG)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"sha256": hashlib.sha256(JPEG).hexdigest(), "size": len(JPEG)}
    logs = command(any_door, "collect_logs")
    whole = GZIP + bytes(1_048_576 - len(GZIP))
    assert hand_in(caller, logs, whole, "application/gzip").status_code == 200
    assert hand_in(caller, logs, whole, "application/gzip").status_code == 200
    assert sorted(map(len, bodies(any_door))) == [len(JPEG), 1_048_576]


def test_a_foreign_command_is_none(door: Door) -> None:
    mine, other = door.enrolled(NAME), door.enrolled("bdg-sukasari-2")
    wanted = command(door)
    assert code(hand_in(other, wanted, JPEG)) == (404, "command")
    assert code(hand_in(mine, "f" * 32, JPEG)) == (404, "command")
    assert bodies(door) == []


def test_what_cannot_be_what_it_says_is_refused(door: Door) -> None:
    caller, shot = door.enrolled(NAME), command(door)
    page = b"<html><script>alert(1)</script></html>"
    assert code(hand_in(caller, shot, page)) == (415, "type")
    assert code(hand_in(caller, shot, JPEG, "text/html")) == (415, "type")
    assert code(hand_in(caller, shot, GZIP, "application/gzip")) == (415, "type")
    assert code(hand_in(caller, shot, b"")) == (400, "malformed")
    assert code(hand_in(caller, "../../etc/passwd", JPEG)) == (400, "malformed")
    assert code(hand_in(caller, f"{shot}&command={shot}", JPEG)) == (400, "malformed")
    assert bodies(door) == []


def test_too_large_is_said_before_it_is_read(door: Door) -> None:
    caller, shot = door.enrolled(NAME), command(door)
    large = JPEG[:-2] + bytes(100_000) + b"\xff\xd9"
    assert code(hand_in(caller, shot, large)) == (413, "too_large")
    drops = (large[i : i + 8_192] for i in range(0, len(large), 8_192))
    assert code(hand_in(caller, shot, large, sent_body=drops)) == (400, "malformed")
    assert bodies(door) == []


def test_another_body_than_the_one_that_was_signed_is_refused(door: Door) -> None:
    caller, shot = door.enrolled(NAME), command(door)
    changed = JPEG.replace(b"picture", b"forgery")
    assert code(hand_in(caller, shot, JPEG, sent_body=changed)) == (401, "digest")
    assert bodies(door) == []


def test_a_request_seen_before_or_signed_for_another_command_is_refused(door: Door) -> None:
    caller, shot, other = door.enrolled(NAME), command(door), command(door)
    nonce = "n" * 20
    assert hand_in(caller, shot, JPEG, nonce=nonce).status_code == 200
    assert code(hand_in(caller, shot, JPEG, nonce=nonce)) == (401, "replay")
    elsewhere = f"{paths.ATTACHMENT_PATH}?command={other}"
    assert code(hand_in(caller, shot, JPEG, sent_path=elsewhere)) == (401, "signature")
    assert len(bodies(door)) == 1


def test_a_kiosk_that_was_revoked_hands_in_nothing(door: Door) -> None:
    caller, shot = door.enrolled(NAME), command(door)
    with writing(door.engine) as conn:
        conn.execute(identity.update().values(state="revoked"))
    assert code(hand_in(caller, shot, JPEG)) == (403, "revoked")


def head_of(caller: Caller, path: str, body: bytes, size: int, **lies: object) -> bytes:
    signed = caller.headers("POST", path, body, **lies)
    lines = [f"POST {path} HTTP/1.1", "Host: door", f"Content-Length: {size}"]
    lines += ["Content-Type: image/jpeg", *(f"{name}: {value}" for name, value in signed.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def connect(door: Door) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(door.ca_file))
    raw = socket.create_connection(("127.0.0.1", door.port), timeout=60)
    return context.wrap_socket(raw, server_hostname="localhost")


def answered(line: ssl.SSLSocket) -> bytes:
    """What the other side says until it hangs up or has said something."""
    try:
        return line.recv(65_536)
    except (ConnectionResetError, ssl.SSLError):
        return b""


def test_strangers_are_refused_before_a_byte_of_their_body(door: Door) -> None:
    stranger = Caller(door, NAME, serial="abc123")
    path = f"{paths.ATTACHMENT_PATH}?command={'0' * 32}"
    with closing(connect(door)) as line:
        line.sendall(head_of(stranger, path, JPEG, len(JPEG)))
        assert b"401" in answered(line).split(b"\r\n")[0]


def test_a_known_kiosk_gets_the_time_a_bad_line_needs_and_no_more(
    sqlite_url: str, build_door: BuildDoor
) -> None:
    door = build_door(sqlite_url, request_s=3.0, bulk_s=9.0)
    door.warden.start()
    caller = door.enrolled(NAME)
    shot = command(door)
    path = f"{paths.ATTACHMENT_PATH}?command={shot}"
    with closing(connect(door)) as line:
        line.sendall(head_of(caller, path, JPEG, len(JPEG)) + JPEG[:50])
        threading.Event().wait(4.0)  # longer than a stranger would get
        line.sendall(JPEG[50:])
        assert b"200 OK" in answered(line)
    with closing(connect(door)) as line:
        line.sendall(head_of(caller, path, JPEG, len(JPEG)) + JPEG[:50])
        assert answered(line) == b"", "cut without an answer"
    assert caller.standing().status_code == 200


def test_one_kiosk_does_not_take_all_the_seats(door: Door) -> None:
    caller, other = door.enrolled(NAME), door.enrolled("bdg-sukasari-2")
    shot = command(door)
    path = f"{paths.ATTACHMENT_PATH}?command={shot}"
    lines = [connect(door) for _ in range(2)]
    for line in lines:
        head = head_of(caller, path, JPEG, len(JPEG))
        line.sendall(head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert b" 100 " in answered(line), "seated, and asked for its body"
        line.sendall(JPEG[:50])
    assert code(hand_in(caller, shot, JPEG)) == (503, "busy")
    theirs = command(door, name="bdg-sukasari-2")
    assert hand_in(other, theirs, JPEG).status_code == 200
    for line in lines:
        line.close()
    every_s = 0.6  # a kiosk may ask 120 times a minute
    until(lambda: hand_in(caller, shot, JPEG).status_code == 200, 30, every_s)


def test_two_who_hand_in_the_same_at_once_are_one(any_door: Door) -> None:
    caller, shot = any_door.enrolled(NAME), command(any_door)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: hand_in(caller, shot, JPEG), range(2)))
    assert [one.status_code for one in answers] == [200, 200]
    assert bodies(any_door) == [JPEG]


def test_the_line_is_measured_in_both_directions(door: Door) -> None:
    caller = door.enrolled(NAME)
    down = caller.signed("GET", f"{paths.SPEED_PATH}?bytes=200000")
    assert (down.status_code, len(down.content)) == (200, 200_000)
    up = caller.signed("POST", paths.SPEED_PATH, b"x" * 100_000)
    assert up.json() == {"sha256": hashlib.sha256(b"x" * 100_000).hexdigest(), "size": 100_000}


@pytest.mark.parametrize("query", ["", "?bytes=0", "?bytes=-1", "?bytes=1e9", "?bytes=5&bytes=6"])
def test_a_measurement_says_how_much(door: Door, query: str) -> None:
    caller = door.enrolled(NAME)
    assert code(caller.signed("GET", f"{paths.SPEED_PATH}{query}")) == (400, "malformed")


def test_a_measurement_has_a_size_and_an_hour_a_budget(door: Door) -> None:
    caller = door.enrolled(NAME)
    path = f"{paths.SPEED_PATH}?bytes={paths.MOST_SPEED}"
    assert code(caller.signed("GET", f"{path}0")) == (413, "too_large")
    statuses = [caller.signed("GET", path).status_code for _ in range(9)]
    assert statuses == [200] * 8 + [429]
    assert hand_in(caller, command(door), JPEG).status_code == 200


def test_who_does_not_sign_measures_nothing(door: Door) -> None:
    with door.client() as client:
        assert code(client.get(f"{paths.SPEED_PATH}?bytes=5")) == (401, "signature")
        assert code(client.post(paths.SPEED_PATH, content=b"x")) == (401, "signature")
