"""Metrics as Prometheus itself reads them."""

import shutil
import subprocess
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from sqlalchemy import Engine, insert

from controller.api.app import create_api
from controller.api.metrics import controllers_metrics, labels_of
from controller.metrics import Counters
from controller.office import Controller
from controller.store.engine import writing
from controller.store.identity_tables import warden
from controller.warden_state import Spoken
from tests.support.console import show_token
from tests.support.fleet import NOW, live_controller

DAY_MS = 86_400_000
COUNTERS = {
    **Counters().snapshot(),
    "ingest_messages_total": {"kind=birth": 3, "kind=reading": 1000},
    "ingest_refused_total": {"reason=topic": 1, "": 2},
    "anjungan_buffer": {"": 17},
    "plain_total": 4,
}


@pytest.fixture
def counting(office_engine: Engine) -> TestClient:
    with writing(office_engine) as conn:
        live_controller(conn, NOW, counters=COUNTERS)
        live_controller(conn, NOW, "controller-2", counters=COUNTERS)
    asking = TestClient(create_api(office_engine, lambda: NOW))
    show_token(asking, office_engine, NOW, ("operator", ""))
    return asking


def test_the_real_prometheus_finds_nothing_to_complain_of(counting: TestClient) -> None:
    promtool = shutil.which("promtool")
    assert promtool is not None, "install the package prometheus"
    text = counting.get("/metrics").text
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=text, text=True, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_controller_is_told_apart(counting: TestClient) -> None:
    samples = _samples(counting)
    one = ("anjungan_ingest_messages_total", "controller-1", "reading")
    two = ("anjungan_ingest_messages_total", "controller-2", "reading")
    found = {
        (name, labels.get("controller"), labels.get("kind")): value
        for name, labels, value in samples
    }
    assert found[one] == found[two] == 1000
    assert found["anjungan_buffer", "controller-1", None] == 17
    assert found["anjungan_plain_total", "controller-2", None] == 4


def test_the_fleet_is_there_by_state(api: TestClient) -> None:
    states = {
        labels["state"]: value for name, labels, value in _samples(api) if name == "anjungan_kiosks"
    }
    assert sum(states.values()) == 61
    assert states["ok"] > 30


def test_deafness_is_a_metric(fleet_61: Engine) -> None:
    later = TestClient(create_api(fleet_61, lambda: NOW + 60_000))
    show_token(later, fleet_61, NOW)
    deaf = {
        labels["condition"]: value
        for name, labels, value in _samples(later)
        if name == "anjungan_office_deaf"
    }
    assert deaf["no_controller"] == 1
    assert sum(deaf.values()) == 1


def test_a_list_of_ended_ones_that_grows_old_is_a_metric(office_engine: Engine) -> None:
    row = dict.fromkeys(Spoken._fields, 0) | {"id": 1, "lists_why": "", "lists_ok": 1}
    row |= {"heard_at": NOW, "checkpoint_at": NOW, "lists_proven_at": NOW}
    row |= {"crl_signed_at": NOW - 5 * DAY_MS, "crl_next_update": NOW + 2 * DAY_MS}
    asking = TestClient(create_api(office_engine, lambda: NOW))
    show_token(asking, office_engine, NOW, ("operator", ""))
    assert _told(asking, "anjungan_revocation") == {"silent": 1}
    with writing(office_engine) as conn:
        conn.execute(insert(warden).values(row))
    assert _told(asking, "anjungan_revocation") == {"old": 1}
    ends = _told(asking, "anjungan_revocation_list_ends_timestamp_seconds")
    assert ends == {"": (NOW + 2 * DAY_MS) / 1000}


def _told(asking: TestClient, wanted: str) -> dict[str, float]:
    """By condition, without zeros."""
    found = [(labels, value) for name, labels, value in _samples(asking) if name == wanted]
    return {labels.get("condition", ""): value for labels, value in found if value}


@pytest.mark.parametrize(
    "bad",
    [
        {"bad name": {"": 1}},
        {"a_total": {"kind": 1}},
        {"a_total": {"Kind=x": 1}},
        {"a_total": {"": "many"}},
        {"a_total": {"": None}},
        {"a_total": {"": True}},
        {"a_total": {"controller=evil": 1}},
        {'a"} 1\nevil': {"": 1}},
    ],
)
def test_a_counter_nobody_can_read_is_left_out_and_counted(bad: dict[str, Any]) -> None:
    told = {metric.name: metric for metric in controllers_metrics([_controller(COUNTERS | bad)])}
    assert told["anjungan_counters_refused"].samples[0].value == 1
    assert told["anjungan_buffer"].samples[0].value == 17


def test_row_67_a_hostile_label_is_escaped() -> None:
    evil = {"refused_total": {'reason=x"} 1\nevil_total 5': 1}}
    registry = CollectorRegistry()
    registry.register(_Told(list(controllers_metrics([_controller(evil)]))))
    text = generate_latest(registry).decode()
    assert not any(line.startswith("evil") for line in text.splitlines())


def test_labels_are_read_from_text() -> None:
    assert labels_of("") == {}
    assert labels_of("kind=birth,reason=a=b") == {"kind": "birth", "reason": "a=b"}
    assert labels_of("kind") is None


def _samples(client: TestClient) -> list[tuple[str, dict[str, str], float]]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return [(s.name, s.labels, s.value) for family in families for s in family.samples]


class _Told(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        return self._metrics


def _controller(counters: dict[str, Any]) -> Controller:
    return Controller("one", 0, 0, "up", "", 0, "", counters, alive=True, partitions=())
