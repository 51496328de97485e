"""Packs: what the one release has and the other has not, each chunk in its smallest form."""

import hashlib
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
import zstandard

from controller.releases import packs, store
from controller.releases.cut import cut
from controller.releases.folder import Releases
from wire.content import Index
from wire.pack import DELTA, RAW, Reader


@pytest.fixture
def shop(tmp_path: Path) -> Releases:
    made = Releases(tmp_path / "releases")
    made.make()
    return made


def index(shop: Releases, seq: int, tree: Mapping[str, bytes]) -> Index:
    source = shop.drafts / str(seq)
    for path, body in tree.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(body)
    with store.Keeper(shop) as keeper:
        return Index(bundle="video", seq=seq, files=cut(source, tree, keeper.put))


def unpacked(shop: Releases, old: Index | None, new: Index) -> tuple[dict[str, bytes], list[bytes]]:
    """What a kiosk has that had `old` and took the pack; and the tags, in their order."""
    had = {} if old is None else {n: store.read(shop, n) for n, _ in names(old)}
    about = packs.write_pack(shop, old, new)
    assert about is not None
    body = shop.pack("video", old.seq if old else 0, new.seq).read_bytes()
    assert (about.size, about.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    reader, tags = Reader(), []
    got = dict(had)
    for entry in reader.feed(body):
        tags.append(entry.tag)
        joined = b"".join(had[name] for name in entry.bases)
        raw = zstandard.ZstdCompressionDict(joined, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        plain = entry.body
        if entry.tag != RAW:
            how = zstandard.ZstdDecompressor(dict_data=raw) if entry.tag == DELTA else None
            how = how or zstandard.ZstdDecompressor()
            plain = how.stream_reader(entry.body).read(entry.plain + 1)
        assert hashlib.sha256(plain).hexdigest() == entry.sha256
        got[entry.sha256] = plain
    assert reader.whole
    return got, tags


def names(one: Index) -> list[tuple[str, int]]:
    return [chunk for file in one.files for chunk in file.chunks]


def table(rows: int, changed: set[int]) -> bytes:
    made = random.Random(7)
    lines = [f'{{"nomor":{n},"nama":"{made.randbytes(20).hex()}"}}' for n in range(rows)]
    for n in changed:
        lines[n] = lines[n].replace("nama", "nama baru")
    return "\n".join(lines).encode()


def test_a_changed_table_travels_as_what_changed_in_it(shop: Releases) -> None:
    old = index(shop, 1, {"a.json": table(30_000, set())})
    new = index(shop, 2, {"a.json": table(30_000, {5, 9000, 9001, 22_000})})
    got, tags = unpacked(shop, old, new)
    assert all(name in got for name, _ in names(new))
    assert set(tags) == {DELTA}
    assert shop.pack("video", 1, 2).stat().st_size < 3_000


def test_an_edited_page_travels_as_its_edit_even_under_another_folder(shop: Releases) -> None:
    page = random.Random(1).randbytes(20_000).hex().encode()
    old = index(shop, 1, {"a/page.html": page})
    new = index(shop, 2, {"b/page.html": page[:9000] + b"<p>baru</p>" + page[9000:]})
    _, tags = unpacked(shop, old, new)
    assert tags == [DELTA]
    assert shop.pack("video", 1, 2).stat().st_size < 300


def test_what_resembles_nothing_travels_as_it_is(shop: Releases) -> None:
    old = index(shop, 1, {"a.jpg": random.Random(1).randbytes(50_000)})
    new = index(shop, 2, {"a.jpg": random.Random(2).randbytes(50_000)})
    _, tags = unpacked(shop, old, new)
    assert tags == [RAW]


def test_from_nothing_a_pack_has_every_chunk_once(shop: Releases) -> None:
    new = index(shop, 1, {"a.txt": b"same", "b.txt": b"same", "c.txt": b"other"})
    got, tags = unpacked(shop, None, new)
    assert set(got) == {name for name, _ in names(new)}
    assert len(tags) == 2


def test_when_nothing_is_new_there_is_no_pack(shop: Releases) -> None:
    old = index(shop, 1, {"a.txt": b"a", "b.txt": b"b"})
    assert packs.write_pack(shop, old, index(shop, 2, {"c.txt": b"a"})) is None


def test_from_nothing_a_large_bundle_has_no_pack(
    shop: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "MOST_FROM_NOTHING", 3)
    assert packs.write_pack(shop, None, index(shop, 1, {"a.txt": b"abcd"})) is None
