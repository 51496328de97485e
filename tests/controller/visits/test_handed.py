"""Visits by a form, by a file, by a program."""

import pytest

from controller.services.said import Unreadable
from controller.visits import handed, sheet
from controller.visits.handed import Typed
from controller.visits.whose import Whose
from wire.citizen import Visit
from wire.service.days import DAY_MS
from wire.service.tenant import Places, Tenant

NOW = 1_795_000_000_000  # 18 November 2026
TYPED = Typed("2026-12-01", "08:00", "12:00", "32.73.02", "Aula Dago", "KTP-el, KK", "60", "")


@pytest.fixture
def city(tenant: Tenant, places: Places) -> Whose:
    return Whose(tenant, places)


def program(**said: object) -> Visit:
    usual = {"uid": "a", "starts": NOW, "ends": NOW + DAY_MS // 4, "district": "32.73.02",
             "place": "Aula", "services": ("KK",)}  # fmt: skip
    return Visit(**(usual | said))  # type: ignore[arg-type]


def test_a_form_makes_one_visit_and_the_same_form_the_same_one(city: Whose) -> None:
    found = handed.from_form(TYPED, city, NOW)
    (visit,) = found.visits
    assert (found.tenant, found.source, visit.district) == ("32.73", "form", "32.73.02")
    assert (visit.services, visit.quota) == (("KTP-el", "KK"), 60)
    assert handed.from_form(TYPED._replace(quota="9"), city, NOW).visits[0].uid == visit.uid


def test_a_village_brings_its_district(city: Whose) -> None:
    village = city.places.districts[0].villages[0].code
    (visit,) = handed.from_form(TYPED._replace(place=village), city, NOW).visits
    assert (visit.district, visit.village) == (city.places.districts[0].code, village)


@pytest.mark.parametrize(
    "wrong",
    [{"place": "32.04.05"}, {"place": ""}, {"day": "besok"}, {"ends": "07:00"}, {"where": " "},
     {"services": ""}, {"quota": "-1"}, {"quota": "٣"}, {"day": "2062-12-01"}],
)  # fmt: skip
def test_what_is_wrong_in_a_form_is_said(city: Whose, wrong: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as said:
        handed.from_form(TYPED._replace(**wrong), city, NOW)
    assert said.value.complaints[0].of("id")


def test_a_file_is_read_by_the_end_of_its_name(city: Whose) -> None:
    assert handed.from_file("Jadwal.XLSX", sheet.blank(), city, NOW).source == "xlsx"
    for name in ("jadwal.ics", "jadwal.pdf", ""):
        with pytest.raises(Unreadable):
            handed.from_file(name, sheet.blank(), city, NOW)


def test_a_program_is_told_of_each_place_and_hour_that_cannot_be(city: Whose) -> None:
    assert handed.from_program([program()], city, NOW).source == "api"
    wrong = [
        program(uid="elsewhere", district="32.04.05"),
        program(uid="of another", village="32.73.01.1001", district="32.73.02"),
        program(uid="backwards", ends=NOW - 1),
        program(uid="endless", ends=NOW + 2 * DAY_MS),
    ]
    with pytest.raises(Unreadable) as said:
        handed.from_program(wrong, city, NOW)
    assert [one.where for one in said.value.complaints] == [one.uid for one in wrong]
