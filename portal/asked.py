"""What a page is asked: one request of the screen, read and bounded, with what answers it.

Owns the shape of a request as handlers see it, and the reading of a posted form. Nothing in it was
believed: fields are text, files are bytes, and both are bounded before they come here. Never holds
a socket or a header.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlencode

from portal.catalogue import Catalogue
from portal.its import Its
from portal.sitting import Sitting

MOST_BODY: Final = 4 * 1024 * 1024  # a form with its pictures
MOST_FIELDS: Final = 300
FORM: Final = "application/x-www-form-urlencoded"
_BOUNDARY: Final = re.compile(
    r'multipart/form-data;\s*boundary="?([^";,\s]{1,70})"?', re.IGNORECASE
)
_NAME: Final = re.compile(rb'\bname="([^"]{1,64})"')
_FILE: Final = re.compile(rb'\bfilename="')


class BadForm(ValueError):  # noqa: N818 - says what it is
    """No browser of ours sends such a form."""


@dataclass(frozen=True)
class Ask:
    """`args`: what stood in the place of {names} of the route's pattern.

    `form` by name: every value that was sent, in order; of a page that is made anew in another
    language, what stood in its fields. `files` by name. `sitting` is that of the
    citizen at the screen, and its catalogue the one they began with.
    """

    method: str
    path: str
    its: Its
    sitting: Sitting
    args: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, list[bytes]] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        return self.sitting.catalogue

    @property
    def here(self) -> str:
        """The address of this page, to come back to it: with what was asked of it."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def one(self, name: str) -> str:
        """The last value of a field of the form, "" when it was not sent."""
        return (self.form.get(name) or [""])[-1]

    def t(self, key: str, /, **fields: object) -> str:
        """A sentence of the portal in the citizen's language."""
        return self.its.press.texts(self.sitting.language)(key, **fields)


def read_query(text: str) -> dict[str, str]:
    """The last value of each name. What cannot be read is left out."""
    try:
        found = parse_qs(text, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}


def read_form(kind: str, body: bytes) -> tuple[dict[str, list[str]], dict[str, list[bytes]]]:
    """Fields and files of a posted form. Raises BadForm."""
    if kind.partition(";")[0].strip().lower() == FORM or not body:
        return _urlencoded(body), {}
    found = _BOUNDARY.match(kind)
    if found is None:
        raise BadForm("neither a form nor one with files")
    return _multipart(found[1].encode(), body)


def _urlencoded(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise BadForm(str(error)) from None


def _multipart(boundary: bytes, body: bytes) -> tuple[dict[str, list[str]], dict[str, list[bytes]]]:
    form: dict[str, list[str]] = {}
    files: dict[str, list[bytes]] = {}
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FIELDS + 2)
    if len(parts) < 2 or not parts[-1].startswith(b"--"):
        raise BadForm("a form with files that does not end")
    for part in parts[1:-1]:
        head, gap, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or name is None:
            raise BadForm("a part of a form without a name")
        key = name[1].decode("utf-8", "replace")
        if _FILE.search(head):
            files.setdefault(key, []).append(content)
        else:
            form.setdefault(key, []).append(content.decode("utf-8", "replace"))
    return form, files
