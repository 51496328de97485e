"""What is wrong between documents of one tenant, each of which may be right alone. Pure.

`path` begins with the document, as in "services/KEC-SKTM.json: queue.letter".
"""

from collections.abc import Collection, Iterator, Sequence

from wire.service.document import Service
from wire.service.problem import Problem
from wire.service.tenant import Films, Places, Tenant


def problems(
    services: Sequence[Service], tenant: Tenant, places: Places, films: Films
) -> tuple[Problem, ...]:
    """(): they may stand in one release together."""
    return (
        *_tenant(tenant, places),
        *_codes(services),
        *_letters(services),
        *(problem for service in services for problem in _refers(service, places, films)),
    )


def _tenant(tenant: Tenant, places: Places) -> Iterator[Problem]:
    agencies = {agency.code for agency in tenant.agencies}
    wanted = [
        (f"categories[{at}].agency", each.agency) for at, each in enumerate(tenant.categories)
    ]
    for path, agency in [*wanted, ("complaint_agency", tenant.complaint_agency)]:
        if agency not in agencies:
            yield Problem(f"tenant.json: {path}", "agency", f"Instansi {agency} belum terdaftar.",
                          f"There is no agency {agency}.")  # fmt: skip
    for name, codes in (
        ("agencies", [agency.code for agency in tenant.agencies]),
        ("groups", [group.code for group in tenant.groups]),
        ("categories", [category.code for category in tenant.categories]),
    ):
        for code in _twice(codes):
            yield Problem(f"tenant.json: {name}", "twice", f"Kode {code} ada dua kali.",
                          f"The code {code} is there twice.")  # fmt: skip
    for code in _twice(_codes_of(places)):
        yield Problem("places.json", "twice", f"Wilayah {code} ada dua kali.",
                      f"The place {code} is there twice.")  # fmt: skip
    for code in _codes_of(places):
        if not code.startswith(tenant.code + "."):
            yield Problem("places.json", "region", f"{code} bukan bagian dari {tenant.code}.",
                          f"{code} is no part of {tenant.code}.")  # fmt: skip


def _codes(services: Sequence[Service]) -> Iterator[Problem]:
    for code in _twice([service.code for service in services]):
        yield Problem(f"services/{code}.json: code", "twice",
                      f"Kode {code} dipakai dua layanan.",
                      f"Two services are called {code}.")  # fmt: skip


def _letters(services: Sequence[Service]) -> Iterator[Problem]:
    """Two services of one agency may call from one queue; of two agencies they may not."""
    owners: dict[str, str] = {}
    for service in services:
        if service.queue and owners.setdefault(service.queue.letter, service.agency) != (
            service.agency
        ):
            letter = service.queue.letter
            yield Problem(f"services/{service.code}.json: queue.letter", "letter",
                          f"Huruf antrian {letter} sudah dipakai instansi lain.",
                          f"The letter {letter} is another agency's queue already.")  # fmt: skip


def _refers(service: Service, places: Places, films: Films) -> Iterator[Problem]:
    here = f"services/{service.code}.json:"
    known = {film.code for film in films.films}
    for at, video in enumerate(service.videos):
        if video not in known:
            yield Problem(f"{here} videos[{at}]", "video", f"Video {video} tidak ada.",
                          f"There is no film {video}.")  # fmt: skip
    regions = set(_codes_of(places)) | {service.tenant}
    for at, region in enumerate(service.regions):
        if region not in regions:
            yield Problem(f"{here} regions[{at}]", "region", f"Wilayah {region} tidak ada.",
                          f"There is no place {region}.")  # fmt: skip


def _codes_of(places: Places) -> list[str]:
    villages = [village.code for district in places.districts for village in district.villages]
    return [district.code for district in places.districts] + villages


def _twice(codes: Collection[str]) -> list[str]:
    seen: set[str] = set()
    return [code for code in codes if code in seen or seen.add(code)]  # type: ignore[func-returns-value]
