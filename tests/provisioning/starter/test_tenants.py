"""Both governments: their places are Kemendagri's, their words are there, their days are known."""

import csv
import re
from collections.abc import Iterator
from itertools import combinations

import msgspec
import pytest
import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from portal.catalogue import LOOK
from provisioning.release.starter import STARTER
from provisioning.sites import BANDUNG
from tests.support.starter import KABUPATEN, KOTA, places_of, tenant_of, words_in
from wire.service.days import parse
from wire.service.tenant import District, Holidays, encode

BOTH = pytest.mark.parametrize("code", [KOTA, KABUPATEN])


def shape(district: District) -> BaseGeometry:
    return shapely.union_all([Polygon(ring) for ring in district.outline])


def listed(code: str) -> Iterator[dict[str, str]]:
    with BANDUNG.open(encoding="utf-8") as file:
        yield from (row for row in csv.DictReader(file) if row["code"].startswith(code))


@pytest.mark.parametrize(("code", "districts", "villages"), [(KOTA, 30, 151), (KABUPATEN, 31, 280)])
def test_all_districts_and_villages_are_there(code: str, districts: int, villages: int) -> None:
    places = places_of(code)
    assert len(places.districts) == districts
    assert sum(len(one.villages) for one in places.districts) == villages
    assert {one.code: one.name for one in places.districts} == {
        row["code"]: row["name"] for row in listed(code)
    }
    for one in places.districts:
        assert all(village.code.startswith(f"{one.code}.") for village in one.villages)
        assert [village.code for village in one.villages] == sorted(
            {village.code for village in one.villages}
        )


@BOTH
def test_a_pin_falls_into_one_district_and_its_middle_into_its_own(code: str) -> None:
    shapes = {one.code: shape(one) for one in places_of(code).districts}
    assert all(one.is_valid and not one.is_empty for one in shapes.values())
    for row in listed(code):
        assert shapes[row["code"]].contains(Point(float(row["lng"]), float(row["lat"])))
    for one, other in combinations(shapes.values(), 2):
        assert one.intersection(other).area < 1e-7


@BOTH
def test_a_government_has_words_people_and_colours_that_can_be_read(code: str) -> None:
    tenant = tenant_of(code)
    assert all(words.su and words.en for words in words_in(tenant))
    agencies = {agency.code for agency in tenant.agencies}
    assert {each.agency for each in tenant.categories} <= agencies
    assert tenant.complaint_agency in agencies
    assert len({each.code for each in tenant.categories}) == len(tenant.categories) >= 16
    look = (STARTER / "tenants" / code / LOOK).read_text()
    colours = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", look))
    assert contrast(colours["--brand"], colours["--on-brand"]) >= 4.5
    assert sorted(day.weekday for day in tenant.hours) == [0, 1, 2, 3, 4]
    for day in tenant.hours:
        moments = [clock for pair in day.open for clock in pair]
        assert moments == sorted(set(moments))


def test_holidays_are_days_in_order_and_known_to_the_end_of_a_year() -> None:
    text = (STARTER / "holidays.json").read_bytes()
    known = msgspec.json.decode(text, type=Holidays)
    assert text == encode(known) + b"\n"
    assert list(known.days) == sorted(set(known.days))
    assert [parse(day) for day in known.days if day > known.known_until] == []
    assert {"2026-08-17", "2027-08-17", "2026-12-25"} <= set(known.days)


def test_the_whole_content_is_small_enough_for_a_thin_line() -> None:
    sizes = [path.stat().st_size for path in STARTER.rglob("*") if path.is_file()]
    assert sum(sizes) <= 6_000_000


def contrast(one: str, other: str) -> float:
    """WCAG's, of two colours as #rrggbb."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
