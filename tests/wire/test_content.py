"""What a release is made of: what may stand in an index, and what a whole index is refused for."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import content
from wire.content import (
    MOST_CHUNK,
    MOST_FILES,
    MOST_PATH,
    MOST_UNPACKED,
    About,
    File,
    Index,
    about_of,
    agent_is_old,
    bad_path,
    bad_paths,
    is_bundle,
    read_index,
    write_index,
)
from wire.errors import MalformedMessage

SHA = "ab" * 32


def file(path: str = "a.txt", size: int = 3, **more: object) -> File:
    return msgspec.structs.replace(
        File(path=path, size=size, sha256=SHA, chunks=((SHA, size),) if size else ()), **more
    )


def about(*files: File, **more: object) -> About:
    made = Index(bundle="layanan", seq=1, files=files)
    return msgspec.structs.replace(
        About(
            bundle="layanan",
            seq=1,
            unpacked=sum(one.size for one in files),
            files=len(files),
            chunks=1,
            index_size=len(write_index(made)),
            built_at=1,
        ),
        **more,
    )


def refused(*files: File, **more: object) -> str:
    made = Index(bundle="layanan", seq=1, files=files)
    with pytest.raises(MalformedMessage) as why:
        read_index(write_index(made), about(*files, **more))
    return why.value.reason


def test_an_index_comes_back_as_it_was_written() -> None:
    files = (file("a.txt"), file("b/c.txt", 0), file("b/d.txt"))
    made = Index(bundle="layanan", seq=1, files=files)
    assert read_index(write_index(made), about(*files)) == made


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "a/../x",
        "/etc/x",
        "a\0b",
        "a\nb",
        "x" * (MOST_PATH + 1),
        "a//b",
        "a/",
        "./a",
        "a\\b",
        "",
        " a",
        "a /b",
        "e\u0301",
        "\ud800",
        "\u202ea",
    ],
)
def test_row_18_a_path_that_climbs_or_deceives_is_refused_with_its_whole_index(path: str) -> None:
    assert bad_path(path)
    made = Index(bundle="layanan", seq=1, files=(file("a.txt"), file("b.txt")))
    plain = write_index(made).replace(b'"b.txt"', msgspec.json.encode(path.replace("\ud800", "")))
    if path == "\ud800":
        plain = write_index(made).replace(b'"b.txt"', rb'"\ud800"')
    with pytest.raises(MalformedMessage):
        read_index(plain, about(*made.files, index_size=len(plain)))


@pytest.mark.parametrize(
    "paths",
    [("a", "A"), ("a/b", "A/c"), ("a", "a/b"), ("A", "a/b"), ("a/b", "a"), ("x", "x"), ("ß", "SS")],
)
def test_row_18_twins_by_case_and_files_that_are_folders_are_refused(
    paths: tuple[str, str],
) -> None:
    assert bad_paths(paths)
    assert refused(*map(file, paths)) == "path"


def test_paths_that_people_use_are_taken() -> None:
    assert (
        bad_paths(["a.txt", "gambar/peta kota.png", "é/ü.html", "a-b_c (1).txt", "..a", "b"]) == ""
    )


def test_row_19_sums_that_do_not_hold_are_refused() -> None:
    assert refused(file(), index_size=7) == "index_size"
    assert refused(file(), files=2) == "too_many_files"
    assert refused(file(), unpacked=4) == "unpacked"
    assert refused(file(), seq=2) == "wrong_release"
    assert refused(file(), bundle="peta") == "wrong_release"
    assert refused(file(chunks=((SHA, 2),))) == "size"
    assert refused(file(chunks=((SHA, 3), (SHA, 0)))) == "chunk_size"


def test_row_19_what_claims_200_gigabytes_or_a_million_files_is_refused() -> None:
    huge = {"size": 200 * 10**9, "path": "a", "sha256": SHA, "chunks": []}
    plain = msgspec.json.encode({"v": 1, "bundle": "layanan", "seq": 1, "files": [huge]})
    with pytest.raises(MalformedMessage):
        read_index(plain, about(file(), index_size=len(plain)))
    many = tuple(file(f"{n}.txt", 0) for n in range(MOST_FILES + 1))
    with pytest.raises(MalformedMessage, match="too_many_files"):
        content.check_index(Index(bundle="layanan", seq=1, files=many), about(*many))
    for wrong in ({"files": 10**6}, {"unpacked": 2**60}, {"index_size": 2**40}, {"v": 2}):
        with pytest.raises(MalformedMessage):
            about_of(msgspec.to_builtins(about(file())) | wrong)
    large = tuple(
        file(f"{n}", MOST_UNPACKED, chunks=((SHA, MOST_CHUNK),) * (MOST_UNPACKED // MOST_CHUNK))
        for n in range(1)
    )
    more = (*large, file("z"))
    with pytest.raises(MalformedMessage, match="unpacked"):
        content.check_index(Index(bundle="layanan", seq=1, files=more), about(*more))


@pytest.mark.parametrize(
    "plain",
    [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"null", b'"x"', b"1" * 5000],
)
def test_rubbish_in_place_of_an_index_is_refused(plain: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_index(plain, about(file(), index_size=max(2, len(plain))))


def test_row_1_every_byte_of_an_index_that_is_changed_is_refused_or_says_something_else() -> None:
    made = Index(bundle="layanan", seq=1, files=(file("a.txt"),))
    good, its = write_index(made), about(*made.files)
    for at in range(len(good)):
        wrong = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        try:
            assert read_index(wrong, its) != made or write_index(made) != wrong
        except MalformedMessage:
            continue


@given(st.text(max_size=30))
def test_a_path_that_is_taken_stays_below_its_folder(path: str) -> None:
    if not bad_path(path):
        parts = path.split("/")
        assert ".." not in parts
        assert all(parts)
        assert "\0" not in path


def test_bundles_are_named_plainly_and_programs_have_a_role_of_their_own() -> None:
    assert is_bundle("layanan")
    for name in ("", "a", "Aa", "a b", "a/b", "-a", "a-", "a" * 33, "aa\n"):
        assert not is_bundle(name)
    assert content.target_path("layanan", 7) == "content/layanan-7.idx"
    assert content.target_path("agent", 7) == "software/agent-7.idx"
    assert content.chunk_path(SHA) == f"chunks/ab/{SHA}"
    assert content.pack_path("peta", 0, 2) == "packs/peta-0-2.pack"


def test_versions_of_the_agent_are_compared_by_their_numbers() -> None:
    assert agent_is_old("1.9", "1.10")
    assert agent_is_old("1.4", "1.4.1")
    assert not agent_is_old("1.4", "")
    assert not agent_is_old("2.0", "1.99.3")
    assert not agent_is_old("1.4.2", "1.4.2")
