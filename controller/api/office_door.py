"""What every route needs: the database and the clock, handed in by whoever builds the app.

Routes run in the thread pool, so that a slow query never stops the event loop; each request is
one transaction. Nothing else of the house is reached from here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from controller import bell
from controller.store.engine import writing


class OfficeDoor(NamedTuple):
    """`clock` gives milliseconds since 1970."""

    engine: Engine
    clock: Callable[[], int]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as conn:
            yield conn

    @contextmanager
    def ringing(self) -> Iterator[Connection]:
        """As `writing`, for what a controller must look at; the bell comes after the commit."""
        with writing(self.engine) as conn:
            yield conn
        bell.ring(self.engine)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with writing(self.engine) as conn:
            yield conn
