"""Played kiosks at a real door: each with a key of its own, or without a line."""

import ssl
import threading
from pathlib import Path

import pytest

from agent.identity.slots import POLICY, Slots
from controller import policies
from controller.people.audit import By
from controller.store.engine import writing
from provisioning.players.joining import Joining, NoCode, broker, code_of, enrol_all
from tests.support.door import Door
from tests.support.signing import Ceremony
from wire.invitation import Invitation

NAMES = [f"bdg-sukasari-{number}" for number in range(1, 7)]
CODE = Invitation(bytes(24), bytes(14)).code


def joining(door: Door, folder: Path, names: list[str]) -> Joining:
    codes = folder / "codes"
    codes.mkdir()
    for name in names:
        line = f"anjungan join {door.url} {door.invite(name).code}\n"
        (codes / f"{name}.token").write_text(line)
    return Joining(door.url, door.ca_file, codes)


def test_every_kiosk_enrols_with_its_own_key_and_is_in_use_at_once(
    door: Door, tmp_path: Path
) -> None:
    threading.stack_size(256 * 1024)  # as the players have it
    try:
        homes = {name: tmp_path / name / "state" for name in NAMES}
        given = joining(door, tmp_path, NAMES)
        assert enrol_all(given, homes, pytest.fail) == []
    finally:
        threading.stack_size(0)
    assert [row.state for name in NAMES for row in door.certificates(name)] == ["current"] * 6
    keys = {Path(broker(given, 1, home).key).read_bytes() for home in homes.values()}
    assert len(keys) == len(NAMES)
    context = ssl.create_default_context(cafile=broker(given, 1, homes[NAMES[0]]).ca)
    assert context.get_ca_certs()


def test_who_has_an_identity_asks_for_none(door: Door, tmp_path: Path) -> None:
    homes = {NAMES[0]: tmp_path / "state"}
    given = joining(door, tmp_path, NAMES[:1])
    enrol_all(given, homes, pytest.fail)
    before = Slots(homes[NAMES[0]]).serial()
    enrol_all(given, homes, pytest.fail)
    assert Slots(homes[NAMES[0]]).serial() == before
    assert len(door.certificates(NAMES[0])) == 1


def test_who_joined_before_the_office_had_a_policy_gets_it_at_the_next_start(
    door: Door, tmp_path: Path
) -> None:
    homes = {NAMES[0]: tmp_path / "state"}
    given = joining(door, tmp_path, NAMES[:1])
    enrol_all(given, homes, pytest.fail)
    beside = Slots(homes[NAMES[0]]).link / POLICY
    assert not beside.exists()
    with writing(door.engine) as conn:
        policies.store(conn, Ceremony().signed_policy(), By("root"), 5)
    assert enrol_all(given, homes, pytest.fail) == []
    assert beside.exists()


def test_who_gets_none_is_told_and_the_others_get_theirs(door: Door, tmp_path: Path) -> None:
    told: list[str] = []
    given = joining(door, tmp_path, NAMES[:2])
    (given.codes / f"{NAMES[0]}.token").write_text(f"{CODE}\n")
    homes = {name: tmp_path / name for name in NAMES[:3]}
    assert enrol_all(given, homes, told.append) == [NAMES[0], NAMES[2]]
    assert any("of another office" in why for why in told)
    assert any("no code for bdg-sukasari-3" in why for why in told)


@pytest.mark.parametrize(
    "text", [f"{CODE}\n", f"# pagi\n\n{CODE.lower()}\n", f"anjungan join https://a:1 {CODE}\n"]
)
def test_a_code_is_the_last_word_of_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert code_of(tmp_path, "a").code == CODE


@pytest.mark.parametrize("text", ["", "# only a remark\n", f"{CODE[:-1]}\n"])
def test_a_file_without_a_code_is_named_and_never_repeated(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.token").write_text(text)
    with pytest.raises(NoCode, match=r"a\.token") as refused:
        code_of(tmp_path, "a")
    assert CODE[:-1] not in str(refused.value)


def test_without_papers_a_player_shows_none(tmp_path: Path) -> None:
    assert broker(None, 7, tmp_path).ca == ""
