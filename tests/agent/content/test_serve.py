"""A kiosk gives its neighbours the chunks it has, one question at a time, and nothing else."""

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.content.neighbour import Neighbour
from agent.content.serve import AT_ONCE, Server, Stock, main
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.signed_folder import SignedFolder, stand
from tests.support.wait import until

PAGE = b"<p>Layanan</p>" * 20


@pytest.fixture
def kiosk(releases: SignedFolder, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """(a chunk it has, the port at which it gives it)."""
    made = releases.publish(BUNDLE, 1, {"page.html": PAGE})
    stand(tmp_path / "there" / BUNDLE, made, lambda _: PAGE)
    with Server("127.0.0.1", 0, Stock([tmp_path / "there"])) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made.index.files[0].sha256, server.server_address[1]
        server.shutdown()
        thread.join(10)


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_chunk_is_given_as_it_travels(kiosk: tuple[str, int]) -> None:
    sha256, port = kiosk
    assert get(port, f"/chunks/{sha256[:2]}/{sha256}") == (200, b"R" + PAGE)


def test_whatever_else_is_asked_is_not_there(kiosk: tuple[str, int]) -> None:
    sha256, port = kiosk
    for path in (
        "/",
        "/chunks/",
        f"/chunks/00/{sha256}",
        f"/chunks/{sha256[:2]}/../{sha256}",
        f"/chunks/{'0' * 2}/{'0' * 64}",
        "/../../etc/passwd",
        "/page.html",
    ):
        assert get(port, path) == (404, b"")


def test_a_file_that_has_rotted_is_not_given(kiosk: tuple[str, int], tmp_path: Path) -> None:
    sha256, port = kiosk
    (tmp_path / "there" / BUNDLE / "slots/1/page.html").write_bytes(b"rotten")
    assert get(port, f"/chunks/{sha256[:2]}/{sha256}")[0] == 404


def test_a_release_that_came_later_is_given_too(
    kiosk: tuple[str, int], releases: SignedFolder, tmp_path: Path
) -> None:
    _, port = kiosk
    made = releases.publish(BUNDLE, 2, {"page.html": b"baru"})
    stand(tmp_path / "there" / BUNDLE, made, lambda _: b"baru")
    sha256 = made.index.files[0].sha256
    assert get(port, f"/chunks/{sha256[:2]}/{sha256}") == (200, b"Rbaru")


def test_more_than_a_few_at_once_are_turned_away_and_come_later(kiosk: tuple[str, int]) -> None:
    sha256, port = kiosk
    path = f"/chunks/{sha256[:2]}/{sha256}"
    open_ones = [socket.create_connection(("127.0.0.1", port)) for _ in range(AT_ONCE)]

    def asked() -> bytes:
        try:
            return get(port, path)[1]
        except (OSError, http.client.HTTPException):
            return b""

    until(lambda: asked() == b"", 20)
    for one in open_ones:
        one.close()
    assert until(asked, 20) == b"R" + PAGE


def test_a_place_for_which_no_thread_was_to_be_had_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with Server("127.0.0.1", 0, Stock([tmp_path])) as server, socket.socket() as line:
        for _ in range(AT_ONCE + 1):
            with pytest.raises(RuntimeError):
                server.process_request(line, ("127.0.0.1", 1))


def test_a_kiosk_that_is_not_told_to_serves_nobody(tmp_path: Path) -> None:
    config = tmp_path / "agent.toml"
    config.write_text(
        f'kiosk = "bdg-andir-01"\nstate_dir = "{tmp_path}"\n[broker]\nhost = "127.0.0.1"\n'
        f'plain = true\n[content]\nfolder = "{tmp_path}"\n'
    )
    assert main(["--config", str(config)]) == 0


def test_a_kiosk_can_live_off_another(kiosk: tuple[str, int], fetcher: Fetcher) -> None:
    neighbour = Neighbour(f"http://127.0.0.1:{kiosk[1]}")
    _, brought = fetcher.fetch(1, (neighbour,))
    assert (brought.pack, brought.single) == (0, 0)
    assert brought.neighbour == len(PAGE) + 1
