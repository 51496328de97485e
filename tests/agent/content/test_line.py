"""Files come whole, over one connection, over TLS, and a refusal says who must act."""

import ssl
from pathlib import Path

import pytest
import trustme

from agent.content.line import Line
from agent.content.meter import Meter
from agent.content.trouble import LineFailing, NotThere, Trouble, Untrusted
from tests.support.fetching import Fetcher
from tests.support.file_server import FileServer, Handler, serving

DATA = bytes(range(256)) * 400


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.bin").write_bytes(DATA)
    return folder


def test_a_file_grows_from_where_it_ended(tmp_path: Path, files: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(DATA[:60_000])
    told: list[int] = []
    with serving(files) as server:
        line = Line(server.url, None)
        line.bring("a.bin", part, len(DATA), told.append)
        assert server.sent == len(DATA) - 60_000
    assert part.read_bytes() == DATA
    assert told[-1] == len(DATA)


def test_many_files_come_over_one_connection(files: Path) -> None:
    with serving(files) as server:
        line = Line(server.url, None)
        for _ in range(3):
            assert line.read("a.bin", len(DATA)) == DATA
            with pytest.raises(NotThere):
                line.read("none", 10)
        assert line.used.requests == 6
        line.close()


def test_what_is_longer_than_it_may_be_is_refused(files: Path) -> None:
    with serving(files) as server, pytest.raises(Untrusted):
        Line(server.url, None).read("a.bin", len(DATA) - 1)


def test_a_body_in_pieces_without_a_length_is_read(files: Path) -> None:
    def in_pieces(handler: Handler, data: bytes, _since: int) -> bool:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for at in range(0, len(data), 1000):
            piece = data[at : at + 1000]
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")
        return True

    with serving(files) as server:
        server.mood = in_pieces
        line = Line(server.url, None)
        assert line.read("a.bin", len(DATA)) == DATA
        assert line.read("a.bin", len(DATA)) == DATA


def test_a_connection_that_was_closed_meanwhile_is_no_failure(files: Path) -> None:
    def close_silently(handler: Handler, data: bytes, _since: int) -> bool:
        handler.answer(200, data)
        handler.close_connection = True
        return True

    pauses: list[float] = []
    with serving(files) as server:
        server.mood = close_silently
        line = Line(server.url, None, pause=pauses.append)
        for _ in range(3):
            assert line.read("a.bin", len(DATA)) == DATA
    assert pauses == []


def test_what_a_line_costs_is_counted_in_the_books(tmp_path: Path, files: Path) -> None:
    meter = Meter(tmp_path / "meter.json", now=lambda: 0, day_bytes=10**6)
    with serving(files) as server:
        line = Line(server.url, meter)
        line.read("a.bin", len(DATA))
        line.close()
    assert len(DATA) < line.used.bytes < len(DATA) + 600
    assert meter.left() == 10**6 - line.used.bytes
    assert Meter(tmp_path / "meter.json", now=lambda: 0, day_bytes=10**6).left() == meter.left()


def test_https_believes_whom_it_was_told_and_nobody_else(files: Path) -> None:
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(served)
    known = ssl.create_default_context()
    authority.configure_trust(known)
    with serving(files) as server:
        server.socket = served.wrap_socket(server.socket, server_side=True)
        url = server.url.replace("http:", "https:")
        assert Line(url, None, tls=known).read("a.bin", len(DATA)) == DATA
        with pytest.raises(LineFailing, match="CERTIFICATE_VERIFY_FAILED"):
            Line(url, None, tries=1).read("a.bin", len(DATA))


@pytest.mark.parametrize("url", ["", "ftp://office/", "office.example/releases", "http://"])
def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(ValueError, match="https://HOST"):
        Line(url, None)


def test_a_file_that_was_whole_when_the_power_went_is_not_sent_again(
    tmp_path: Path, files: Path
) -> None:
    part = tmp_path / "part"
    part.write_bytes(DATA)
    with serving(files) as server:
        Line(server.url, None).bring("a.bin", part, len(DATA))
        assert (len(server.asked), server.sent) == (1, 0)
    assert part.read_bytes() == DATA


@pytest.mark.parametrize(
    ("status", "trouble"), [(302, NotThere), (403, NotThere), (500, LineFailing)]
)
def test_a_refusal_says_who_must_act(
    fetcher: Fetcher, server: FileServer, status: int, trouble: type[Trouble]
) -> None:
    def refuse(handler: Handler, _data: bytes, _since: int) -> bool:
        handler.answer(status, b"no", {"Location": "http://elsewhere.example/"})
        return True

    server.mood = refuse
    with pytest.raises(trouble):
        fetcher.line().read("metadata/timestamp.json", 16_384)


def test_a_server_that_is_busy_says_when(fetcher: Fetcher, server: FileServer) -> None:
    def busy(handler: Handler, _data: bytes, _since: int) -> bool:
        handler.answer(503, b"", {"Retry-After": "120"})
        return True

    server.mood = busy
    with pytest.raises(LineFailing) as caught:
        fetcher.line().read("metadata/timestamp.json", 16_384)
    assert caught.value.again_s == 120
    assert len(server.asked) == 1
