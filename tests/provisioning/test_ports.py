"""Ports are chosen once and kept."""

import json
import socket
from itertools import count
from pathlib import Path

import pytest

from provisioning.ports import Ports, keep


def test_a_port_is_the_same_at_the_next_start(tmp_path: Path) -> None:
    first = Ports(tmp_path)
    chosen = {name: first.get(name) for name in ("door", "broker", "office")}
    keep(tmp_path, chosen)
    assert len(set(chosen.values())) == 3
    second = Ports(tmp_path)
    assert {name: second.get(name) for name in chosen} == chosen


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "ports.json").write_text(json.dumps({"door": port}))
        assert Ports(tmp_path).get("door") != port


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    offered = count(1)
    ports = Ports(tmp_path, free=lambda: next(offered) // 2 + 1000, taken=lambda _: False)
    assert len({ports.get(f"room-{n}") for n in range(20)}) == 20


@pytest.mark.parametrize("text", ["", "[]", '{"door": "x"}', '{"door": 0}', "{", '{"door": true}'])
def test_a_broken_file_is_forgotten(tmp_path: Path, text: str) -> None:
    (tmp_path / "ports.json").write_text(text)
    assert Ports(tmp_path, free=lambda: 4711, taken=lambda _: False).get("door") == 4711
