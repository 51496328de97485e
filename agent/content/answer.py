"""What an HTTP answer to "give me this file from here on" means: where its body begins, or why not.

Decides by status and headers; of a refusal it reads only what lets the connection be used again.
"""

import http.client
import re
from typing import Final

from agent.content.trouble import NotThere

BEYOND: Final = http.client.REQUESTED_RANGE_NOT_SATISFIABLE
_ABSENT: Final = (403, 404, 410)
_SHORT: Final = 64 * 1024
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(?:\d{1,15}|\*)", re.ASCII)
_WHOLE = re.compile(r"bytes \*/(\d{1,15})", re.ASCII)


class Cut(Exception):  # noqa: N818 - says what happened; the line catches it
    """The try has ended early; another may go on. `after_s`: what the server asked for."""

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.after_s = after_s


class WrongRange(Cut):
    """What was said to follow does not follow: only the whole is any use."""


def start(response: http.client.HTTPResponse, since: int, path: str) -> int:
    """The byte of the file at which the body begins; of BEYOND: its end, it is here already.

    Raises Cut, NotThere, and what reading raises.
    """
    status = response.status
    if status == http.client.OK:
        return 0
    if status == http.client.PARTIAL_CONTENT and since:
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if found and int(found[1]) == since:
            return since
        raise WrongRange("another range than the one that was asked for")
    _drain(response)
    if status == BEYOND and since:
        found = _WHOLE.fullmatch(response.headers.get("Content-Range", ""))
        if found and int(found[1]) == since:
            return since
        raise WrongRange("it is shorter than what has come of it")
    if status in _ABSENT:
        raise NotThere(f"{path}: not there ({status})")
    if 300 <= status < 400:
        raise NotThere(f"{path}: redirected, which is not followed: set the address it leads to")
    raise Cut(f"answered {status}", _after(response))


def _after(response: http.client.HTTPResponse) -> float | None:
    """Seconds until it may be asked again, as far as it says; never longer than an hour."""
    said = response.headers.get("Retry-After", "")
    return min(float(said), 3600.0) if re.fullmatch("[0-9]{1,6}", said) else None


def _drain(response: http.client.HTTPResponse) -> None:
    """Read what a refusal says, if it is short: then the connection can be used again."""
    if response.length is not None and response.length <= _SHORT:
        response.read()
    else:
        response.close()
