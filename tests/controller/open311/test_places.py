"""A point lies in one kecamatan, or in nobody's here."""

from controller.open311.places import district_at, known
from wire.service.tenant import District, Places, Village

SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
HOLE = ((0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0))
EAST = ((2.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 2.0))
PLACES = Places(
    districts=(
        District(
            code="32.73.01",
            name="Barat",
            villages=(Village(code="32.73.01.1001", name="Desa"),),
            outline=(SQUARE, HOLE),
        ),
        District(code="32.73.02", name="Timur", villages=(), outline=(EAST,)),
    )
)


def test_a_point_is_found_where_it_lies() -> None:
    assert district_at(PLACES, 1.5, 1.5) == "32.73.01"
    assert district_at(PLACES, 3.0, 1.0) == "32.73.02"


def test_holes_and_what_is_outside_are_nobodys() -> None:
    assert district_at(PLACES, 0.7, 0.7) == ""
    assert district_at(PLACES, 5.0, 1.0) == ""
    assert district_at(PLACES, 107.6, -6.9) == ""


def test_districts_and_their_villages_are_known_and_nothing_else() -> None:
    assert known(PLACES, "32.73.02")
    assert known(PLACES, "32.73.01.1001")
    assert not known(PLACES, "32.73.03")
    assert not known(PLACES, "")
