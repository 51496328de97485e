"""The wall around the console: which hosts it answers, who may post, what a page may load.

Plain ASGI, so that the live stream passes through unbuffered. It knows no page and no account: the
gate of the API does.
"""

import ipaddress
from collections.abc import Iterable, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
# A year; said only where the console is reached by HTTPS alone.
STRICT: Final = ("strict-transport-security", "max-age=31536000")
HEADERS: Final = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Wraps the app. `hosts` are the names (without port) under which it may be asked.

    `https`: browsers come by HTTPS, and are told to come no other way. `proxies` (addresses or
    networks), if there are any, are the only ones that may ask: who came past them came in clear.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        *,
        https: bool = False,
        proxies: Iterable[str] = (),
    ) -> None:
        self._app = app
        self._said = (*HEADERS, STRICT) if https else HEADERS
        self._proxies = tuple(ipaddress.ip_network(one) for one in proxies)
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self.refusal(scope["method"], headers)
        if self._proxies and not self._is_proxy(scope):
            refusal = 403, "This console is reached through its proxy alone."
        sender = _with_headers(send, self._said)
        if refusal is None:
            await self._app(scope, receive, sender)
        else:
            await PlainTextResponse(refusal[1], refusal[0])(scope, receive, sender)

    def _is_proxy(self, scope: Scope) -> bool:
        try:
            peer = ipaddress.ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(peer in network for network in self._proxies)

    def refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        """Why this request gets no answer, as (status, sentence); None lets it pass."""
        host = headers.get("host", "")
        if host_name(host) not in self._hosts:
            return 421, "This console does not answer under this host name."
        if method in SAFE or from_here(headers, host):
            return None
        return 403, "A change must come from a page of this console."


def host_name(host: str) -> str:
    """The name in a Host header, without its port: `[::1]:80` -> `::1`."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def from_here(headers: Headers, host: str) -> bool:
    """Whether a browser says the request came from our own page.

    Sec-Fetch-Site is set by the browser and out of a foreign page's reach; older browsers send
    Origin. A program that sends neither is no browser and carries nobody's cookies.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


_Said = tuple[tuple[str, str], ...]


def _with_headers(send: Send, said: _Said) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            add_headers(message, said)
        await send(message)

    return sender


def add_headers(message: MutableMapping[str, Any], said: _Said) -> None:
    headers = MutableHeaders(raw=message["headers"])
    for name, value in said:
        headers.setdefault(name, value)
    message["headers"] = headers.raw
