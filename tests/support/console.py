"""A running console for tests: the real application under a real server on a private port."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from dashboards.console.app import create_console
from dashboards.console.server import Server
from dashboards.console.settings import Settings
from tests.support.child import free_port
from tests.support.wait import until


@contextmanager
def serving(
    engine: Engine, clock: Callable[[], int], settings: Settings | None = None
) -> Iterator[str]:
    """The console's address while the block runs. Unlike a child process it can be measured."""
    port = free_port()
    app = create_console(engine, clock, settings or Settings())
    server = Server(app, "127.0.0.1", port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started, 20)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
