"""The registrar's folder is read only where nobody else could have read it, and only whole."""

from pathlib import Path

import pytest

from controller.registrar.keys import ACK, PUBLIC, SEAL, TAIL, BadKeys, CannotUnseal, load, secret
from provisioning import registrar_keys
from tests.support.registrar import DAY, NOW, Registry


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    registrar_keys.begin(made, NOW)
    return made


def test_what_was_sealed_opens_with_its_own_key_and_its_own_info_only(registry: Registry) -> None:
    sealed, key = registry.ring.seal(b"rahasia", b"one", NOW)
    assert registry.ring.unseal(key, sealed, b"one") == b"rahasia"
    for name, info in (("0" * 16, b"one"), (key, b"another")):
        with pytest.raises(CannotUnseal):
            registry.ring.unseal(name, sealed, info)


def test_sealing_uses_the_newest_key_whose_time_has_come(tmp_path: Path) -> None:
    made = folder(tmp_path)
    keys = registrar_keys.rotate(made, NOW, ahead_days=14)
    first, second = (one.id for one in keys.seal)
    ring = load(made)
    assert ring.seal(b"", b"", NOW)[1] == first
    assert ring.seal(b"", b"", NOW + 14 * DAY)[1] == second
    assert ring.seal(b"", b"", 0)[1] in {first, second}


def test_last_four_digits_are_known_by_this_folder_alone(tmp_path: Path) -> None:
    one, other = load(folder(tmp_path)), load(folder(tmp_path / "other"))
    kept = one.tail_of("bdg-1", "261122-0001", "a", "4321")
    assert kept == one.tail_of("bdg-1", "261122-0001", "a", "4321")
    others = {
        other.tail_of("bdg-1", "261122-0001", "a", "4321"),
        one.tail_of("bdg-2", "261122-0001", "a", "4321"),
        one.tail_of("bdg-1", "261122-0002", "a", "4321"),
        one.tail_of("bdg-1", "261122-0001", "a", "4322"),
        one.tail_of("bdg-1", "261122-0001", "b", "4321"),
    }
    assert len(others | {kept}) == 6
    assert "4321" not in kept


@pytest.mark.parametrize("name", [TAIL, SEAL, ACK])
def test_keys_that_others_may_read_or_that_are_broken_are_refused(
    tmp_path: Path, name: str
) -> None:
    made = folder(tmp_path)
    (path,) = (made / name).glob("*.pem") if name != TAIL else [made / name]
    path.chmod(0o640)
    with pytest.raises(BadKeys, match="open to others"):
        load(made)
    path.chmod(0o600)
    path.write_bytes(b"broken")
    with pytest.raises(BadKeys, match="broken"):
        load(made)


def test_keys_of_another_name_or_kind_are_refused(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (seal,), (ack,) = ((made / name).glob("*.pem") for name in (SEAL, ACK))
    moved = seal.rename(seal.with_name(f"{'0' * 16}.pem"))
    with pytest.raises(BadKeys, match="renamed"):
        load(made)
    moved.rename(seal)
    kept = ack.read_bytes()
    ack.write_bytes(seal.read_bytes())
    with pytest.raises(BadKeys, match="something else"):
        load(made)
    ack.write_bytes(kept)
    seal.write_bytes(kept)
    with pytest.raises(BadKeys, match="something else"):
        load(made)


def test_a_public_file_that_names_nothing_is_refused(tmp_path: Path) -> None:
    made = folder(tmp_path)
    for text, why in ((b"{", "broken"), (b'{"seal":[],"ack":[]}', "names no key")):
        (made / PUBLIC).write_bytes(text)
        with pytest.raises(BadKeys, match=why):
            load(made)
    with pytest.raises(BadKeys):
        secret(made)  # a folder
    with pytest.raises(OSError, match="No such file"):
        load(made / "nowhere")
