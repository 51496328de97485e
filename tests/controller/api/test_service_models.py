"""What the API gives of a pack is what the office has of it."""

from controller.api import service_models as models
from controller.services.shapes import Line, Pack


def test_every_column_of_a_pack_is_given() -> None:
    assert set(models.Pack.model_fields) == set(Pack._fields)
    assert set(models.Line.model_fields) == set(Line._fields)
