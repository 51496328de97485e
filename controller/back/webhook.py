"""A back system that is asked over HTTPS: each submission is one signed POST.

Signed as the Standard Webhooks say, with Ed25519: `webhook-signature: v1a,BASE64` over
`webhook-id.webhook-timestamp.body`. The id stays the same however often it is sent, so that the
other side keeps one. Follows nobody elsewhere, believes no certificate of its own, reads little of
an answer and waits for none for ever.
"""

import json
import ssl
import threading
from base64 import b64encode
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.back.parcel import Parcel
from controller.back.target import NotTaken

PATIENCE_S: Final = 20.0
MOST_ANSWER: Final = 4_096
MOST_REFERENCE: Final = 120
_BUSY: Final = (408, 425, 429)  # of the answers that blame us, those that pass by themselves


class Webhook:
    """`tls` None: the authorities this machine believes."""

    def __init__(
        self,
        url: str,
        key: Ed25519PrivateKey,
        tls: ssl.SSLContext | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._url, self._key, self._tls, self._patience_s = urlsplit(url), key, tls, patience_s

    def send(self, parcel: Parcel, now: int) -> str:
        """What the answer calls it (`{"reference": ...}`). Raises NotTaken."""
        line = self._line()
        ends = threading.Timer(self._patience_s, _cut, (line,))
        ends.start()
        try:
            line.request("POST", self._path(), parcel.body, self._headers(parcel, now))
            answer = line.getresponse()
            said = answer.read1(MOST_ANSWER)
        except (OSError, HTTPException, ValueError) as error:
            why = f"{self._url.hostname} does not answer: {type(error).__name__}"
            raise NotTaken(f"{why}; its administrator must look") from None
        finally:
            ends.cancel()
            line.close()
        return _judged(answer, said)

    def _line(self) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return HTTPConnection(host, port, timeout=self._patience_s)
        tls = self._tls or ssl.create_default_context()
        return HTTPSConnection(host, port, timeout=self._patience_s, context=tls)

    def _path(self) -> str:
        return (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")

    def _headers(self, parcel: Parcel, now: int) -> dict[str, str]:
        at = str(now // 1_000)
        signature = self._key.sign(to_sign(parcel.id, at, parcel.body))
        return {
            "content-type": "application/json",
            "user-agent": "anjungan",
            "connection": "close",
            "webhook-id": parcel.id,
            "webhook-timestamp": at,
            "webhook-signature": f"v1a,{b64encode(signature).decode()}",
        }


def to_sign(uid: str, at: str, body: bytes) -> bytes:
    return f"{uid}.{at}.".encode() + body


def _judged(answer: HTTPResponse, said: bytes) -> str:
    status = answer.status
    if 200 <= status < 300:
        return _reference(said)
    if status >= 500 or status in _BUSY:
        raise NotTaken(f"it answered {status}: its administrator must look")
    raise NotTaken(f"it refuses this with {status}: mend the reason there, then again", ever=True)


def _reference(said: bytes) -> str:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    given = found.get("reference") if isinstance(found, dict) else None
    text = given if isinstance(given, str) else ""
    return text[:MOST_REFERENCE] if text.isprintable() else ""


def _cut(line: HTTPConnection) -> None:
    """Whoever sends a byte now and then would hold all others up."""
    with suppress(OSError, AttributeError):
        line.sock.shutdown(SHUT_RDWR)
