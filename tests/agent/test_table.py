"""The table of probes: what it makes, what it imports, what it says of a mistake."""

import subprocess
import sys
from typing import Any

import pytest

from agent.config import ON_BY_DEFAULT, BadConfig
from agent.table import PROBES, make

NEEDED: dict[str, dict[str, Any]] = {
    "browser": {"port": 9222, "expected": "http://127.0.0.1:8080/"},
    "portal": {"port": 8080},
    "printer": {"uri": "ipp://127.0.0.1:631/ipp/print"},
    "queue": {"uri": "ipp://127.0.0.1:631/printers/a"},
    "receipt": {"address": "127.0.0.1:9100"},
    "power": {"ups": "eaton"},
    "screen": {"display": ":0", "wayland": "", "width": 1080, "height": 1920},
}


@pytest.mark.parametrize("name", PROBES)
def test_every_probe_can_be_made_and_bears_its_name_in_the_table(name: str) -> None:
    (probe,) = make({name: NEEDED.get(name, {})})
    assert probe.name == name
    assert probe.period_s > 0
    assert probe.confirm >= 1


def test_the_probes_that_are_on_by_default_need_no_options() -> None:
    assert len(make({name: {} for name in ON_BY_DEFAULT})) == len(ON_BY_DEFAULT)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"toaster": {}}, "there is no such probe; known are system"),
        ({"printer": {}}, r"\[probes\.printer\]"),
        ({"printer": {"uri": "no address"}}, r"\[probes\.printer\]"),
        ({"disk": {"fulll": 3}}, r"\[probes\.disk\].*fulll"),
    ],
)
def test_a_mistake_is_said_with_the_name_of_the_probe(options: Any, named: str) -> None:
    with pytest.raises(BadConfig, match=named):
        make(options)


def test_a_probe_that_is_not_configured_is_not_imported() -> None:
    code = (
        "import sys; from agent.table import make; make({'temperature': {}});"
        "print([m for m in sys.modules if m.startswith('agent.probes.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "agent.probes.temperature" in done.stdout
    assert "printer" not in done.stdout
    assert "screen" not in done.stdout
