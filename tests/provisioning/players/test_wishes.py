"""Wishes are files: put, taken once, and nonsense is thrown away."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from provisioning.players.wishes import REBOOT, Wish, Wishes
from wire.topics import is_kiosk_name

NAMES = some.from_regex(r"[a-z0-9]([a-z0-9-]{1,30})[a-z0-9]", fullmatch=True).filter(is_kiosk_name)


@given(some.sets(some.builds(Wish, NAMES, some.sampled_from(["hot", REBOOT]), some.booleans())))
def test_what_was_put_is_taken_once(tmp_path_factory: object, wished: set[Wish]) -> None:
    wishes = Wishes(Path(tmp_path_factory.mktemp("w")))  # type: ignore[attr-defined]
    for wish in wished:
        wishes.put(wish)
    assert set(wishes.take()) == wished
    assert wishes.take() == []


def test_a_touched_file_is_a_wish(tmp_path: Path) -> None:
    wishes = Wishes(tmp_path / "made")
    (tmp_path / "made" / "bdg-andir-1.hung_page").touch()
    assert wishes.take() == [Wish("bdg-andir-1", "hung_page")]


def test_nonsense_is_thrown_away(tmp_path: Path) -> None:
    for name in ("nothing", "a.b.c", "a.b.c.d"):
        (tmp_path / name).touch()
    assert Wishes(tmp_path).take() == []
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_removed_is_no_wish_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "bdg-andir-1.reboot").mkdir()
    (tmp_path / "bdg-andir-1.hot").touch()
    for expected in ([Wish("bdg-andir-1", "hot")], []):
        assert Wishes(tmp_path).take() == expected
