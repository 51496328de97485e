"""A release that enough people have signed and that can stand on no kiosk: refused as a whole."""

from collections.abc import Callable

import msgspec
import pytest
import zstandard

from agent.content.trouble import BadRelease, Trouble
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.file_server import FileServer
from tests.support.signed_folder import SignedFolder
from tests.support.thorough import some
from wire.content import About, File, Index, write_index

PAGE = b"<p>Layanan</p>"
TREE = {"page.html": PAGE, "style.css": b"p{}"}
EACH = 23  # of the bytes of an index are flipped in the suite, all with SWEEP=all


def chunks_asked(server: FileServer) -> list[str]:
    return [path for path in server.asked if "/chunks/" in path or "/packs/" in path]


@pytest.mark.parametrize(
    "path",
    [
        "../naik.html",
        "a/../../naik.html",
        "/etc/passwd",
        "a//b.html",
        "./a.html",
        "a\0b.html",
        "a\nb.html",
        "a\\b.html",
        "x" * 300 + ".html",
        "",
        "Page.html",  # beside page.html
        "page.html/inside.html",
        "e\u0301.html",  # not composed
        "\ud800.html",
        " a.html",
    ],
)
def test_row_18_a_path_that_no_release_can_have_refuses_the_whole_index(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, path: str
) -> None:
    def climbing(index: Index) -> bytes:
        data: dict[str, object] = msgspec.to_builtins(index)
        files = data["files"]
        assert isinstance(files, list | tuple)
        files[1]["path"] = "WHERE"
        text = write_index_of(data)
        # As JSON writes it, so that even what is no text can be tried.
        return text.replace(b'"WHERE"', quoted(path))

    made = releases.publish(BUNDLE, 1, TREE, write=climbing)
    about = msgspec.structs.replace(made.about, index_size=len(made.plain))
    releases.put_index(about, zstandard.compress(made.plain))
    releases.news()
    with pytest.raises(BadRelease) as caught:
        fetcher.fetch(1)
    assert (caught.value.who, caught.value.again_s) == ("publisher", None)
    assert "path" in caught.value.why or "wrong_shape" in caught.value.why
    assert chunks_asked(server) == []
    assert not fetcher.held().has(made.index.files[0].sha256)


def write_index_of(data: dict[str, object]) -> bytes:
    return msgspec.json.encode(data, order="sorted")


def quoted(path: str) -> bytes:
    return b'"' + path.encode("unicode_escape").replace(b"\\x0", b"\\u000") + b'"'


def test_row_18_an_entry_cannot_say_that_it_is_a_link(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    """There is no word for it: whatever else an entry says is not read."""
    made = releases.publish(BUNDLE, 1, TREE)
    plain = made.plain.replace(b'"path":', b'"link":"/etc","mode":511,"path":', 1)
    about = msgspec.structs.replace(made.about, index_size=len(plain))
    releases.put_index(about, zstandard.compress(plain))
    releases.news()
    assert fetcher.trust().release(BUNDLE, 1).index == made.index


def huge(about: About) -> About:
    return msgspec.structs.replace(about, unpacked=200 * 10**9)


def many(about: About) -> About:
    return msgspec.structs.replace(about, files=10**6)


def long(about: About) -> About:
    return msgspec.structs.replace(about, index_size=10**9)


@pytest.mark.parametrize("claim", [huge, many, long])
def test_row_19_what_claims_to_be_too_large_is_refused_before_anything_is_fetched(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, claim: Callable[[About], About]
) -> None:
    releases.publish(BUNDLE, 1, TREE, change=claim)
    with pytest.raises(BadRelease):
        fetcher.fetch(1)
    assert not any("/targets/" in path for path in server.asked)
    assert chunks_asked(server) == []


def test_row_19_an_index_of_more_than_it_claims_is_refused(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    def swollen(index: Index) -> bytes:
        (sha256, size), *_ = index.files[0].chunks
        whole = File(path="page.html", size=size * 10**6, sha256=sha256, chunks=((sha256, size),))
        return write_index(Index(bundle=index.bundle, seq=index.seq, files=(whole,)))

    made = releases.publish(BUNDLE, 1, {"page.html": PAGE}, write=swollen)
    about = msgspec.structs.replace(made.about, index_size=len(made.plain))
    releases.put_index(about, zstandard.compress(made.plain))
    releases.news()
    with pytest.raises(BadRelease):
        fetcher.fetch(1)
    assert chunks_asked(server) == []


def test_row_14_an_index_that_is_a_bomb_is_refused(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE, pack=lambda _: zstandard.compress(bytes(100 * 2**20)))
    with pytest.raises(BadRelease):
        fetcher.fetch(1)
    assert chunks_asked(server) == []


def test_row_2_one_byte_flipped_in_the_index_is_refused_and_nothing_is_fetched(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    file = releases.index_file(BUNDLE, 1)
    data = file.read_bytes()
    for at in some(range(len(data)), EACH):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(Trouble):
            fetcher.fetch(1)
    assert chunks_asked(server) == []
    file.write_bytes(data)
    fetcher.fetch(1)


@pytest.mark.parametrize(
    "pack", [lambda _: b"", lambda plain: plain, lambda _: b"\x28\xb5\x2f\xfd"]
)
def test_an_index_that_is_no_zstd_is_refused(
    releases: SignedFolder, fetcher: Fetcher, pack: Callable[[bytes], bytes]
) -> None:
    releases.publish(BUNDLE, 1, TREE, pack=pack)
    with pytest.raises(BadRelease):
        fetcher.trust().release(BUNDLE, 1)
