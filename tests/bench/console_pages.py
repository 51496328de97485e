"""How long the console takes over its pages with every village office of Indonesia in the database.

The value is the time of a whole request over loopback, 95th percentile; the yardstick is /healthz
of the same server in the same run, which reads next to nothing. Something changes before every
request, as it does in a living fleet: no answer of the one before it may be given again.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import Engine

from controller import changes
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from tests.bench.figures import Figure
from tests.bench.processes import percentile, running, wait_until
from tests.support.child import free_port
from tests.support.console import admitted, wear
from tests.support.fleet import seed_fleet

KIOSKS = 84_000
ROUNDS = 25
MAP = {"hx-request": "true", "hx-target": "map"}  # a large fleet's map comes behind the page
PAGES = {
    "console.start_ms": "/",
    "console.start_map_ms": "/#map",
    "console.list_ms": "/kiosks",
    "console.list_last_page_ms": "/kiosks?page=1680",
    "console.list_filtered_ms": "/kiosks?state=fail&sort=since",
    "console.list_search_ms": "/kiosks?q=cileunyi",
    "console.list_by_fault_ms": "/kiosks?fault=printer.paper_out",
    "console.faults_ms": "/faults",
    "console.api_kiosks_ms": "/api/v1/kiosks?sort=heard",
}
# Whoever sees everything, and whoever sees a large regency: here 1,377 kiosks of one site.
PEOPLE = {"": ("admin", ""), "_of_regency": ("technician", "32.73.0007")}


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/office.db"
        migrate(url)
        engine = open_engine(url)
        seed_fleet(engine, kiosks=KIOSKS, seed=7)
        port = free_port()
        arguments = ("-m", "dashboards.console", "--database", url, "--port", str(port))
        with running(*arguments, log=Path(folder, "console.log")):
            client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
            wait_until(lambda: _answers(client), 30, "console")
            yardstick = _time(client, engine, "/healthz")
            note = f"p95 of {ROUNDS}, {KIOSKS} kiosks, yardstick /healthz"
            for ending, grant in PEOPLE.items():
                wear(client, admitted(engine, time.time_ns() // 1_000_000, grant[0], grant))
                for name, page in PAGES.items():
                    took = _time(client, engine, page)
                    yield Figure(f"{name}{ending}", took, "ms", yardstick, "<= 100", note)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code < 600
    except httpx.TransportError:
        return False


def _time(client: httpx.Client, engine: Engine, page: str) -> float:
    """Milliseconds. Every answer must be a page, or the figure means nothing."""
    took = []
    for n in range(ROUNDS + 1):  # the first one warms up and is not counted
        with writing(engine) as conn:
            changes.record(conn, "kiosk", n + 1, "state", n)
        started = time.perf_counter()
        answer = client.get(page, headers=MAP if page.endswith("#map") else {})
        took.append((time.perf_counter() - started) * 1000)
        if page != "/healthz":
            answer.raise_for_status()
    return percentile(took[1:], 0.95)
