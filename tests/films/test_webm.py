"""A film that we write can be read back: every frame at its moment, every index at its cluster."""

from hypothesis import given
from hypothesis import strategies as some

from tests.films.webm import CLUSTER, CUES, Frame, write

PLACE = bytes.fromhex("f1") + (8 | 1 << 56).to_bytes(8, "big")


@given(
    some.lists(
        some.tuples(some.booleans(), some.binary(min_size=1, max_size=20)), min_size=1, max_size=60
    )
)
def test_every_index_leads_to_a_cluster(told: list[tuple[bool, bytes]]) -> None:
    frames = [Frame(at * 66, key or at == 0, data) for at, (key, data) in enumerate(told)]
    film = write(frames, 96, 54, len(frames) * 66, "V_VP9")
    start = film.index(bytes.fromhex("18538067")) + 12
    after, places = film.index(bytes.fromhex(CUES)), []
    while (after := film.find(PLACE, after)) >= 0:
        places.append(int.from_bytes(film[after + 9 : after + 17], "big"))
        after += 1
    keys = sum(frame.key for frame in frames)
    assert len(places) >= keys
    assert all(film[start + at : start + at + 4] == bytes.fromhex(CLUSTER) for at in places[:keys])
    assert all(frame.data in film for frame in frames)
