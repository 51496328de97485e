"""The form's rows are whole, whatever the document lacks."""

from typing import get_args

from dashboards.console.pages import service_edit
from dashboards.console.texts import load
from wire.service.document import STATES, FieldKind


def test_a_row_has_every_input() -> None:
    found = service_edit.rows({"steps": [{"state": "ready"}, "rusak"]}, "steps")
    assert found == [{"state": "ready", "by": "", "days": None, "to": ()}]
    assert service_edit.rows({"fields": "rusak"}, "fields") == []


def test_every_kind_and_state_has_a_word() -> None:
    for t in load().values():
        assert all(t.known(f"service_kind.{one}") for one in get_args(FieldKind))
        assert all(t.known(f"sub_state.{one}") for one in STATES)
        assert all(t.known(f"service_section.{one}") for one in service_edit.SECTIONS)
