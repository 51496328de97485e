"""A citizen's browser without a screen: keeps the cookie, posts forms as pages of the portal do."""

import http.client
import urllib.parse
from http import HTTPStatus

from portal.server import PortalServer


class Visitor:
    """`status` and `headers` are those of the last answer. `portal` is one, or its port."""

    def __init__(self, portal: PortalServer | int) -> None:
        self._port = portal if isinstance(portal, int) else portal.server_port
        self.cookie = ""
        self.status = 0
        self.headers: dict[str, str] = {}

    def get(self, path: str) -> str:
        """The page, wherever it leads: at most five steps."""
        for _ in range(5):
            body = self.ask("GET", path)
            if self.status != HTTPStatus.SEE_OTHER:
                return body
            path = self.headers["location"]
        raise AssertionError(f"{path} leads nowhere")

    def post(self, path: str, /, **fields: str | list[str]) -> str:
        """Where it leads to, or the page that says what is wrong with it."""
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        return self.send(path, "application/x-www-form-urlencoded", body)

    def send(self, path: str, kind: str, body: bytes) -> str:
        said = self.ask("POST", path, {"Content-Type": kind}, body)
        return self.headers["location"] if self.status == HTTPStatus.SEE_OTHER else said

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> str:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        said = {"Origin": f"http://127.0.0.1:{self._port}", **(headers or {})}
        if self.cookie:
            said["Cookie"] = self.cookie
        line.request(method, path, body, said)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        if given := self.headers.get("set-cookie"):
            self.cookie = given.partition(";")[0]
        return text
