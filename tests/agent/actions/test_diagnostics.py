"""What is told of a kiosk, and what is not."""

from agent.actions import diagnostics
from tests.agent.actions.conftest import Bench


def test_every_part_is_there_and_no_part_stops_another(bench: Bench) -> None:
    bench.settings["probes"] |= {"printer": {"uri": "nonsense"}}
    text = "\n".join(diagnostics.lines(bench.context("collect_logs")))
    for word in ("versions", "disk and memory", "network", "probes", "units", "settings"):
        assert f"== {word}" in text
    assert "printer: unknown" in text
    assert "MemAvailable" in text


def test_nothing_that_opens_anything_is_told() -> None:
    told = diagnostics.redacted({
        "broker": {"host": "h", "key": "/k", "password": "p", "url": "https://u:p@h/x"},
        "list": ["rtsp://u:p@h", 3], "api_token": ["t"], "port": 5,
    })  # fmt: skip
    assert told == {
        "broker": {
            "host": "h", "key": "[left out]", "password": "[left out]",
            "url": "https://[left out]@h/x",
        },
        "list": ["rtsp://[left out]@h", 3], "api_token": "[left out]", "port": 5,
    }  # fmt: skip
