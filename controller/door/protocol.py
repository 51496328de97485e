"""Time limits for whoever speaks slowly, because uvicorn has none for a request on its way.

uvicorn ends a connection that stays silent AFTER an answer (keep-alive), and nothing else: a client
that connects and says nothing, or sends a header a minute, is kept for ever. Here a request must
be complete within REQUEST_S of the moment the connection began to wait for it. Only who was
recognised gets more, for a body or an answer that is large by its nature (`allow`).
"""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S: Final = 15.0
LINE: Final = "line"


class PatientProtocol(H11Protocol):
    """Patient for `request_s`, then the connection is closed without an answer."""

    request_s: float = REQUEST_S

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: asyncio.TimerHandle | None = None
        self._allowed = False
        # Where the application finds us: in the state of each request.
        self.app_state = {**self.app_state, LINE: self}

    def allow(self, seconds: float) -> None:
        """The request that is here may take so long from now, its answer included."""
        self._calm()
        self._allowed = True
        self._patience = self.loop.call_later(seconds, self._enough)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._allowed:
            self._allowed = False
            self._calm()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """The clock runs while the other side has not finished its request."""
        if self._allowed:
            return
        unfinished = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        if not unfinished or self.transport.is_closing():
            self._calm()
        elif self._patience is None:
            self._patience = self.loop.call_later(self.request_s, self._enough)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _enough(self) -> None:
        """Cut, not closed: a goodbye to somebody who does not listen would be waited for."""
        self._patience = None
        self.transport.abort()
