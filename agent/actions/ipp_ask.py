"""IPP questions that change something: print, cancel, resume. The reading half is the probes'.

Owns their encoding and one exchange with a time limit. Knows nothing of what the answers mean for
a command; a printer that says no is a Failed that names the operation.
"""

import struct
from typing import Final, NamedTuple

from agent.actions.base import Failed
from agent.probes import ipp, plain_http
from agent.probes.ipp import Group, Reply, Uri

PRINT_JOB: Final = 0x0002
CANCEL_JOB: Final = 0x0008
GET_JOB_ATTRIBUTES: Final = 0x0009
RESUME_PRINTER: Final = 0x0011
ENABLE_PRINTER: Final = 0x0022
CANCEL_JOBS: Final = 0x0038
ACCEPT_JOBS: Final = 0x4008  # of CUPS
NAMES: Final = {
    PRINT_JOB: "print",
    CANCEL_JOB: "cancel",
    GET_JOB_ATTRIBUTES: "tell of the job",
    RESUME_PRINTER: "resume",
    ENABLE_PRINTER: "take jobs",
    CANCEL_JOBS: "cancel its jobs",
    ACCEPT_JOBS: "take jobs",
}
PATIENCE_S: Final = 3.0
NOT_FOUND: Final = 0x0406
_FORBIDDEN: Final = (401, 403)
_TEXT, _NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
_INTEGER: Final = 0x21

Attribute = tuple[int, str, "str | int"]


class Job(NamedTuple):
    """`state` of RFC 8011 (9 is completed); `pages` is None when the device does not count."""

    id: int
    state: int
    reasons: tuple[str, ...]
    message: str
    pages: int | None

    @property
    def ended(self) -> bool:
        return self.state >= 7


def ask(
    uri: Uri,
    operation: int,
    *attributes: Attribute,
    document: bytes = b"",
    within_s: float = PATIENCE_S,
) -> Reply:
    """Raises OSError, and Failed `refused` when the answer is a no."""
    body = request(operation, str(uri), attributes) + document
    try:
        answer = plain_http.post(*uri, body, kind="application/ipp", timeout_s=within_s)
        if answer.status in _FORBIDDEN:
            raise Failed(
                "forbidden", f"{uri.host} does not let the agent {NAMES.get(operation, 'do that')}"
            )
        if answer.status != 200:
            raise Failed("refused", f"{uri}: HTTP {answer.status}")
        reply = ipp.parse(answer.body)
    except (plain_http.NotHttp, ipp.NotIpp) as error:
        raise Failed("not_ipp", f"{uri} answers, but not as a printer: {error}") from error
    if reply.status >= 0x0100:
        raise Failed(
            "refused", f"{uri} will not {NAMES.get(operation, 'do that')} (IPP {reply.status:#06x})"
        )
    return reply


def print_job(uri: Uri, name: str, kind: str, document: bytes, within_s: float) -> int:
    """The number of the job. Raises OSError, Failed."""
    given: list[Attribute] = [(_NAME, "job-name", name), (_MIME, "document-format", kind)]
    reply = ask(uri, PRINT_JOB, *given, document=document, within_s=within_s)
    number = _whole(reply.first(ipp.JOB_GROUP), "job-id")
    if number is None:
        raise Failed("refused", "the printer took the page and names no job")
    return number


def job(uri: Uri, number: int) -> Job:
    """Raises OSError, Failed."""
    given: list[Attribute] = [(_INTEGER, "job-id", number)]
    found = ask(uri, GET_JOB_ATTRIBUTES, *given).first(ipp.JOB_GROUP)
    counted = (_whole(found, f"job-{what}-completed") for what in ("impressions", "media-sheets"))
    pages = [count for count in counted if count is not None]
    return Job(
        number,
        _whole(found, "job-state") or 0,
        tuple(str(one) for one in found.get("job-state-reasons", [])),
        str(found.get("job-state-message", [""])[0])[:200],
        max(pages, default=None),
    )


def cancel(uri: Uri, number: int) -> None:
    """Raises OSError, Failed."""
    ask(uri, CANCEL_JOB, (_INTEGER, "job-id", number))


def request(operation: int, uri: str, attributes: tuple[Attribute, ...] | list[Attribute]) -> bytes:
    first: list[Attribute] = [
        (_CHARSET, "attributes-charset", "utf-8"),
        (_LANGUAGE, "attributes-natural-language", "en"),
        (_URI, "printer-uri", uri),
    ]
    # A job's number stands right after the printer's address; some printers insist.
    numbers = [one for one in attributes if one[0] == _INTEGER]
    rest = [one for one in attributes if one[0] != _INTEGER]
    who: list[Attribute] = [(_NAME, "requesting-user-name", "anjungan")]
    parts = [_attribute(*one) for one in (*first, *numbers, *who, *rest)]
    return b"".join([struct.pack(">BBHI", 2, 0, operation, 1), b"\x01", *parts, b"\x03"])


def _attribute(tag: int, name: str, value: str | int) -> bytes:
    data = struct.pack(">i", value) if isinstance(value, int) else value.encode()
    head = struct.pack(">BH", tag, len(name)) + name.encode()
    return head + struct.pack(">H", len(data)) + data


def _whole(group: Group, name: str) -> int | None:
    value = next(iter(group.get(name, [])), None)
    return value if type(value) is int else None
