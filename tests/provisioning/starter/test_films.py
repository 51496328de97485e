"""The films we ship play on any kiosk: small, whole, with words in three languages."""

import hashlib
import re
import struct
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from controller.releases.check import examine
from provisioning import registrar_keys
from provisioning.release.starter import STARTER, lay_out
from provisioning.terminal import now
from tests.support.starter import KABUPATEN, KOTA, services_of
from wire.service.tenant import Film, Films, encode

FILMS = msgspec.json.decode((STARTER / "films.json").read_bytes(), type=Films)
EACH = pytest.mark.parametrize("film", FILMS.films, ids=lambda film: film.code)
LENGTH = bytes.fromhex("4489") + (8 | 1 << 56).to_bytes(8, "big")
CUES, CLUSTER = bytes.fromhex("1c53bb6b"), bytes.fromhex("1f43b675")


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


@EACH
def test_a_film_is_the_file_it_says_and_can_be_jumped_in(film: Film) -> None:
    body = (STARTER / film.file).read_bytes()
    assert (len(body), hashlib.sha256(body).hexdigest()) == (film.size, film.sha256)
    assert len(body) <= 400_000
    (length_ms,) = struct.unpack_from(">d", body, body.index(LENGTH) + len(LENGTH))
    assert length_ms == film.seconds * 1000
    assert 0 < body.index(CUES) < body.index(CLUSTER)
    assert (STARTER / film.poster).stat().st_size < 40_000


@EACH
def test_what_is_said_in_a_film_can_be_read_in_three_languages(film: Film) -> None:
    assert [one.language for one in film.subtitles] == ["id", "su", "en"]
    assert film.title.su and film.title.en and film.about.su and film.about.en  # noqa: PT018 - one thing
    for one in film.subtitles:
        text = (STARTER / one.file).read_text("utf-8")
        shown = re.findall(r"^(\S+) --> (\S+)\n(.+)$", text, re.MULTILINE)
        assert text.startswith("WEBVTT\n\n")
        moments = [seconds(clock) for start, end, _ in shown for clock in (start, end)]
        assert all(earlier < later for earlier, later in pairwise(moments))
        assert film.seconds - 2 < moments[-1] <= film.seconds
        assert max(len(line) for *_, line in shown) <= 84


def test_films_and_services_name_each_other_and_fit_their_budget() -> None:
    assert (STARTER / "films.json").read_bytes() == encode(FILMS) + b"\n"
    known = {service.code for code in (KOTA, KABUPATEN) for service in services_of(code)}
    assert {code for film in FILMS.films for code in film.services} <= known
    assert sum(film.size for film in FILMS.films) <= FILMS.budget_mb * 1_000_000


def test_the_whole_content_with_its_keys_is_published_without_a_warning(tmp_path: Path) -> None:
    keys = registrar_keys.begin(tmp_path / "registrar", now())
    found = examine(lay_out(STARTER, keys, tmp_path / "tree"), "layanan")
    assert (found.problems, found.warnings) == ((), ())
