"""The document's shapes are the house's own rows: no field is forgotten or made up."""

import pytest
from pydantic import BaseModel

from controller import fault_desk, fleet, history, kiosk_list, kiosk_page, office
from controller.api import models


@pytest.mark.parametrize(
    ("model", "row", "hidden"),
    [
        (models.Kiosk, kiosk_list.KioskRow, {"id"}),
        (models.KioskDetail, kiosk_page.KioskPage, set()),
        (models.Thread, kiosk_page.Thread, set()),
        (models.Verdict, kiosk_page.Verdict, set()),
        (models.ProbeReading, kiosk_page.ProbeNow, set()),
        (models.Fault, fault_desk.FaultRow, set()),
        (models.Note, fault_desk.Note, set()),
        (models.Acknowledged, fault_desk.Acknowledged, set()),
        (models.Flip, history.FlipRow, set()),
        (models.Series, history.Series, set()),
        (models.Site, fleet.SiteSummary, set()),
        (models.Counts, fleet.Counts, set()),
        (models.Controller, office.Controller, {"counters", "link_since"}),
        (models.Deafness, office.Deafness, set()),
    ],
)
def test_a_model_has_the_fields_of_its_row(
    model: type[BaseModel], row: type[tuple[object, ...]], hidden: set[str]
) -> None:
    fields: tuple[str, ...] = row._fields  # type: ignore[attr-defined]
    assert list(model.model_fields) == [name for name in fields if name not in hidden]
