"""GET /metrics: what Prometheus reads. Gauges of the fleet, and what each controller counts.

Controllers have no door of their own: they leave their counters in their row each second, and
here they are told with the controller's name. A counter that is no number, or whose name or
label Prometheus would not take, is left out and counted: one bad row never hides the rest.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from controller import fleet, office, warden_state
from controller.api.gate import Gate
from controller.api.office_door import OfficeDoor
from controller.api.routes import Routes
from controller.metrics import HELP
from controller.people.powers import EVERYWHERE

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,80}", re.ASCII)
PREFIX: Final = "anjungan_"


class MetricsRoute:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(FleetCollector(door))
        ProcessCollector(namespace="anjungan_office", registry=self._registry)
        routes = Routes(gate, tags=["office"])
        routes.add("/metrics", self.metrics, needs="metrics.read", response_class=PlainTextResponse)
        self.router = routes.router

    def metrics(self) -> Response:
        """Prometheus text: the fleet by state, verdicts, faults, controllers' counters."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


class FleetCollector(Collector):
    """Reads the database at every scrape; keeps nothing."""

    def __init__(self, door: OfficeDoor) -> None:
        self._door = door

    def describe(self) -> Iterable[Metric]:
        """Nothing: names depend on what controllers count, and asking would read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        now = self._door.clock()
        with self._door.reading() as conn:
            counts = fleet.counts(conn, EVERYWHERE)
            everyone = office.controllers(conn, now)
            deaf = office.deafness(conn, now)
            guarded = warden_state.standing(conn, now)
        yield from _fleet(counts)
        yield from _office(deaf, everyone)
        yield from _warden(guarded)
        yield from controllers_metrics(everyone)


def controllers_metrics(everyone: Iterable[office.Controller]) -> Iterator[Metric]:
    """Counters as controllers left them: {metric: {labels: value}}, see `labels_of`."""
    families: dict[tuple[str, tuple[str, ...]], Any] = {}
    refused = 0
    for one in everyone:
        for name, values in one.counters.items():
            for labels, value in _samples(values):
                known = labels_of(labels)
                if known is None or not _NAME.fullmatch(name) or not _is_number(value):
                    refused += 1
                    continue
                keys = ("controller", *known)
                family = families.setdefault((name, keys), _family(name, keys))
                family.add_metric([one.name, *known.values()], value)
    yield from _once(families)
    bad = GaugeMetricFamily(f"{PREFIX}counters_refused", "Controllers' counters nobody can read")
    bad.add_metric([], refused)
    yield bad


def labels_of(text: str) -> dict[str, str] | None:
    """`kind=birth,reason=topic` as a mapping; empty text has none; None: it cannot be read."""
    labels: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not equals or not _NAME.fullmatch(name) or name == "controller":
            return None
        labels[name] = value
    return labels


def _samples(values: object) -> Iterator[tuple[str, object]]:
    if isinstance(values, Mapping):
        yield from values.items()
    else:
        yield "", values


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _family(name: str, labels: tuple[str, ...]) -> Metric:
    full = name if name.startswith(PREFIX) else f"{PREFIX}{name}"
    kind = CounterMetricFamily if full.endswith("_total") else GaugeMetricFamily
    return kind(full, HELP.get(full, "Told by controllers"), labels=labels)


def _once(families: Mapping[tuple[str, tuple[str, ...]], Any]) -> Iterator[Metric]:
    """A name is told once: samples with other labels join the first family of that name."""
    by_name: dict[str, Metric] = {}
    for (name, _), family in families.items():
        if name in by_name:
            by_name[name].samples.extend(family.samples)
        else:
            by_name[name] = family
    yield from by_name.values()


def _gauge(name: str, text: str, labels: list[str], rows: Iterable[tuple[Any, ...]]) -> Metric:
    gauge = GaugeMetricFamily(f"{PREFIX}{name}", text, labels=labels)
    for *values, number in rows:
        gauge.add_metric(values, number)
    return gauge


def _fleet(counts: fleet.Counts) -> Iterator[Metric]:
    yield _gauge("kiosks", "Kiosks by state", ["state"], counts.states.items())
    yield _gauge("kiosks_presence", "Kiosks by presence", ["presence"], counts.presences.items())
    verdicts = [(s, a, n) for s, answers in counts.verdicts.items() for a, n in answers.items()]
    text = "Kiosks where a citizen can finish a service now"
    yield _gauge("service_kiosks", text, ["service", "answer"], verdicts)
    yield _gauge("open_faults", "Open faults by severity", ["severity"], counts.faults.items())
    alone = [(counts.unacknowledged,)]
    yield _gauge("unacknowledged_faults", "Open faults in nobody's hands", [], alone)


def _office(
    deaf: office.Deafness | None, everyone: Iterable[office.Controller]
) -> Iterator[Metric]:
    condition = deaf.condition if deaf is not None else None
    rows = [(word, int(word == condition)) for word in office.CONDITIONS]
    yield _gauge("office_deaf", "1: the office cannot hear, and why", ["condition"], rows)
    alive, link, heard = [], [], []
    for one in everyone:
        alive.append((one.name, int(one.alive)))
        link.append((one.name, int(one.alive and one.link == "up")))
        heard.append((one.name, one.heard_at / 1000))
    yield _gauge("controller_alive", "1: heard in the last seconds", ["controller"], alive)
    yield _gauge("controller_link_up", "1: connected to the broker", ["controller"], link)
    yield _gauge(
        "controller_heard_timestamp_seconds", "When it was last heard", ["controller"], heard
    )


def _warden(standing: warden_state.Standing) -> Iterator[Metric]:
    rows = [(word, int(word == standing.condition)) for word in warden_state.CONDITIONS]
    text = "1: whether the broker is known to refuse those who ended"
    yield _gauge("revocation", text, ["condition"], rows)
    spoken = standing.spoken
    times = [] if spoken is None else [(spoken.crl_signed_at / 1000, spoken.crl_next_update / 1000)]
    signed, ends = ([(pair[n],) for pair in times] for n in (0, 1))
    text = "When the list of ended certificates was signed"
    yield _gauge("revocation_list_signed_timestamp_seconds", text, [], signed)
    text = "When the broker begins to refuse everybody, unless there is a newer list"
    yield _gauge("revocation_list_ends_timestamp_seconds", text, [], ends)
