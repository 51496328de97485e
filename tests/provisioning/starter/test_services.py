"""Every service pack we ship reads, makes sense, speaks three languages and can be filled in."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from provisioning.release.starter import STARTER
from tests.support.starter import (
    KABUPATEN,
    KOTA,
    files,
    places_of,
    services_of,
    tenant_of,
    words_in,
)
from wire.service import check, document, form, template, together, values
from wire.service.days import Date
from wire.service.document import Field, Service
from wire.service.expression import Value, names, parse
from wire.service.screens import screens
from wire.service.tenant import Films, encode, folder

TODAY = Date(2026, 11, 22)
GROWN, CHILD = "3273050101900001", "3273050105150001"
TYPED = {
    "text": "Warga Contoh",
    "long_text": "Jalan Contoh 1, RT 01 RW 02",
    "integer": "2",
    "rupiah": "1.500.000",
    "date": "22-11-2026",
    "kk": "3273050101200001",
    "nop": "327305000100100010",
    "nib": "9120000000001",
    "npwp": "012345678901000",
    "phone": "081200000001",
    "email": "warga@contoh.id",
    "yes_no": "ya",
    "photo": "a" * 64,
}
# What the government's table and the neighbour's agreement name, at least.
WANTED = {
    KOTA: "OSS-NIB OSS-IZIN MPPD-SIP SIMBG-PBG SIMBG-SLF PTSP-REKLAME DUK-KTPEL DUK-KK DUK-KIA "
    "DUK-LAHIR DUK-MATI DUK-PINDAH DUK-SKTS KEL-NIKAH KEC-SKTM KEC-DOMISILI KEC-USAHA KEC-WARIS "
    "KEC-SKCK KEC-RAMAI BAPENDA-PBB BAPENDA-KEBERATAN LAPOR-SP4N PPID-INFORMASI",
    KABUPATEN: "BKAD-APBD BAPENDA-PBB BAPENDA-PAJAK DINKES-PUSKESMAS RSUD-RUJUKAN OSS-NIB "
    "SIMBG-PBG DISHUB-PJU DISDIK-MUTASI LAPOR-SP4N DISDAG-TERA DUK-KTPEL DUK-KK DUK-LAHIR",
}


FILES = [*files(KOTA), *files(KABUPATEN)]
FORMS = [path for path in FILES if "apply" in document.read(path.read_bytes()).modes]


def name_of(path: Path) -> str:
    return f"{path.parts[-3]}-{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_pack_makes_sense_and_is_a_sample_until_somebody_signs_it(path: Path) -> None:
    service = document.read(path.read_bytes())
    assert check.problems(service, tenant_of(service.tenant)) == ()
    assert path == STARTER / folder(service.tenant) / "services" / f"{service.code}.json"
    assert path.read_bytes() == encode(service) + b"\n"
    assert service.is_sample


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_pack_says_all_fourteen_components_in_three_languages(path: Path) -> None:
    service = document.read(path.read_bytes())
    said = service.standard
    assert all(getattr(said, name) for name in said.__struct_fields__ if name != "requirements")
    assert said.requirements or service.code == "BKAD-APBD"
    for words in words_in(service):
        assert words.id.strip(), path
        assert words.su.strip(), words.id
        assert words.en.strip(), words.id


@pytest.mark.parametrize("code", [KOTA, KABUPATEN])
def test_the_services_of_a_government_go_together(code: str) -> None:
    services = services_of(code)
    films = msgspec.json.decode((STARTER / "films.json").read_bytes(), type=Films)
    assert together.problems(services, tenant_of(code), places_of(code), films) == ()
    assert set(WANTED[code].split()) <= {service.code for service in services}
    assert {service.group for service in services} == {
        group.code for group in tenant_of(code).groups
    }


@pytest.mark.parametrize("choice", range(6))
@pytest.mark.parametrize("path", FORMS, ids=name_of)
def test_a_citizen_can_fill_in_every_form_to_its_end(path: Path, choice: int) -> None:
    service = document.read(path.read_bytes())
    villages = [
        village.code
        for district in places_of(service.tenant).districts
        for village in district.villages
    ]
    answers: dict[str, Value] = {}
    for _ in range(20):
        unanswered = _next(service, answers)
        if unanswered is None:
            break
        typed = {field.name: _typed(field, choice, villages) for field in unanswered.fields}
        done = form.fill(service, unanswered, typed, answers, TODAY, villages=villages)
        assert done.problems == ()
        answers = done.answers
    assert form.complete(service, answers, TODAY, villages=villages) == ()
    assert form.requirements(service, answers, TODAY) or not service.standard.requirements
    assert form.fees(service, answers, TODAY)
    assert values.mask("phone", answers["hp"]) != answers["hp"]


@pytest.mark.parametrize("path", FORMS, ids=name_of)
def test_no_question_appears_on_a_page_that_was_answered(path: Path) -> None:
    """What is asked because of an answer stands on a later page than that answer."""
    service = document.read(path.read_bytes())
    whole = {one.name: at for at, some in enumerate(screens(service)) for one in some}
    for field in service.fields:
        wants = names(parse(field.when)) if field.when else ()
        assert all(whole[name] < whole[field.name] for name in wants), field.name


@pytest.mark.parametrize("path", FORMS, ids=name_of)
def test_no_form_has_more_screens_of_questions_than_five(path: Path) -> None:
    """Nor a picture twice: once as a question and once as a paper."""
    service = document.read(path.read_bytes())
    assert len(screens(service)) <= 5
    photos = [one for one in service.standard.requirements if one.how == "photo"]
    assert not photos or not any(field.kind == "photo" for field in service.fields)


@pytest.mark.parametrize("path", FORMS, ids=name_of)
def test_file_numbers_tell_service_or_year(path: Path) -> None:
    service = document.read(path.read_bytes())
    number = template.file_number(
        service.number, code=service.code, place="32.73.05", day=TODAY, serial=7
    )
    assert "2026" in number
    assert "7" in number


def _next(service: Service, answers: dict[str, Value]) -> form.Page | None:
    """The first page with a question that needs an answer and has none."""
    for page in form.pages(service, answers, TODAY):
        asked = (field for field in page.fields if field.kind != "note")
        if any(field.required and field.name not in answers for field in asked):
            return page
    return None


def _typed(field: Field, choice: int, villages: Sequence[str]) -> list[str]:
    if field.kind in ("choice", "choices"):
        return [field.options[choice % len(field.options)].value]
    if field.kind == "village":
        return [villages[choice]]
    if field.kind == "nik":
        return [CHILD if field.name in ("nik_anak", "nik_murid") else GROWN]
    if field.kind == "note":
        return []
    return ["2026" if field.name == "tahun" else TYPED[field.kind]]
