"""Dots: a country on one picture."""

import random

from dashboards.console.map import dots
from dashboards.console.map.shape import Place


def country(count: int) -> list[Place]:
    dice = random.Random(7)
    return [
        Place(f"c{n}", "n", "r", dice.uniform(-10, 5), dice.uniform(95, 141)) for n in range(count)
    ]


def test_every_site_is_in_exactly_one_dot() -> None:
    codes = [code for shape in dots.draw(country(5_000)).shapes for code in shape.codes]
    assert sorted(codes) == sorted(place.code for place in country(5_000))


def test_a_country_of_84_000_sites_is_some_hundred_dots() -> None:
    assert len(dots.draw(country(84_000)).shapes) < 2_500


def test_sites_at_one_point_can_be_drawn() -> None:
    assert len(dots.draw([Place("a", "n", "r", -7, 107)] * 3).shapes) == 1
