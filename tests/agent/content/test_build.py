"""The parts of the child, as agent.toml says."""

from pathlib import Path

import pytest

from agent.config import BadConfig
from agent.content.build import Kiosk
from agent.content.new_agent import NewAgent
from agent.content.new_portal import NewPortal
from agent.content.shown import Shown
from agent.content.stop import Stop
from agent.content.wanted import Kept
from tests.support.installing import BUNDLE, Installer, page


def test_without_content_in_the_settings_there_is_nothing_to_build(bare: Installer) -> None:
    table = bare.table()
    del table["content"]
    from agent.config import parse  # noqa: PLC0415 - only here

    with pytest.raises(BadConfig, match="content"):
        Kiosk(parse(table), Kept(), bare.told(), Stop())


def test_each_kind_of_bundle_is_brought_into_use_in_its_own_way(bare: Installer) -> None:
    bare.settings["portal"] = 9
    kiosk = bare.kiosk()
    kinds = {"agent": NewAgent, "portal": NewPortal, BUNDLE: Shown, "peta": Shown}
    for bundle, kind in kinds.items():
        assert isinstance(kiosk.activation(bundle, kiosk.slots(bundle)), kind)
        root = "programs" if bundle in ("agent", "portal") else "folder"
        assert kiosk.slots(bundle).folder == bare.folder / root / bundle


def test_the_first_root_may_come_from_a_file_but_never_replaces_one(
    bare: Installer, tmp_path: Path
) -> None:
    root = bare.state / "root.json"
    (tmp_path / "first.json").write_bytes(root.read_bytes())
    root.unlink()
    bare.settings["roots"] = str(tmp_path / "first.json")
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    assert bare.install(1).now == 1
    (tmp_path / "first.json").write_text("{}")
    bare.releases.publish(BUNDLE, 2, page("Dua"))
    assert bare.install(2).now == 2


def test_ports_are_those_of_the_probes_unless_said_otherwise(bare: Installer) -> None:
    bare.probes = {"portal": {"port": 8080}, "browser": {"port": 9222, "expected": "http://x/"}}
    light = bare.kiosk()._light()
    assert light is not None
    assert light._place == (9222, "http://x/")
    bare.settings["browser"] = 9333
    light = bare.kiosk()._light()
    assert light is not None
    assert light._place.port == 9333
