"""The shapes of visits that the API takes."""

from controller.api import visit_models as models
from wire.citizen import Visit


def test_what_a_program_gives_is_a_visit_of_the_wire() -> None:
    given = models.GivenVisit(
        uid="a", starts=1, ends=2, district="32.73.02", place="Aula", services=["KK"]
    )
    assert given.visit() == Visit(
        uid="a", starts=1, ends=2, district="32.73.02", place="Aula", services=("KK",)
    )


def test_every_field_of_the_wires_visit_is_told() -> None:
    assert set(Visit.__struct_fields__) <= set(models.VisitRow.model_fields)
    assert set(Visit.__struct_fields__) == set(models.GivenVisit.model_fields)
