"""Documents of one tenant stand together, or it is said which of them do not."""

import msgspec
import pytest

from tests.support.packs import NO_FILMS, PLACES, service, tenant
from wire.service.document import Queue, Service
from wire.service.tenant import District, Places, Tenant, Village
from wire.service.together import problems

OTHER = service(code="KEC-LAIN")


def queue(code: str, letter: str, agency: str = "kecamatan") -> Service:
    return service(code=code, queue=Queue(letter=letter), agency=agency)


def found(
    *services: Service, whole: Tenant | None = None, places: Places = PLACES
) -> list[tuple[str, str]]:
    said = problems(services, whole or tenant(), places, NO_FILMS)
    return [(problem.path, problem.code) for problem in said]


def test_what_stands_together_is_left_alone() -> None:
    assert found(service(), OTHER, queue("KEC-A", "A"), queue("KEC-B", "A")) == []


@pytest.mark.parametrize(
    ("services", "problem"),
    [
        ((service(), service()), ("services/KEC-KARTU.json: code", "twice")),
        (
            (queue("KEC-A", "A"), queue("KEC-B", "A", "dukcapil")),
            ("services/KEC-B.json: queue.letter", "letter"),
        ),
        ((service(videos=("cara",)),), ("services/KEC-KARTU.json: videos[0]", "video")),
        ((service(regions=("32.73.99",)),), ("services/KEC-KARTU.json: regions[0]", "region")),
    ],
)
def test_what_does_not_is_named(services: tuple[Service, ...], problem: tuple[str, str]) -> None:
    assert found(*services) == [problem]


def test_agencies_that_are_named_must_be_there() -> None:
    lost = tenant(agencies=(), complaint_agency="tiada")
    assert found(whole=lost) == [
        ("tenant.json: categories[0].agency", "agency"),
        ("tenant.json: complaint_agency", "agency"),
    ]


def test_codes_of_the_tenant_are_there_once() -> None:
    whole = tenant()
    assert found(whole=msgspec.structs.replace(whole, groups=whole.groups * 2)) == [
        ("tenant.json: groups", "twice")
    ]


def test_places_are_there_once_and_of_this_tenant() -> None:
    elsewhere = District(
        code="32.04.05", name="Lain", villages=(Village(code="32.73.05.1001", name="Dua"),)
    )
    places = Places(districts=(*PLACES.districts, elsewhere))
    assert found(places=places) == [("places.json", "twice"), ("places.json", "region")]
