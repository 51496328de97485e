"""In by any door, the same document; complaints of a workbook name its rows."""

from collections.abc import Callable
from typing import Any

import pytest

from controller.services import doors
from controller.services.examine import normal
from controller.services.said import Unreadable
from wire.service.tenant import Tenant


@pytest.fixture
def known(bandung: Tenant) -> Callable[[str], Tenant | None]:
    return lambda code: bandung if code == bandung.code else None


@pytest.mark.parametrize("kind", sorted(doors.TYPES))
def test_every_door_brings_the_same(kind: str, pack: dict[str, Any], known: Any) -> None:
    found = doors.bring(f"paket.{kind}", doors.write(pack, kind), known)
    assert found.document == normal(pack)
    assert found.examined.sound


def test_a_workbook_is_complained_of_by_sheet_and_row(pack: dict[str, Any], known: Any) -> None:
    pack["fields"][1]["name"] = "Huruf Besar"
    found = doors.bring("a.xlsx", doors.write(pack, "xlsx"), known)
    assert [one.where for one in found.examined.complaints] == ["isian, baris 3, name"]


def test_a_file_that_names_no_tenant_goes_to_the_one_it_was_handed_to(
    pack: dict[str, Any], known: Any
) -> None:
    del pack["tenant"]
    assert doors.bring("a.json", doors.write(pack, "json"), known, "32.73").examined.sound


@pytest.mark.parametrize("name", ["a.xls", "a.xlsm", "a", "a.exe"])
def test_another_kind_of_file_is_refused(name: str, known: Any) -> None:
    with pytest.raises(Unreadable, match=r"as \.xlsx first"):
        doors.bring(name, b"x", known)
