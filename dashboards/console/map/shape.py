"""What the map hands to the page: a drawing of outlines or dots, in SVG units.

It knows no database and no colour: states are laid over it by class names at render time.
"""

from typing import NamedTuple

WIDTH = 1000.0  # SVG units; the height follows from the land


class BadLayer(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """The file is not a usable map layer; the operator who configured it must act."""


class Place(NamedTuple):
    """One site to draw. `lat` and `lng` in degrees."""

    code: str
    name: str
    regency: str
    lat: float
    lng: float


class Shape(NamedTuple):
    """One clickable thing: an outline, or a dot where `path` is empty.

    `codes` are the sites it stands for; `x`, `y` is where its label stands and `room` how many
    SVG units of text fit there (0: draw no label).
    """

    codes: tuple[str, ...]
    path: str
    x: float
    y: float
    room: float


class Drawing(NamedTuple):
    kind: str  # cells, layer or dots
    width: float
    height: float
    ground: str  # path data of the land below everything, may be empty
    shapes: tuple[Shape, ...]
