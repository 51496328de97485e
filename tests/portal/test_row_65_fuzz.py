"""Rows 64 and 65: every form of the portal, given what no page of ours sends, through the server.

Nothing fails, nothing is run as markup, and no line of ours leads elsewhere.
"""

import re
import urllib.parse
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.routes import ROUTES, Route
from tests.support.filling import APPLY, Counter, counter

NAMES = [
    "nik",
    "nama",
    "untuk",
    "sekolah",
    "phone",
    "text",
    "where",
    "village",
    "category",
    "class",
    "anonymity",
    "name",
    "pin",
    "pin.x",
    "pin.y",
    "width",
    "at",
    "then",
    "to",
    "switch",
    "number",
    "tail",
    "left",
    "like",
    "anew",
    "away",
    "hari",
    "bulan",
    "tahun",
    "code",
]
HOSTILE = (
    "",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% for a in b %}",
    "{0.__class__}",
    "//evil.example",
    "/\\evil.example",
    "nan",
    "inf",
    "-1",
    "1e308",
    "9" * 5_000,
    "²³",
    "\U0001f600 \u202e\u0000\u001b[2J",
    "../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    "named",
    "anonymous",
    "complaint",
    "jalan",
    "32.73.02.1001",
    "bukti",
    "large",
    "Halaman " * 15_000,
)
PLAIN = {"code": "KEC-SKTM-01", "draft": "pengaduan", "key": "bukti", "page": "nik", "at": "0"}
CHARS = st.characters(codec="utf-8")
TOLD = st.dictionaries(
    st.sampled_from(NAMES),
    st.lists(
        st.one_of(st.sampled_from(HOSTILE), st.text(CHARS, max_size=40)), min_size=1, max_size=3
    ),
    max_size=5,
)
PIECE = st.one_of(st.sampled_from(HOSTILE[:-1]), st.text(CHARS, min_size=1, max_size=20))


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter(tmp_path_factory.mktemp("fuzz")) as running:
        yield running


def begin(at: Counter) -> None:
    """A complaint and an application, both half way."""
    at.visitor.post(APPLY)
    at.visitor.post("/pengaduan", **{"class": "complaint"})
    for path, said in (("kategori", "category=jalan"), ("tempat", "village=32.73.02.1001")):
        kind = "application/x-www-form-urlencoded"
        at.visitor.send(f"/pengaduan/{path}", kind, said.encode())


def filled(pattern: str, piece: str | None) -> str:
    def one(found: re.Match[str]) -> str:
        return urllib.parse.quote(PLAIN.get(found[1], "x") if piece is None else piece, safe="")

    return re.sub(r"\{(\w+)\}", one, pattern)


def is_well(at: Counter) -> None:
    assert at.visitor.status < 500, at.visitor.status
    assert re.match(r"/(?![/\\])", at.visitor.headers.get("location", "/"))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(ROUTES), st.one_of(st.none(), PIECE), TOLD)
def test_row_65_whatever_is_sent_no_page_fails_and_nobody_is_led_away(
    at: Counter, route: Route, piece: str | None, told: dict[str, list[str]]
) -> None:
    begin(at)
    path = filled(route.pattern, piece)
    body = urllib.parse.urlencode(told, doseq=True, errors="replace").encode()
    if route.method == "GET":
        said = at.visitor.ask("GET", f"{path}?{body.decode()[:4_000]}")
    else:
        said = at.visitor.ask(
            "POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, body
        )
    is_well(at)
    assert "<script>alert" not in said
    assert "<img src=x" not in said


@pytest.mark.parametrize("said", HOSTILE)
def test_row_64_every_hostile_word_in_every_field_leaves_the_form_usable(
    at: Counter, said: str
) -> None:
    begin(at)
    posts = [one for one in ROUTES if one.method == "POST" and "selesai" not in one.pattern]
    body = urllib.parse.urlencode(dict.fromkeys(NAMES, said), errors="replace").encode()
    for one in posts:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        at.visitor.ask("POST", filled(one.pattern, None), kind, body)
        is_well(at)
    assert at.portal.desk.screen.sitting is not None
