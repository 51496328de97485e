"""What a kiosk would show of a service pack that nobody has published: asked of a portal beside us.

The portal's own program renders it (`python -m portal.preview`, on this machine alone); its pages
are taken as text and shown in a frame that may run nothing. Styles and pictures they refer to are
put into the page, so that the frame needs nobody. A preview that is away is no error: it is said.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

TIMEOUT_S: Final = 5.0
MOST_PAGE: Final = 2 * 1024 * 1024
MOST_KEPT: Final = 60
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
# Of the frame: the page of the preview and no word of anybody else's.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
_SHEET: Final = re.compile(
    r"""<link\b(?=[^>]*\brel=["']?stylesheet)[^>]*\bhref=["']([^"']+)["'][^>]*>""", re.IGNORECASE
)
_SCRIPT: Final = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)
_IMAGE: Final = re.compile(r"""(<(?:img|image|use)\b[^>]*?\b(?:src|href)=["'])(/[^"'#]+)""")
_URL: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


class Shown(NamedTuple):
    """One page of the preview; `title` is for people, `name` for addresses."""

    name: str
    title: str
    html: str


class Preview:
    """`base` is where the preview listens. Raises ValueError for another machine's address."""

    def __init__(self, base: str, client: httpx.Client | None = None) -> None:
        if (urlsplit(base).hostname or "") not in LOOPBACK:
            raise ValueError(f"--preview {base}: only on this machine: http://127.0.0.1:PORT")
        self._base = base.rstrip("/") + "/"
        self._client = client or httpx.Client(timeout=TIMEOUT_S, trust_env=False)
        self._kept: dict[str, tuple[str, bytes]] = {}

    def pages(self, document: Mapping[str, Any], language: str = "id") -> list[Shown]:
        """Every page of a service; none when the preview is away or does not take the document."""
        try:
            asked = {"document": document, "language": language}
            answer = self._client.post(self._base, json=asked)
            told = answer.json() if answer.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, ValueError):
            return []
        return _pages(told)

    def page(self, document: Mapping[str, Any], name: str, language: str = "id") -> str | None:
        """One of them, whole in itself; the first when none has this name."""
        found = self.pages(document, language)
        if not found:
            return None
        chosen = next((one for one in found if one.name == name), found[0])
        return self._whole(chosen.html)

    def _whole(self, html: str) -> str:
        html = _SCRIPT.sub("", html[:MOST_PAGE])
        html = _SHEET.sub(lambda hit: f"<style>{self._sheet(hit[1])}</style>", html)
        return _IMAGE.sub(lambda hit: hit[1] + self._data(hit[2]), html)

    def _sheet(self, address: str) -> str:
        _, body = self._fetched(address)
        text = body.decode("utf-8", "replace").replace("</", "<\\/")
        where = urljoin(self._base, address)
        return _URL.sub(lambda hit: f'url("{self._data(urljoin(where, hit[1]))}")', text)

    def _data(self, address: str) -> str:
        if address.startswith("data:"):
            return address
        kind, body = self._fetched(address)
        return f"data:{kind};base64,{base64.b64encode(body).decode()}"

    def _fetched(self, address: str) -> tuple[str, bytes]:
        """Of the preview alone; nothing when it is not there."""
        whole = urljoin(self._base, address)
        if not whole.startswith(self._base):
            return "text/plain", b""
        if whole not in self._kept:
            try:
                answer = self._client.get(whole)
            except httpx.HTTPError:
                return "text/plain", b""
            if answer.status_code != httpx.codes.OK or len(self._kept) >= MOST_KEPT:
                return "text/plain", b""
            kind = answer.headers.get("content-type", "text/plain").partition(";")[0]
            self._kept[whole] = kind, answer.content[:MOST_PAGE]
        return self._kept[whole]


def _pages(told: Any) -> list[Shown]:
    rows = told.get("pages") if isinstance(told, dict) else None
    found = []
    for one in rows if isinstance(rows, list) else ():
        if isinstance(one, dict) and isinstance(one.get("html"), str):
            name = str(one.get("name", ""))[:64]
            found.append(Shown(name, str(one.get("title") or name)[:80], one["html"]))
    return found
