"""The tray as the child sees it; a record is always in one of two places, or was acknowledged."""

import hashlib
import os
from functools import partial
from pathlib import Path

import pytest

from agent.submissions.basket import Basket, text_of
from tests.agent.identity.cuts import killed_at
from wire.local import OUT, REFUSED, name_of
from wire.submission import MOST_RECORD

MADE = 1_795_330_800_000


def lay(tray: Path, age: int, text: bytes = b"record") -> Path:
    for folder in (OUT, REFUSED):
        (tray / folder).mkdir(parents=True, exist_ok=True)
    path = tray / OUT / name_of(MADE - age, f"{age:032x}")
    path.write_bytes(text)
    return path


def test_records_come_oldest_first_and_nothing_else_does(tmp_path: Path) -> None:
    for age in (1, 3, 2):
        lay(tmp_path, age)
    (tmp_path / OUT / ".1-x.rec.new").touch()
    (tmp_path / OUT / name_of(MADE, "f" * 32)).symlink_to("/etc/passwd")
    (tmp_path / OUT / name_of(MADE, "e" * 32)).mkdir()
    found = Basket(tmp_path).waiting()
    assert [(one.made_at, one.id) for one in found] == [
        (MADE - age, f"{age:032x}") for age in (3, 2, 1)
    ]
    assert Basket(tmp_path).hash_of(found[0]) == hashlib.sha256(b"record").hexdigest()


def test_of_a_record_that_is_too_long_no_more_is_read_than_shows_it(tmp_path: Path) -> None:
    lay(tmp_path, 1, bytes(MOST_RECORD + 9))
    (one,) = Basket(tmp_path).waiting()
    assert len(Basket(tmp_path).read(one)) == MOST_RECORD + 1


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(tmp_path: Path) -> None:
    lay(tmp_path, 1)
    (one,) = Basket(tmp_path).waiting()
    for _ in range(2):
        Basket(tmp_path).forget(one)
    assert Basket(tmp_path).waiting() == []


def test_killed_at_any_call_what_is_refused_is_here_or_there(tmp_path: Path) -> None:
    for call in range(1, 20):
        tray = tmp_path / str(call)
        lay(tray, 1)
        basket = Basket(tray)
        (one,) = basket.waiting()
        killed = killed_at(call, partial(basket.refuse, one))
        assert len(basket.waiting()) + basket.put_aside() == 1
        if not killed:
            assert basket.put_aside() == 1
            return
    raise AssertionError("no end")


def test_a_tray_that_was_never_made_is_empty(tmp_path: Path) -> None:
    assert Basket(tmp_path / "none").waiting() == []
    assert Basket(tmp_path / "none").put_aside() == 0


def test_no_link_leads_the_child_elsewhere_and_nothing_endless_holds_it_up(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of the agent alone")
    (tmp_path / "link").symlink_to("secret")
    with pytest.raises(OSError, match="symbolic links"):
        text_of(tmp_path / "link", 100)
    os.mkfifo(tmp_path / "pipe")
    assert text_of(tmp_path / "pipe", 100) == b""
    assert text_of(tmp_path / "secret", 6) == b"of the"
