"""Keys that change while the registrar runs: noticed at once, and never half a folder."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path

import pytest

from controller.registrar.held import Held
from controller.registrar.keys import PUBLIC, SEAL, BadKeys, CannotUnseal, KeyRing, load
from provisioning import ack_keys, registrar_keys
from tests.support.registrar import DAY, NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    registrar_keys.begin(tmp_path / "keys", NOW)
    return tmp_path / "keys"


def test_every_change_is_noticed_with_the_next_use_and_said_once(folder: Path) -> None:
    said: list[str] = []
    held = Held(folder, said.append)
    assert held() is held(), "nothing changed, nothing is read"
    changes = [
        partial(registrar_keys.rotate, folder, NOW, ahead_days=0),
        partial(registrar_keys.destroy, folder, (held().public.seal[0].id,)),
        partial(ack_keys.announce, folder),
        partial(ack_keys.sign, folder),
        partial(ack_keys.revoke, folder),
    ]
    for change in changes:
        told = change()
        ring = held()
        assert ring.public == told
        assert {*ring.seals} == {one.id for one in told.seal}
        assert held() is ring
    assert len(said) == 5


def test_a_key_that_was_destroyed_opens_nothing_any_more_and_the_others_do(folder: Path) -> None:
    held = Held(folder, print)
    old, _ = held().seal(b"lama", b"", NOW)
    first = held().public.seal[0].id
    new = registrar_keys.rotate(folder, NOW, ahead_days=0).seal[-1].id
    sealed, key = held().seal(b"baru", b"", NOW)
    in_hand = held()
    registrar_keys.destroy(folder, (first,))
    assert (key, held.unseal(key, sealed, b"")) == (new, b"baru")
    with pytest.raises(CannotUnseal):
        held.unseal(first, old, b"")
    assert in_hand.unseal(first, old, b"") == b"lama", "what was begun is finished as it began"


def test_a_folder_that_is_half_written_leaves_the_keys_that_were(folder: Path) -> None:
    said: list[str] = []
    held = Held(folder, said.append)
    before = held()
    (key,) = (folder / SEAL).iterdir()
    whole = key.read_bytes()
    half = folder / SEAL / "half.pem"
    half.write_bytes(whole[:20])
    half.chmod(0o600)
    assert held() is before
    assert held() is before
    assert "goes on with the keys it has" in said[0]
    assert len(said) == 1, "it is said once, not with every use"
    half.unlink()
    assert {*held().seals} == {*before.seals}
    (folder / PUBLIC).rename(folder / "away")
    assert held().public == before.public
    (folder / "away").rename(folder / PUBLIC)
    assert held().public == before.public


def test_those_who_use_it_meanwhile_always_get_whole_keys(folder: Path) -> None:
    held, wrong, ended = Held(folder, lambda _: None), list[str](), threading.Event()

    def use() -> None:
        while not ended.is_set():
            ring = held()
            sealed, key = ring.seal(b"rahasia", b"", NOW + DAY)
            if ring.unseal(key, sealed, b"") != b"rahasia" or ring.signs != ring.public.ack[0].id:
                wrong.append(key)

    users = [threading.Thread(target=use) for _ in range(2)]
    for one in users:
        one.start()
    for _ in range(5):
        old = registrar_keys.rotate(folder, NOW, ahead_days=0).seal[0].id
        ack_keys.revoke(folder)
        last = registrar_keys.destroy(folder, (old,))
    ended.set()
    for one in users:
        one.join()
    assert wrong == []
    assert held().public == last


def test_who_asks_while_new_keys_are_read_gets_these_and_not_those_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, reads, may = Held(folder, lambda _: None), threading.Event(), threading.Event()

    def slow(folder: Path) -> KeyRing:
        reads.set()
        assert may.wait(30)
        return load(folder)

    monkeypatch.setattr("controller.registrar.held.load", slow)
    registrar_keys.rotate(folder, NOW, ahead_days=0)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(held)
        assert reads.wait(30)
        other = pool.submit(held)
        assert wait([other], 0.05).not_done
        may.set()
        assert other.result(30) is one.result(30)
    assert len(held().seals) == 2


def test_a_folder_without_keys_holds_none(tmp_path: Path) -> None:
    with pytest.raises((BadKeys, OSError)):
        Held(tmp_path, print)
