"""The figures themselves: what the table says must be what the file keeps."""

import json
from pathlib import Path

from tests.bench.figures import Figure, keep, line


def test_a_figure_within_its_goal_is_ok() -> None:
    assert Figure("agent.rss", 29.0, "MiB", 9.0, "<= 30").ok is True
    assert Figure("ingest.rate", 4000.0, "1/s", 9000.0, ">= 5000").ok is False


def test_a_figure_without_goal_has_no_verdict() -> None:
    assert Figure("agent.rss", 29.0, "MiB").ok is None


def test_the_ratio_is_against_the_yardstick_of_the_same_run() -> None:
    assert Figure("agent.rss", 30.0, "MiB", 10.0).ratio == 3.0
    assert "3.00x" in line(Figure("agent.rss", 30.0, "MiB", 10.0))


def test_a_second_bench_keeps_the_figures_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    keep([Figure("agent.rss", 29.0, "MiB")], path)
    keep([Figure("ingest.rate", 6000.0, "1/s")], path)
    keep([Figure("agent.rss", 28.0, "MiB")], path)
    assert {e["name"]: e["value"] for e in json.loads(path.read_text())} == {
        "agent.rss": 28.0,
        "ingest.rate": 6000.0,
    }


def test_a_spoilt_file_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    path.write_text("[{")
    keep([Figure("agent.rss", 29.0, "MiB")], path)
    assert len(json.loads(path.read_text())) == 1
