"""The operator's own borders: read, refused with a sentence, matched to sites, drawn."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.console.map import layer
from dashboards.console.map.shape import BadLayer, Place


def square(west: float, south: float, **properties: Any) -> dict[str, Any]:
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    ring = [[west + x, south + y] for x, y in corners]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


THREE = collection(square(107, -7, kode="32.73.01"), square(108, -7, name="Regol"), square(109, -7))


def test_a_place_is_found_by_code_by_name_or_by_where_it_lies() -> None:
    features = layer.parse(THREE, "map")
    assert layer.owner(features, Place("32.73.01", "x", "", 0, 0)) == 0
    assert layer.owner(features, Place("x", "REGOL", "", 0, 0)) == 1
    assert layer.owner(features, Place("x", "y", "", -6.5, 109.5)) == 2
    assert layer.owner(features, Place("x", "y", "", 5, 5)) is None


def test_borders_without_a_place_are_ground_and_places_without_borders_are_dots() -> None:
    drawing = layer.draw(
        layer.parse(THREE, "map"),
        [Place("32.73.01", "a", "", -6.5, 107.5), Place("far", "b", "", -5, 107.2)],
    )
    assert drawing.kind == "layer"
    assert drawing.ground.count("M") == 2
    assert [bool(shape.path) for shape in drawing.shapes] == [True, False]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not a readable"),
        ("[]", "FeatureCollection"),
        ("[" * 100_000, "not a readable"),
        (json.dumps(collection()), "no features"),
        (json.dumps(collection({"type": "Feature"})), "feature 1 has no geometry"),
        (json.dumps(collection(square(107, -7), square(200, -7))), "feature 2: .*degrees"),
        (
            json.dumps(collection({"geometry": {"type": "Point", "coordinates": [1, 2]}})),
            "no Polygon",
        ),
        (
            json.dumps(collection({"geometry": {"type": "Polygon", "coordinates": "x"}})),
            "cannot be read",
        ),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "map.geojson"
    file.write_text(text)
    with pytest.raises(BadLayer, match=complaint):
        layer.load(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLayer, match="not a readable"):
        layer.load(tmp_path / "none")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@given(json_values, json_values)
def test_only_bad_layer_comes_out_of_any_document(geometry: Any, top: Any) -> None:
    for document in (top, collection({"geometry": geometry}), collection(top)):
        with pytest.raises(BadLayer):
            layer.parse(document, "map")


@given(st.lists(json_values, max_size=3))
def test_only_bad_layer_comes_out_of_any_coordinates(coordinates: list[Any]) -> None:
    shape = {"type": "Polygon", "coordinates": coordinates}
    with pytest.raises(BadLayer):
        layer.parse(collection({"geometry": shape}), "map")
