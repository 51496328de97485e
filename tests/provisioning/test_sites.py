"""Sixty-one kecamatan, one kiosk each, every name usable; a bad file is refused by its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from provisioning.sites import (
    FileRefused,
    Site,
    count_lines,
    first_at,
    kiosk_name,
    km_from_centre,
    place,
    read_kiosks,
    read_sites,
    slug,
    write_kiosks,
)
from wire.topics import is_kiosk_name

HEAD = "code,name,regency,lat,lng\n"


def test_bandung_has_thirty_kecamatan_in_the_city_and_thirty_one_around_it() -> None:
    sites = read_sites()
    assert len([one for one in sites if one.code.startswith("32.73.")]) == 30
    assert len([one for one in sites if one.code.startswith("32.04.")]) == 31


def test_every_kecamatan_has_one_kiosk_with_a_name_of_its_own() -> None:
    kiosks = place(read_sites(), 61)
    names = [one.kiosk for one in kiosks]
    assert len(set(names)) == 61
    assert all(is_kiosk_name(name) for name in names)
    assert {"bdg-coblong-1", "bdg-bandung-wetan-1", "kab-ciwidey-1"} <= set(names)


def test_more_kiosks_than_sites_means_a_second_one_at_each() -> None:
    kiosks = place(read_sites(), 150)
    assert len({one.kiosk for one in kiosks}) == 150
    assert kiosks[61].kiosk == kiosks[0].kiosk.removesuffix("1") + "2"
    assert kiosks[61].site == kiosks[0].site


def test_this_machine_stands_where_it_is_told_and_the_others_follow() -> None:
    sites = read_sites()
    moved = first_at(sites, "32.04.37")
    assert place(moved, 2)[0].kiosk == "kab-soreang-1"
    assert place(moved, 2)[1].kiosk == "bdg-sukasari-1"
    assert sorted(moved) == sorted(sites)


def test_a_site_nobody_knows_is_refused_with_an_example() -> None:
    with pytest.raises(FileRefused, match=r"--site 32\.99\.01: no such site; .* 32\.04\.37"):
        first_at(read_sites(), "32.99.01")


def test_the_eight_farthest_of_the_kabupaten_stand_in_for_those_without_fibre() -> None:
    around = [one for one in read_sites() if one.code.startswith("32.04.")]
    farthest = sorted(around, key=km_from_centre)[-8:]
    assert {one.code for one in around if one.line == "thin"} == {one.code for one in farthest}
    assert all(one.line_source == "assumed" for one in around)


def test_the_city_has_fibre_everywhere() -> None:
    city = [one for one in read_sites() if one.code.startswith("32.73.")]
    assert {(one.line, one.line_source) for one in city} == {("fibre", "stated")}
    assert count_lines(place(read_sites(), 61)) == {"fibre": 53, "thin": 8}


def test_all_sites_lie_around_bandung() -> None:
    assert all(km_from_centre(one) < 45 for one in read_sites())


def test_a_file_of_kiosks_is_read_as_it_was_written(tmp_path: Path) -> None:
    sites = read_sites()
    kiosks = place(sites, 70)
    write_kiosks(tmp_path / "kiosks.csv", kiosks)
    assert read_kiosks(tmp_path / "kiosks.csv", sites) == kiosks


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no column"),
        ("code,name\n", "no column regency, lat, lng"),
        (HEAD, "no site"),
        (HEAD + "x,A,B,1,2\n", "line 2.*Kemendagri"),
        (HEAD + "32.73.01,A,B,1,2\n32.73.01,A,B,1,2\n", "line 3.*twice"),
        (HEAD + "32.73.01,A,B,north,2\n", "degrees"),
        (HEAD + "32.73.01,A,B,nan,2\n", "degrees"),
        (HEAD + "32.73.01,A,B,91,2\n", "beyond"),
        (HEAD + "32.73.01\n", "1 to 80"),
        (HEAD + "32.73.01,,B,1,2\n", "1 to 80"),
        ("code,name,regency,lat,lng,line\n32.73.01,A,B,1,2,copper\n", "line is one of"),
        (HEAD + '32.73.01,"A,B,1,2\n', "not a CSV"),
    ],
)
def test_a_bad_file_of_sites_is_refused_with_the_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "sites.csv"
    file.write_text(text)
    with pytest.raises(FileRefused, match=why):
        read_sites(file)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_bytes(HEAD.encode() + b"32.73.01,Caf\xe9,B,1,2\n")
    with pytest.raises(FileRefused, match="UTF-8"):
        read_sites(file)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Bad Name,32.73.01", "no kiosk name"),
        ("one-1,99.99", "no site"),
        ("one-1,32.73.01\none-1,32.73.02", "twice"),
    ],
)
def test_a_bad_file_of_kiosks_is_refused_with_the_line(tmp_path: Path, row: str, why: str) -> None:
    file = tmp_path / "kiosks.csv"
    file.write_text(f"kiosk,site\n{row}\n")
    with pytest.raises(FileRefused, match=f"line [23].*{why}"):
        read_kiosks(file, read_sites())


@given(some.text(max_size=80), some.integers(min_value=1, max_value=99_999))
def test_a_name_is_usable_or_refused(name: str, number: int) -> None:
    site = Site("32.73.01", name, "Kota Bandung", 0, 0)
    assert is_kiosk_name(kiosk_name(site, number))


@given(some.text(max_size=60))
def test_a_slug_is_plain(text: str) -> None:
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(slug(text)) == slug(text)
