"""Films of the release on the screen."""

import hashlib
from http import HTTPStatus
from pathlib import Path

import msgspec
import pytest

from tests.support.offered import offering, tree, words
from tests.support.visitor import Visitor
from wire.service.tenant import Films, encode

FILM = b"\x1aE\xdf\xa3" * 100


def films(*tenants: str, seconds: int = 75) -> dict[str, bytes]:
    said = {
        "films": [
            {
                "code": "ktp",
                "title": words("Mengurus KTP"),
                "about": words("Langkahnya"),
                "file": "films/ktp.webm",
                "sha256": hashlib.sha256(FILM).hexdigest(),
                "size": len(FILM),
                "seconds": seconds,
                "subtitles": [{"language": "id", "file": "films/ktp.id.vtt"}],
                "services": ["DKP-KTP-01"],
                "tenants": tenants,
            }
        ]
    }
    return {
        **tree(),
        "films.json": encode(msgspec.convert(said, Films)),
        "films/ktp.webm": FILM,
        "films/ktp.id.vtt": b"WEBVTT\n",
    }


def test_a_film_plays_from_the_release_with_its_subtitles(tmp_path: Path) -> None:
    with offering(tmp_path, files=films()) as portal:
        visitor = Visitor(portal)
        assert "1 menit 15 detik" in visitor.get("/video")
        page = visitor.get("/video/ktp")
        assert 'src="/content/films/ktp.webm?r=1"' in page
        assert 'srclang="id" label="Indonesia"' in page
        assert 'data-idle="135"' in page
        assert 'href="/informasi/DKP-KTP-01"' in page
        assert 'href="/video/ktp"' in visitor.get("/informasi/DKP-KTP-01")


@pytest.mark.parametrize(("seconds", "said"), [(24, ">24 detik<"), (120, ">2 menit<")])
def test_a_length_is_said_in_words_without_what_is_nought(
    tmp_path: Path, seconds: int, said: str
) -> None:
    with offering(tmp_path, files=films(seconds=seconds)) as portal:
        assert said in Visitor(portal).get("/video")


def test_another_governments_film_and_one_that_does_not_exist_are_not_shown(
    tmp_path: Path,
) -> None:
    with offering(tmp_path, files=films("32.04")) as portal:
        visitor = Visitor(portal)
        assert "Belum ada video" in visitor.get("/video")
        visitor.get("/video/ktp")
        assert visitor.status == 404


def test_a_film_goes_on_where_this_citizen_stopped_and_begins_anew_for_the_next(
    tmp_path: Path,
) -> None:
    with offering(tmp_path, files=films()) as portal:
        visitor = Visitor(portal)
        assert 'data-from="0"' in visitor.get("/video/ktp")
        visitor.post("/video/sampai", film="ktp", at="31")
        assert 'data-from="31"' in visitor.get("/video/ktp")
        visitor.post("/video/sampai", film="ktp", at="74")
        assert 'data-from="0"' in visitor.get("/video/ktp")
        visitor.post("/video/sampai", film="ktp", at="31")
        portal.desk.end()
        portal.desk.screen.proven = True
        assert 'data-from="0"' in Visitor(portal).get("/video/ktp")


def test_row_64_a_film_that_still_plays_brings_nobody_back_to_the_screen(tmp_path: Path) -> None:
    with offering(tmp_path, files=films()) as portal:
        visitor = Visitor(portal)
        visitor.get("/video/ktp")
        portal.desk.end()
        visitor.post("/video/sampai", film="ktp", at="31")
        assert visitor.status == HTTPStatus.OK
        assert portal.desk.screen.sitting is None
        assert not portal.desk.screen.proven


@pytest.mark.parametrize("said", [{"at": "1"}, {"film": "x", "at": "1"}, {"film": "ktp"},
                                  {"film": "ktp", "at": "-1"}, {"film": "ktp", "at": "9" * 40},
                                  {"film": "ktp", "at": "٣"}])  # fmt: skip
def test_a_second_that_is_none_is_refused(tmp_path: Path, said: dict[str, str]) -> None:
    with offering(tmp_path, files=films()) as portal:
        visitor = Visitor(portal)
        visitor.get("/video/ktp")
        visitor.post("/video/sampai", **said)
        assert visitor.status == HTTPStatus.BAD_REQUEST
