"""The files Mosquitto reads are put there whole, watched, and remembered."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker_config.in_force import Floor, InForce, files
from broker_config.papers import Papers, read
from broker_config.wanted import BadLists, Lists
from tests.support.pki import Pki

NOW = datetime.now(UTC)
LISTS = Lists(stamp=3, number=7, crl=b"crl", access=b"access", drop=(), since=NOW, until=NOW)


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return read(Pki(tmp_path / "authority").issued, NOW)


@pytest.fixture
def in_force(tmp_path: Path) -> InForce:
    return InForce(tmp_path / "in-force")


def test_every_file_of_the_configuration_is_put(
    in_force: InForce, papers: Papers, tmp_path: Path
) -> None:
    in_force.put(papers, LISTS)
    told = files(tmp_path / "in-force", "127.0.0.1", 1, 10)
    for path in (told.device_ca, told.server_ca, told.cert, told.key, told.crl, told.access):
        assert path.stat().st_mode & 0o777 == 0o600
    assert told.crl.read_bytes() == b"crl"


def test_what_is_there_already_is_left_alone(
    in_force: InForce, papers: Papers, tmp_path: Path
) -> None:
    in_force.put(papers, LISTS)
    before = (tmp_path / "in-force" / "broker.key").stat().st_ino
    in_force.put(papers, LISTS)
    assert (tmp_path / "in-force" / "broker.key").stat().st_ino == before


@pytest.mark.parametrize("name", ["access", "crl.pem", "broker.crt", "device-ca.pem"])
def test_what_others_change_is_noticed(
    in_force: InForce, papers: Papers, tmp_path: Path, name: str
) -> None:
    in_force.put(papers, LISTS)
    assert not in_force.changed_by_others()
    (tmp_path / "in-force" / name).write_bytes(b"x")
    assert in_force.changed_by_others()
    in_force.put(papers, LISTS)
    assert not in_force.changed_by_others()
    (tmp_path / "in-force" / name).unlink()
    assert in_force.changed_by_others()


def test_the_floor_is_remembered(in_force: InForce, papers: Papers, tmp_path: Path) -> None:
    assert in_force.floor() == Floor()
    in_force.put(papers, LISTS)
    in_force.remember(LISTS)
    assert InForce(tmp_path / "in-force").floor() == Floor(3, 7)


def test_a_floor_that_cannot_be_read_is_not_taken_for_none(
    in_force: InForce, tmp_path: Path
) -> None:
    (tmp_path / "in-force").mkdir()
    (tmp_path / "in-force" / "in-force.json").write_text("{")
    with pytest.raises(BadLists, match="administrator"):
        in_force.floor()
