"""The door's routes for what citizens hand in and ask, as one table; the parts behind it.

Builds, decides nothing. Every one of them asks the registrar by its socket file; without one,
records arrive and wait, and questions and photos are refused with who must act.
"""

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.routing import Route

from controller.door.allowance import Allowance
from controller.door.bulk import Bulk
from controller.door.citizens import Citizens
from controller.door.desk import Desk
from controller.door.photos import FILES, Photos
from controller.door.questions import Questions
from controller.door.records import Records
from controller.registrar.client import Registrar
from wire import door


class OfCitizens:
    """`address` names who asks; `registrar` is its socket file. `close` ends its threads.

    `wait_s` is the longest wait for the registrar.
    """

    def __init__(
        self,
        desk: Desk,
        bulk: Bulk,
        allowance: Allowance,
        clock: Callable[[], int],
        *,
        address: Callable[[Request], str],
        registrar: Path | None,
        wait_s: float,
    ) -> None:
        client = None if registrar is None else Registrar(registrar, wait_s)
        self._records = records = Records(desk, bulk, client, clock, wait_s)
        self._questions = questions = Questions(desk, bulk, client, allowance, clock)
        citizens = Citizens(desk, bulk, clock)
        photos = Photos(desk, client, allowance, address, clock)
        self.routes = [
            Route(door.RECORDS_PATH, records.hand_in, methods=["POST"]),
            Route(door.RECORDS_PATH, records.ask, methods=["GET"]),
            Route(door.RECORD_KEY_PATH, records.key, methods=["POST"]),
            Route(door.SYNC_PATH, citizens.sync, methods=["POST"]),
            Route(door.CALL_PATH, citizens.call, methods=["POST"]),
            Route(door.STATUS_PATH, questions.ask, methods=["POST"]),
            Route(door.PHOTO_PATH, photos.give, methods=["POST"]),
            *(Route(path, photos.page, methods=["GET"]) for path in FILES),
        ]

    def close(self) -> None:
        self._records.close()
        self._questions.close()
