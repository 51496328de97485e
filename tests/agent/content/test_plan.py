"""The fewest bytes, whichever way they come."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent.content.plan import choose, chunks_of, unfit
from wire.content import About, File, Index, PackAbout

ONE = "a" * 64
TWO = "b" * 64


def about(*packs: PackAbout, unpacked: int = 1000, min_agent: str = "") -> About:
    return About(
        bundle="layanan",
        seq=5,
        unpacked=unpacked,
        files=1,
        chunks=2,
        index_size=2,
        built_at=0,
        packs=packs,
        min_agent=min_agent,
    )


def pack(since: int, size: int) -> PackAbout:
    return PackAbout(since=since, size=size, sha256=f"{since:064x}")


def test_nothing_missing_costs_nothing() -> None:
    assert choose(about(pack(0, 10)), [], [4], {}).bytes == 0


def test_the_pack_from_a_release_that_stands_here_goes_before_the_one_from_nothing() -> None:
    plan = choose(about(pack(0, 900), pack(4, 50), pack(3, 20)), [(ONE, 1000)], [4], {})
    assert plan.pack == pack(4, 50)


def test_a_few_chunks_by_themselves_go_before_a_large_pack() -> None:
    plan = choose(about(pack(0, 90_000), unpacked=100_000), [(ONE, 500)], [], {})
    assert (plan.pack, plan.singles) == (None, ((ONE, 500),))


def test_a_pack_that_has_nearly_come_is_gone_on_with() -> None:
    packs = about(pack(0, 90_000), unpacked=100_000)
    plan = choose(packs, [(ONE, 2000)], [], {pack(0, 0).sha256: 89_000})
    assert plan.pack == pack(0, 90_000)


def test_without_packs_every_chunk_comes_alone() -> None:
    plan = choose(about(), [(ONE, 10), (TWO, 20)], [], {})
    assert (plan.pack, plan.requests) == (None, 2)


CHUNKS = st.lists(st.tuples(st.sampled_from((ONE, TWO)), st.integers(1, 2**18)), max_size=5)


@given(CHUNKS, st.lists(st.integers(0, 2**30), max_size=8), st.sets(st.integers(1, 8)))
def test_no_other_way_is_cheaper_and_no_pack_lacks_its_base(
    missing: list[tuple[str, int]], sizes: list[int], have: set[int]
) -> None:
    packs = [pack(since, size) for since, size in enumerate(sizes)]
    plan = choose(about(*packs), missing, have, {})
    assert plan.pack is None or plan.pack.since in {0, *have}
    usable = [one.size for one in packs if one.since in {0, *have}]
    assert not missing or plan.bytes <= min(usable, default=2**40) + 400


def test_a_chunk_that_two_files_share_is_wanted_once() -> None:
    files = tuple(
        File(path=path, size=3, sha256=ONE, chunks=((ONE, 3),)) for path in ("a.html", "b.html")
    )
    assert chunks_of(Index(bundle="layanan", seq=5, files=files)) == {ONE: 3}


def test_a_release_for_another_machine_is_said() -> None:
    here = {"agent": "0.1.0", "machine": "x86_64", "python": "3.11"}
    assert unfit(about(), **here) == ""
    assert "at least 9.9" in unfit(about(min_agent="9.9"), **here)
    other = msgspec.structs.replace(about(), machine="aarch64")
    assert "aarch64" in unfit(other, **here)
    assert "3.13" in unfit(msgspec.structs.replace(about(), python="3.13"), **here)
