"""Releases at the door as kiosks and attackers ask for them: over real HTTPS, and past httpx."""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from starlette.requests import Request

from agent.content.fetch import Room, bring
from agent.content.floor import Clock, Floor
from agent.content.held import Held
from agent.content.line import Line
from agent.content.trust import Trust
from controller.door import files
from controller.door.protocol import LINE
from controller.door.refusals import Refused
from controller.releases.folder import Releases, write
from tests.support.door import BuildDoor, Door
from tests.support.signed_folder import SignedFolder
from wire.content import chunk_path, pack_path
from wire.door import RELEASES_PATH

NAME = "ab" + "c" * 62
BODY = bytes(range(256)) * 1200
PACK = pack_path("layanan", 1, 2)


@pytest.fixture
def shop(tmp_path: Path) -> Releases:
    made = Releases(tmp_path / "releases")
    made.make()
    write(made.chunk(NAME), BODY)
    write(made.pack("layanan", 1, 2), BODY[:100])
    write(made.metadata / "timestamp.json", b"{}")
    write(made.draft(1) / "a.txt", b"not yet")
    return made


@pytest.fixture
def place(sqlite_url: str, build_door: BuildDoor, shop: Releases) -> Door:
    return build_door(sqlite_url, releases=shop.path)


@pytest.fixture
def client(place: Door) -> Iterator[httpx.Client]:
    with place.client() as one:
        yield one


def below(name: str) -> str:
    return f"{RELEASES_PATH}/{name}"


CHUNK = below(chunk_path(NAME))


def test_what_is_published_is_given_to_anybody(client: httpx.Client) -> None:
    answer = client.get(CHUNK)
    assert (answer.status_code, answer.content) == (200, BODY)
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(below(PACK)).content == BODY[:100]
    fresh = client.get(below("metadata/timestamp.json"))
    assert (fresh.content, fresh.headers["cache-control"]) == (b"{}", "no-cache")


def test_a_range_is_given_as_it_was_asked_for(client: httpx.Client) -> None:
    for asked, begin, end in (
        ("0-9", 0, 10),
        ("1000-", 1000, None),
        ("-7", -7, None),
        ("307199-999999", -1, None),
    ):
        answer = client.get(CHUNK, headers={"range": f"bytes={asked}"})
        assert answer.status_code == 206
        assert answer.content == BODY[begin:end]
        first = begin % len(BODY)
        last = first + len(answer.content) - 1
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(BODY)}"


def test_what_is_no_range_gets_the_whole(client: httpx.Client) -> None:
    for asked in ("bytes=-", "bytes=1-2,5-6", "lines=1-2", "bytes=x-", "bytes=²-"):
        answer = client.get(CHUNK, headers={b"range": asked.encode()})
        assert (answer.status_code, answer.content) == (200, BODY), asked


def test_a_range_that_does_not_exist_is_told_the_size(client: httpx.Client) -> None:
    for asked in ("307200-", "999999999999999-", "9-3", "-0"):
        answer = client.get(CHUNK, headers={"range": f"bytes={asked}"})
        assert (answer.status_code, answer.content) == (416, b""), asked
        assert answer.headers["content-range"] == f"bytes */{len(BODY)}"


