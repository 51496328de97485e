"""Keys of the registrar: made once, known before they are used, gone when nothing needs them."""

from pathlib import Path

import pytest

from controller.registrar.keys import PUBLIC, SEAL, load
from provisioning import registrar_keys
from provisioning.authority.files import Unsafe
from provisioning.registrar_keys import begin, destroy, main, rotate
from tests.support.registrar import DAY, NOW, Registry
from wire.submission import read_keys


def test_the_first_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made = begin(folder, NOW)
    assert begin(folder, NOW + DAY) == made == read_keys((folder / PUBLIC).read_bytes())
    assert (len(made.seal), len(made.ack)) == (1, 1)
    assert made.seal[0].since < NOW < made.seal[0].until
    secrets = [path for path in folder.rglob("*") if path.is_file() and path.name != PUBLIC]
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    with pytest.raises(Unsafe):
        begin(folder, NOW)


def test_a_start_that_was_cut_begins_again(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    begin(folder, NOW)
    (folder / PUBLIC).unlink()  # the last that is written
    made = begin(folder, NOW)
    ring = load(folder)
    assert made.seal[0].id in ring.seals
    assert len(ring.seals) == 2  # the one nobody was told of does no harm


def test_a_new_key_is_told_ahead_and_the_old_one_still_opens(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    old = begin(folder, NOW)
    new = rotate(folder, NOW)
    assert new.seal[0] == old.seal[0]
    assert new.seal[1].since == NOW + registrar_keys.AHEAD_DAYS * DAY
    assert set(load(folder).seals) == {one.id for one in new.seal}


def test_a_destroyed_key_is_gone_and_the_last_is_never_destroyed(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    old = begin(folder, NOW).seal[0].id
    new = rotate(folder, NOW).seal[1].id
    assert [one.id for one in destroy(folder, (old,)).seal] == [new]
    assert [path.stem for path in (folder / SEAL).iterdir()] == [new]
    with pytest.raises(ValueError, match="the last key"):
        destroy(folder, (new,))
    assert new in load(folder).seals


def test_the_words_of_the_command_line(
    registry: Registry,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    keys = ["--keys", str(registry.folder / "keys")]
    database = ["--database", registry.url]
    registry.accepted(registry.portal().record())
    assert main(["make", "--keys", str(tmp_path / "more")]) == 0
    assert main(["rotate", *keys, "--ahead-days", "3"]) == 0
    assert main(["show", *keys, *database]) == 0
    said = capsys.readouterr().out
    assert f"seal {registry.keys.seal[0].id}" in said
    assert "1 things sealed to it" in said
    assert "PRIVATE" not in said
    assert main(["destroy", *keys, *database]) == 0
    assert "no key is over" in capsys.readouterr().out
    assert main(["destroy", *keys]) == 2
    monkeypatch.setattr("provisioning.registrar_keys.over", lambda *_: (registry.keys.seal[0].id,))
    for answer, code in (("no", 1), ("yes", 0)):
        monkeypatch.setattr("sys.stdin", (tmp_path / answer).open("w+"))
        with (tmp_path / answer).open("w") as typed:
            typed.write(f"{answer}\n")
        assert main(["destroy", *keys, *database]) == code
    registry.load()
    assert registry.keys.seal[0].id not in registry.ring.seals
    assert main(["show", "--keys", str(tmp_path / "nowhere")]) == 2


def test_a_private_half_that_is_missing_is_shouted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path / "keys", NOW)
    (key,) = (tmp_path / "keys" / SEAL).iterdir()
    key.unlink()
    assert main(["show", "--keys", str(tmp_path / "keys")]) == 0
    assert "PRIVATE HALF IS MISSING" in capsys.readouterr().out
