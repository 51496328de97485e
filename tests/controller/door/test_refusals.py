"""Every refusal has a status, somebody who must act, and a line in the handbook."""

import json
import re
from pathlib import Path

import pytest

from controller.door.refusals import CODES, Refused, answer, denied
from controller.identity.redeem import UNKNOWN

HANDBOOK = Path(__file__).parents[3] / "docs" / "door.md"


@pytest.mark.parametrize("code", CODES)
def test_a_refusal_says_code_status_who_and_the_offices_clock(code: str) -> None:
    response = answer(Refused(code, "why", retry_after_s=7), 1234)
    assert response.status_code == CODES[code].status
    said = json.loads(bytes(response.body))
    assert said == {"code": code, "who": CODES[code].who, "detail": "why", "now": 1234}
    assert response.headers["retry-after"] == "7"
    assert response.headers["cache-control"] == "no-store"
    assert CODES[code].who in ("kiosk", "technician", "office")


def test_the_handbook_explains_every_code_and_no_other() -> None:
    row = re.compile(r"^\| `(\w+)` \| (\d+) \| (\w+) \|", re.MULTILINE)
    told = {code: (int(status), who) for code, status, who in row.findall(HANDBOOK.read_text())}
    assert told == {code: tuple(kind) for code, kind in CODES.items()}


def test_what_the_books_deny_is_refused_in_their_words() -> None:
    refused = denied(UNKNOWN)
    assert (refused.code, refused.detail) == (UNKNOWN.code, UNKNOWN.detail)
    assert CODES[refused.code].who == UNKNOWN.who
