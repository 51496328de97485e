"""Old chunks that a new one may resemble: near it, few, and all of them really old."""

from hypothesis import given, settings
from hypothesis import strategies as st

from controller.releases import bases as bases_
from controller.releases.bases import news
from wire.content import File, Index
from wire.pack import MOST_BASES


def index(*files: tuple[str, str]) -> Index:
    """Each file's chunks are letters."""
    made = [
        File(path=path, size=len(names), sha256="0" * 64, chunks=tuple((n, 1) for n in names))
        for path, names in files
    ]
    return Index(bundle="video", seq=1, files=tuple(made))


def found(old: Index | None, new: Index) -> dict[str, str]:
    return {one.chunk[0]: "".join(one.bases) for one in news(old, new)}


def test_what_stands_between_two_that_stayed_resembles_what_stood_there() -> None:
    assert found(index(("f", "abcdef")), index(("f", "abXYef"))) == {"X": "cd", "Y": "cd"}


def test_what_was_put_between_two_neighbours_may_resemble_them() -> None:
    assert found(index(("f", "ab")), index(("f", "aXb"))) == {"X": "ab"}


def test_a_moved_file_is_known_by_its_name_and_a_new_one_resembles_nothing() -> None:
    old = index(("a/page.html", "a"))
    assert found(old, index(("b/page.html", "X"), ("c.html", "Y"))) == {"X": "a", "Y": ""}


def test_each_new_chunk_is_brought_once() -> None:
    assert found(None, index(("a", "xyx"), ("b", "yz"))) == {"x": "", "y": "", "z": ""}


letters = st.lists(st.sampled_from("abcdef"), max_size=12).map(
    lambda found: tuple((letter, 1) for letter in dict.fromkeys(found))
)


@given(old=letters, new=st.lists(st.sampled_from("abcdefuvwxyz"), max_size=30))
@settings(max_examples=150, deadline=None)
def test_whatever_was_changed_bases_are_old_chunks_and_few(
    old: tuple[tuple[str, int], ...], new: list[str]
) -> None:
    chunks = tuple((letter, 1) for letter in new)
    found = list(bases_._bases(old, chunks))
    assert len(found) == len(chunks)
    for bases in found:
        assert len(bases) <= MOST_BASES
        assert set(bases) <= {name for name, _ in old}
        assert len(set(bases)) == len(bases)
