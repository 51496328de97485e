"""What citizens are offered is read before it is signed: what no kiosk could show is refused."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.releases.check import examine as of_release
from controller.releases.citizens import Found, examine
from tests.support.packs import NO_FILMS, PLACES, service, tenant, words
from wire.service.tenant import Film, Films, Holidays, Subtitles, encode
from wire.submission import AckKey, Keys, SealKey

SERVICE = "tenants/32.73/services/KEC-KARTU.json"
PUBLIC = "A" * 43 + "="
KEYS = Keys(
    seal=(SealKey(id="0" * 16, public=PUBLIC, since=0, until=1),),
    ack=(AckKey(id="0" * 16, public=PUBLIC),),
)
WHOLE = {
    "content.json": b"{}",
    "keys.json": encode(KEYS),
    "films.json": encode(NO_FILMS),
    "holidays.json": encode(Holidays(days=("2026-01-01",), known_until="2026-12-31")),
    "tenants/32.73/tenant.json": encode(tenant()),
    "tenants/32.73/places.json": encode(PLACES),
    SERVICE: encode(service()),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, body in WHOLE.items():
        put(tmp_path, name, body)
    return tmp_path


def put(tree: Path, name: str, body: bytes) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_bytes(body)


def test_what_can_be_read_and_stands_together_is_left_alone(tree: Path) -> None:
    assert examine(tree) == Found([], [])
    assert of_release(tree, "layanan").problems == ()


def test_a_tree_without_tenants_is_somebody_elses(tmp_path: Path) -> None:
    put(tmp_path, "content.json", b"{}")
    assert examine(tmp_path) == Found([], [])


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "content.json"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"v":2}', b"\xff"])
def test_a_document_that_cannot_be_read_is_refused_by_name(
    tree: Path, name: str, body: bytes
) -> None:
    put(tree, name, body)
    assert any(said.startswith(name) for said in examine(tree).problems)


@pytest.mark.parametrize(
    "name", ["keys.json", "films.json", "holidays.json", "tenants/32.73/places.json"]
)
def test_a_document_that_is_missing_is_said_to_who_signs(tree: Path, name: str) -> None:
    (tree / name).unlink()
    found = examine(tree)
    assert found.problems == []
    assert found.warnings[0].startswith(f"{name} is missing")


def test_a_service_in_a_file_of_another_name_is_refused(tree: Path) -> None:
    put(tree, "tenants/32.73/services/KEC-LAIN.json", encode(service()))
    said = " ".join(examine(tree).problems)
    assert "KEC-LAIN.json: the service in it is called KEC-KARTU" in said
    assert "Two services are called KEC-KARTU" in said


def test_what_does_not_stand_together_is_refused(tree: Path) -> None:
    put(tree, SERVICE, encode(service(videos=("tiada",))))
    assert examine(tree).problems == [
        f"tenants/32.73/{SERVICE[14:]}: videos[0]: There is no film tiada."
    ]


def test_what_a_clerk_should_mend_is_only_a_warning(tree: Path) -> None:
    put(tree, SERVICE, encode(service(number="{kode}")))
    found = examine(tree)
    assert found.problems == []
    assert found.warnings[0].startswith(f"{SERVICE}: number: ")


def test_a_holiday_that_is_no_day_is_refused(tree: Path) -> None:
    put(tree, "holidays.json", encode(Holidays(days=("2026-02-30",), known_until="2026-12-31")))
    assert examine(tree).problems[0].startswith("holidays.json: ")


def film(body: bytes, **changes: Any) -> Films:
    about = Film(
        code="cara",
        title=words("Cara"),
        about=words("Tentang"),
        file="films/cara.webm",
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        seconds=1,
        subtitles=(Subtitles(language="id", file="films/cara.id.vtt"),),
    )
    return Films(budget_mb=1, films=(msgspec.structs.replace(about, **changes),))


def test_a_film_that_is_there_and_small_enough_is_left_alone(tree: Path) -> None:
    put(tree, "films/cara.webm", b"film")
    put(tree, "films.json", encode(film(b"film")))
    assert examine(tree) == Found([], [])


@pytest.mark.parametrize(
    ("told", "there", "said"),
    [
        (film(b"film", file="films/lain.webm"), b"film", "no file"),
        (film(b"film", file="../films/cara.webm"), b"film", "no file"),
        (film(b"film"), b"another", "another film"),
        (film(b"x" * 1_000_001), b"x" * 1_000_001, "at most 1 fit"),
    ],
)
def test_a_film_that_is_not_what_it_is_said_to_be_is_refused(
    tree: Path, told: Films, there: bytes, said: str
) -> None:
    put(tree, "films/cara.webm", there)
    put(tree, "films.json", encode(told))
    assert [said in each for each in examine(tree).problems] == [True]


@given(st.binary(max_size=60), st.sampled_from(list(WHOLE)))
def test_row_13_whatever_lies_there_is_answered(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, name: str
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    for each, text in WHOLE.items():
        put(folder, each, body if each == name else text)
    assert isinstance(examine(folder), Found)
