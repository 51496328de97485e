"""The agent.toml of a player is one that the agent takes, and reaches nothing but the player."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from agent.config import Broker, Config, load
from agent.table import make
from provisioning.players.body import Body
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.settings import Kept, agent_toml
from wire.actions import KINDS

NAME = "bdg-andir-1"
BROKER = Broker(host="127.0.0.1", port=8883, ca="/x/ca.pem", cert="/x/c.pem", key="/x/k.pem")


@pytest.fixture
def body(device_loop: DeviceLoop, tmp_path: Path) -> Iterator[Body]:
    made = Body(device_loop, tmp_path / "root", ("127.0.0.1", 9), Random(7), name=NAME)
    yield made
    made.close()


@pytest.fixture
def config(body: Body, tmp_path: Path) -> Config:
    kept = Kept(tmp_path / "state", tmp_path / "wishes")
    file = tmp_path / "agent.toml"
    file.write_text(agent_toml(NAME, kept, BROKER, "https://127.0.0.1:8444", body))
    return load(file)


def test_the_agent_understands_it(config: Config) -> None:
    assert (config.kiosk, config.broker) == (NAME, BROKER)
    assert config.door is not None
    assert config.actions.keys() <= KINDS.keys()


def test_its_probes_see_the_played_devices_and_all_is_well(config: Config) -> None:
    seen = {probe.name: probe.observe() for probe in make(config.options())}
    assert {name for name, one in seen.items() if one.state != "ok"} == set()
    assert not {"system", "disk", "network"} & seen.keys()


def test_a_player_without_identity_has_no_door(body: Body, tmp_path: Path) -> None:
    kept = Kept(tmp_path / "state", tmp_path / "wishes")
    assert "[door]" not in agent_toml(NAME, kept, BROKER, "", body)


def test_its_releases_stand_with_the_player(config: Config, tmp_path: Path) -> None:
    assert config.content is not None
    assert Path(config.content.folder).is_relative_to(tmp_path)
    assert config.content.programs == ""  # the programs of a player are those of its machine


def test_a_reboot_is_a_wish_of_the_player(config: Config, tmp_path: Path) -> None:
    options = config.actions["reboot"]
    assert isinstance(options, dict)
    assert options["run"] == ["touch", str(tmp_path / "wishes" / f"{NAME}.reboot")]