def test_a_range_of_another_state_of_a_file_gets_the_whole(client: httpx.Client) -> None:
    tag = client.get(CHUNK).headers["etag"]
    same = client.get(CHUNK, headers={"range": "bytes=5-", "if-range": tag})
    other = client.get(CHUNK, headers={"range": "bytes=5-", "if-range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)
    known = client.get(CHUNK, headers={"if-none-match": tag})
    assert (known.status_code, known.content) == (304, b"")


def test_a_head_tells_the_size_and_nothing_else(client: httpx.Client) -> None:
    answer = client.head(CHUNK)
    assert (answer.status_code, answer.headers["content-length"]) == (200, str(len(BODY)))
    assert answer.content == b""
    assert client.get(CHUNK).content == BODY  # and the connection goes on


def test_row_18_no_other_name_is_looked_for(client: httpx.Client) -> None:
    for path in (
        "",
        "metadata",
        "metadata/",
        "metadata/2.timestamp.json",
        "metadata/root.json",
        "drafts/1/a.txt",
        "chunks/ab",
        f"chunks/aa/{NAME}",
        f"chunks/ab/{NAME}.part",
        "chunks/ab/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "packs/..%2fmetadata%2ftimestamp.json",
        "packs/a%00b-1-2.pack",
        "packs/layanan-1-2.pack%0a",
        "%2e%2e/office.db",
    ):
        answer = client.get(below(path))
        assert answer.status_code == 404, path
        assert answer.json()["code"] == "not_found"


def test_row_18_paths_that_climb_are_not_walked_by_the_server(place: Door) -> None:
    context = ssl.create_default_context(cafile=str(place.ca_file))
    with (
        socket.create_connection(("127.0.0.1", place.port), 20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        asked = f"GET {RELEASES_PATH}/packs/../drafts/1/a.txt HTTP/1.1\r\nhost: localhost\r\n\r\n"
        line.sendall(asked.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 404")


def test_links_and_pipes_in_the_folder_are_not_followed(
    client: httpx.Client, shop: Releases, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    link, pipe = shop.pack("layanan", 2, 3), shop.pack("layanan", 3, 4)
    link.symlink_to(tmp_path / "secret")
    os.mkfifo(pipe)
    for name in ("packs/layanan-2-3.pack", "packs/layanan-3-4.pack", "packs/layanan-4-5.pack"):
        assert client.get(below(name)).status_code == 404


def test_without_a_folder_of_releases_there_are_no_such_paths(door: Door) -> None:
    with door.client() as client:
        assert client.get(CHUNK).status_code == 404


def test_a_kiosk_fetches_a_release_through_the_door(
    sqlite_url: str, build_door: BuildDoor, tmp_path: Path
) -> None:
    signed = SignedFolder(tmp_path / "signed")
    signed.publish("layanan", 1, {"content.json": b"{}", "film.bin": BODY})
    place = build_door(sqlite_url, releases=signed.path)
    state, shelf = tmp_path / "state", tmp_path / "shelf"
    state.mkdir()
    (state / "root.json").write_bytes(signed.root)
    tls = ssl.create_default_context(cafile=str(place.ca_file))
    line = Line(place.url + RELEASES_PATH, None, tls=tls)
    clock = Clock(lambda: signed.now, lambda: None)
    release = Trust(state, line, clock, Floor(state / "floor.json")).release("layanan", 1)
    held = Held(tmp_path / "slots", shelf)
    bring(release, held, line, room=Room(tmp_path))
    assert [held.read(name) for name, _ in release.index.files[1].chunks] != [None]


def test_nothing_can_be_put_there(client: httpx.Client) -> None:
    for method in ("PUT", "POST", "DELETE"):
        assert client.request(method, CHUNK, content=b"x").json()["code"] == "method"


def test_whoever_does_not_read_is_cut_in_a_time_by_the_size(
    place: Door, shop: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LEAST_S", 0.2)
    monkeypatch.setattr(files, "SLOWEST", 10**9)
    large = shop.pack("layanan", 0, 9)
    with large.open("wb") as file:
        file.truncate(50_000_000)
    context = ssl.create_default_context(cafile=str(place.ca_file))
    with (
        socket.create_connection(("127.0.0.1", place.port), 20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        asked = f"GET {RELEASES_PATH}/packs/layanan-0-9.pack HTTP/1.1\r\nhost: localhost\r\n\r\n"
        line.sendall(asked.encode())
        with place.client() as other:  # by then its time is over, and others were served
            for _ in range(200):
                assert other.get(CHUNK).status_code == 200
        got = 0
        try:
            while piece := line.recv(1 << 20):
                got += len(piece)
        except (ConnectionError, ssl.SSLError):
            pass
    assert got < 50_000_000


def test_no_answer_holds_its_seat_for_days(shop: Releases) -> None:
    """8 GB at the slowest rate would be half a year; whoever is cut goes on where it was."""
    allowed: list[float] = []
    part = files.Part(0, 8 * 2**30, 8 * 2**30)
    line = SimpleNamespace(allow=allowed.append)
    request = Request({"type": "http", "method": "GET", "headers": [], "state": {LINE: line}})
    with shop.chunk(NAME).open("rb") as file:
        pieces = files.Files(shop.path, lambda _: "here")._pieces(request, file, part, "here")
        asyncio.run(_first(pieces))
    assert allowed == [files.LONGEST_S]


async def _first(pieces: AsyncIterator[bytes]) -> bytes:
    return await anext(pieces)


def test_one_house_of_ipv6_is_one_who_asks(shop: Releases) -> None:
    """Else one line with its 2^64 addresses would take every seat."""
    one = files.Files(shop.path, lambda r: r.headers["from"], most_of_one=1)
    path = CHUNK.encode()

    def asks(address: str) -> int:
        headers = [(b"from", address.encode())]
        scope = {"type": "http", "method": "GET", "path": CHUNK, "raw_path": path}
        answer = one.give(Request({**scope, "headers": headers}))
        return asyncio.run(answer).status_code

    with one._seat("2001:db8:0:1::/64"):
        with pytest.raises(Refused):
            asks("2001:db8:0:1::77")
        assert asks("2001:db8:0:2::77") == 200


def test_only_so_many_are_given_something_at_once(shop: Releases) -> None:
    one = files.Files(shop.path, lambda _: "here", most_at_once=3, most_of_one=1)
    with one._seat("here"), pytest.raises(Refused) as refused:
        one._check_seats("here")
    assert refused.value.code == "busy"
    one._check_seats("here")
