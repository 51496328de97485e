"""A wipe: never of another kiosk, in its order, cut anywhere and done again."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.actions import wipe
from agent.config import parse
from agent.wiping import MARKER, marked
from tests.agent.actions.conftest import Bench
from tests.agent.actions.offices import OfficeDoor

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "bdg-andir-01"


@pytest.fixture
def kiosk(bench: Bench, office: OfficeDoor) -> Path:
    """A kiosk with an identity, a memory and things of citizens."""
    assert office.url
    for path in ("state/agent.db", "state/agent.db-wal", "state/maintenance.json",
                 "state/drafts/a", "portal/b", "portal/sub/c", "elsewhere/kept"):  # fmt: skip
        (bench.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (bench.folder / path).write_text("x")
    (bench.folder / "portal/link").symlink_to(bench.folder / "elsewhere")
    bench.settings["actions"]["wipe"] = {"folders": [str(bench.folder / "portal")]}
    return bench.folder


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_citizens_data_go_and_what_speaks_stays_until_it_was_heard(
    bench: Bench, kiosk: Path
) -> None:
    ended = bench.run("wipe", kiosk=NAME)
    assert (ended.state, ended.facts["left"]) == ("succeeded", 0), ended
    assert left(kiosk / "portal") == set()
    assert left(bench.state) == {"identity", "agent.db", "agent.db-wal", MARKER}
    assert (kiosk / "elsewhere/kept").exists()
    assert wipe.finish(parse(bench.settings))
    assert left(bench.state) == set()


@pytest.mark.parametrize("other", ["bdg-andir-02", "bdg-andir-0", "", "BDG-ANDIR-01"])
def test_another_kiosk_is_never_wiped(bench: Bench, kiosk: Path, other: str) -> None:
    assert bench.run("wipe", kiosk=other).code == "other_kiosk"
    assert left(kiosk / "portal") == {"b", "sub", "link"}
    assert marked(bench.state) is None


def test_a_configuration_that_calls_it_otherwise_than_the_office_does_wipes_nothing(
    bench: Bench, kiosk: Path
) -> None:
    bench.settings["kiosk"] = "bdg-andir-02"
    assert bench.run("wipe", kiosk="bdg-andir-02").code == "other_kiosk"
    assert (kiosk / "portal/b").exists()


def test_it_can_be_done_again_after_any_part_of_it(bench: Bench, kiosk: Path) -> None:
    bench.settings["actions"]["wipe"]["run"] = ["false"]
    assert bench.run("wipe", kiosk=NAME).code == "refused"
    marker = marked(bench.state)
    assert marker is not None
    assert not marker.data_gone
    assert not wipe.finish(parse(bench.settings))  # the citizens' data are still there
    assert (bench.state / "identity").exists()
    bench.settings["actions"]["wipe"]["run"] = ["true"]
    for _ in range(2):
        assert bench.run("wipe", kiosk=NAME, mode="recover").state == "succeeded"
    assert left(kiosk / "portal") == set()


def test_the_end_of_it_can_be_cut_and_done_again(bench: Bench, kiosk: Path) -> None:
    assert kiosk
    bench.run("wipe", kiosk=NAME)
    (bench.state / "agent.db").unlink()
    for path in (bench.state / "identity").iterdir():
        if path.is_symlink():
            path.unlink()
    assert wipe.finish(parse(bench.settings))
    assert left(bench.state) == set()
    assert not wipe.finish(parse(bench.settings))


def test_without_a_marker_or_with_a_broken_one_no_identity_goes(bench: Bench, kiosk: Path) -> None:
    assert kiosk
    config = parse(bench.settings)
    assert not wipe.finish(config)
    (bench.state / MARKER).write_bytes(b"\x00")
    assert marked(bench.state) is not None
    assert not wipe.finish(config)
    assert (bench.state / "identity").exists()


@pytest.mark.parametrize("folder", ["/", "/var", "relative/x", "{state}", "{state}/.."])
def test_a_slip_in_the_settings_empties_no_system(bench: Bench, kiosk: Path, folder: str) -> None:
    assert kiosk
    named = folder.replace("{state}", str(bench.state))
    bench.settings["actions"]["wipe"] = {"folders": [named]}
    assert bench.run("wipe", kiosk=NAME).code == "settings"
    assert marked(bench.state) is None


def test_what_cannot_be_removed_is_no_success(
    bench: Bench, kiosk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[Path], None] = Path.unlink

    def stubborn(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002
        if path.name == "b":
            raise PermissionError(1, "no")
        if not missing_ok or path.exists():
            real(path)

    monkeypatch.setattr(Path, "unlink", stubborn)
    ended = bench.run("wipe", kiosk=NAME)
    assert (ended.code, ended.facts["left"]) == ("not_empty", 1)
    assert (kiosk / "portal/b").exists()
