"""Where a passphrase may come from."""

from pathlib import Path

import pytest

from provisioning.authority.files import Unsafe
from provisioning.authority.passphrase import OF_KEYS, PassphraseRefused, passphrase


def kept(path: Path, content: bytes, mode: int = 0o600) -> dict[str, str]:
    path.write_bytes(content)
    path.chmod(mode)
    return {f"{OF_KEYS}_FILE": str(path)}


def test_without_one_there_is_none() -> None:
    assert passphrase({}) is None


def test_it_comes_from_the_environment() -> None:
    assert passphrase({OF_KEYS: "long enough to be good"}) == b"long enough to be good"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nsecond line\n"])
def test_it_is_the_first_line_of_a_file(tmp_path: Path, end: bytes) -> None:
    assert passphrase(kept(tmp_path / "p", b"long enough to be good" + end)) == (
        b"long enough to be good"
    )


def test_a_file_everybody_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsafe):
        passphrase(kept(tmp_path / "p", b"long enough to be good", 0o644))


def test_a_credential_of_systemd_is_taken(tmp_path: Path) -> None:
    assert passphrase(kept(tmp_path / "p", b"long enough to be good", 0o440)) is not None


@pytest.mark.parametrize("said", ["", "short"])
def test_a_short_one_is_refused_and_not_repeated(said: str) -> None:
    with pytest.raises(PassphraseRefused) as refused:
        passphrase({OF_KEYS: said})
    assert "short " not in str(refused.value)


def test_two_places_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PassphraseRefused, match="not both"):
        passphrase(
            {OF_KEYS: "long enough to be good", **kept(tmp_path / "p", b"another one, long")}
        )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PassphraseRefused, match="cannot be read"):
        passphrase({f"{OF_KEYS}_FILE": str(tmp_path / "nowhere")})
