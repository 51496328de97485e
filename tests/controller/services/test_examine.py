"""A document is looked at three times, and the later looks wait for the earlier ones."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from controller.services.examine import examine, normal, plain
from wire.service.tenant import Tenant


def test_a_shipped_pack_is_sound(pack: dict[str, Any], bandung: Tenant) -> None:
    found = examine(pack, bandung)
    assert found.sound, found.complaints


def test_what_fields_mean_together_is_asked_once_the_shape_is_right(
    pack: dict[str, Any], bandung: Tenant
) -> None:
    pack["agency"] = "tidak_ada"
    found = examine(pack, bandung)
    assert found.service is not None
    assert [one.where for one in found.complaints] == ["agency"]
    pack["code"] = "salah"
    assert [one.where for one in examine(pack, bandung).complaints] == ["code"]


def test_without_a_tenant_only_the_shape_is_asked(pack: dict[str, Any]) -> None:
    assert examine({**pack, "agency": "tidak_ada"}, None).sound


def test_of_many_complaints_the_first_are_told_and_the_rest_counted(
    pack: dict[str, Any],
) -> None:
    field = {"name": "A", "kind": "?", "label": {"id": ""}}
    found = examine({**pack, "fields": [field] * 50}, None)
    assert len(found.complaints) == 41
    assert "more" in found.complaints[-1].en


def test_what_goes_without_saying_is_not_said(pack: dict[str, Any]) -> None:
    loud = {**pack, "decree": "", "v": 1}
    assert normal(loud) == normal(pack)
    service = examine(pack, None).service
    assert service is not None
    assert plain(service) == normal(pack)


@given(st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text(max_size=9)))
def test_any_document_is_examined(document: dict[str, Any]) -> None:
    assert examine(document, None).complaints
    assert normal(document) == document
