"""Applying through the real server: as a citizen walks, and as somebody walks who should not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.handing import Handing, TrayFull
from tests.support.citizens import PLANTED, a_handing, forms_of
from tests.support.filling import APPLY, KEYS, NIK, Counter, counter, fill_in
from tests.support.offered import MONDAY, SERVICES, pack, service, words
from tests.support.shown import put
from tests.support.visitor import Visitor
from wire.submission import canonical

CHECK = f"{APPLY}/periksa"
RECEIPT = f"{APPLY}/tanda-terima"
SAID = {"nik": NIK, "nama": "Warga Contoh", "untuk": "lain"}
KINDS = [
    "text", "long_text", "integer", "rupiah", "date", "nik", "kk", "nop", "nib", "npwp", "phone",
    "email", "choice", "choices", "yes_no", "village", "photo", "note",
]  # fmt: skip
OPTIONS = [{"value": "a", "label": words("Satu")}, {"value": "b", "label": words("Dua")}]
EVERYTHING = service(
    "KEC-SEMUA-01",
    "Semua jenis",
    modes=["info", "apply"],
    fields=[
        {"name": f"f_{kind}", "kind": kind, "label": words(f"Isian {kind}"), "page": "semua",
         **({"options": OPTIONS} if kind.startswith("choice") else {})}
        for kind in KINDS
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    offered = {**SERVICES, "KEC-SEMUA-01": EVERYTHING}
    with counter(tmp_path_factory.mktemp("kiosk"), offered) as found:
        yield found


@pytest.fixture
def citizen(kiosk: Counter) -> Visitor:
    """Somebody new at the same screen."""
    visitor = Visitor(kiosk.portal)
    visitor.post("/selesai")
    return visitor


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return re.sub(r"<[^>]*>", "", found[1]).strip() if found else ""


def test_what_can_be_applied_for_is_listed_and_what_is_elsewhere_says_so(citizen: Visitor) -> None:
    page = citizen.get("/perizinan")
    assert f'href="{APPLY}"' in page
    assert 'href="/informasi/OSS-NIB-01"' in page
    assert "DKP-KTP-01" not in page


def test_before_the_first_question_stand_papers_costs_time_and_whose_the_data_is(
    citizen: Visitor,
) -> None:
    page = citizen.get(APPLY)
    for said in ("KTP-el", "1 hari kerja", "Gratis", "Data Anda milik Anda.", "contoh"):
        assert said.lower() in page.lower()


def test_an_application_goes_from_the_notice_to_a_number_in_two_screens_and_a_check(
    kiosk: Counter, citizen: Visitor
) -> None:
    before = len(kiosk.heads())
    assert citizen.post(APPLY) == f"{APPLY}/isi/nik"
    assert citizen.post(f"{APPLY}/isi/nik", **SAID) == f"{APPLY}/kontak"
    assert citizen.post(f"{APPLY}/kontak", phone="0812 0000 4321") == CHECK
    assert "KTP-el" in citizen.get(CHECK)  # what to bring
    assert citizen.post(CHECK) == RECEIPT
    head, content = kiosk.heads()[-1], kiosk.opened()[-1]
    assert len(kiosk.heads()) == before + 1
    assert (head.kind, head.service, head.place) == ("apply", "KEC-SKTM-01", "32.73.02")
    assert content.fields == {"nik": NIK, "nama": "Warga Contoh", "untuk": "lain"}
    assert (content.contact.name, content.tail) == ("Warga Contoh", "4321")
    page = citizen.get(RECEIPT)
    assert head.number in page
    assert "4321" in page
    assert "<svg" in page


def test_the_number_is_shown_only_when_the_record_lies_on_the_disk(
    kiosk: Counter, citizen: Visitor
) -> None:
    assert fill_in(citizen) == CHECK
    known = {one.number for one in kiosk.heads()}
    assert not any(number in citizen.get(CHECK) for number in known)
    assert citizen.get(RECEIPT).count("<dl") == 1  # led back to the check


def test_what_is_handed_in_twice_is_handed_in_once(kiosk: Counter, citizen: Visitor) -> None:
    fill_in(citizen)
    before = len(kiosk.heads())
    assert citizen.post(CHECK) == RECEIPT
    assert citizen.post(CHECK) == RECEIPT
    assert citizen.post(f"{APPLY}/isi/nik", nama="Orang lain") == RECEIPT
    assert len(kiosk.heads()) == before + 1


def test_an_error_stands_beside_its_field_and_keeps_what_was_typed(citizen: Visitor) -> None:
    citizen.post(APPLY)
    page = citizen.post(f"{APPLY}/isi/nik", nik="32730560109")
    assert 'class="error" id="f-nik-wrong"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="32730560109"' in page


def test_going_back_finds_a_name_as_written_and_a_number_of_identity_masked(
    citizen: Visitor,
) -> None:
    fill_in(citizen)
    page = citizen.get(f"{APPLY}/isi/nik")
    assert 'value="Warga Contoh"' in page
    citizen.get(CHECK)
    assert NIK not in page
    assert "3273••••••••0009" in page
    assert citizen.post(f"{APPLY}/isi/nik", **SAID | {"nik": ""}) == CHECK
    assert NIK not in citizen.get(CHECK)


def test_an_answer_changed_after_the_check_leads_back_to_it(citizen: Visitor) -> None:
    fill_in(citizen)
    citizen.get(CHECK)
    changed = SAID | {"nama": "Warga Lain"}
    assert citizen.post(f"{APPLY}/isi/nik", **changed) == CHECK
    changed["untuk"] = "sekolah"
    assert citizen.post(f"{APPLY}/isi/nik", **changed) == f"{APPLY}/isi/sekolah"


def test_what_is_asked_no_longer_is_not_handed_in(kiosk: Counter, citizen: Visitor) -> None:
    fill_in(citizen, untuk="sekolah", sekolah="SDN Contoh")
    citizen.get(CHECK)
    citizen.post(f"{APPLY}/isi/nik", **SAID)
    citizen.post(CHECK)
    assert "sekolah" not in kiosk.opened()[-1].fields


def test_a_form_left_half_way_leaves_nothing_behind(kiosk: Counter, citizen: Visitor) -> None:
    before = len(kiosk.heads())
    citizen.post(APPLY)
    citizen.post(f"{APPLY}/isi/nik", nik=NIK)
    citizen.post("/selesai")
    follower = Visitor(kiosk.portal)
    assert heading(follower.get(f"{APPLY}/isi/nik")) == "Surat Keterangan Tidak Mampu"
    assert NIK not in follower.get(APPLY)
    assert len(kiosk.heads()) == before
    for path in kiosk.tray.rglob("*"):
        assert not path.is_file() or NIK.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    "path", [CHECK, RECEIPT, f"{APPLY}/kontak", f"{APPLY}/isi/nik",
             f"{APPLY}/isi/tidak-ada", "/perizinan/TIDAK-ADA", "/perizinan/OSS-NIB-01",
             "/perizinan/TIDAK-ADA/isi/nik", "/foto/KEC-SKTM-01/nik"],
)  # fmt: skip
def test_an_address_of_the_middle_leads_to_what_is_open(citizen: Visitor, path: str) -> None:
    citizen.get(path)
    assert citizen.status == 200
    citizen.post(path)
    assert citizen.status in (200, 303, 405)


def test_the_check_cannot_be_had_without_the_questions(citizen: Visitor) -> None:
    citizen.post(APPLY)
    assert citizen.post(CHECK) == f"{APPLY}/isi/nik"
    citizen.post(f"{APPLY}/isi/nik", nik=NIK)
    assert citizen.post(CHECK) == f"{APPLY}/isi/nik"
    citizen.post(f"{APPLY}/isi/nik", **SAID)
    assert citizen.post(CHECK) == f"{APPLY}/kontak"


@pytest.mark.parametrize(
    "markup", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "{{7*7}}"]
)
def test_markup_in_a_name_stays_text(citizen: Visitor, markup: str) -> None:
    fill_in(citizen, nama=markup)
    page = citizen.get(CHECK)
    assert markup not in page or "{" in markup
    assert "49" not in re.findall(r"<dd>(.*?)</dd>", page)
    assert heading(page) == "Periksa jawaban Anda"


def test_every_language_has_the_whole_form(kiosk: Counter) -> None:
    for code, said in (("su", "Pariksa waleran anjeun"), ("en", "Check your answers")):
        visitor = Visitor(kiosk.portal)
        visitor.post("/selesai")
        visitor.post(f"/bahasa/{code}", to=APPLY)
        fill_in(visitor)
        assert heading(visitor.get(CHECK)) == said
        visitor.post(CHECK)
        assert kiosk.opened()[-1].language == code


def test_every_kind_of_question_is_drawn_and_refuses_nothing_typed_in_silence(
    citizen: Visitor,
) -> None:
    citizen.post("/perizinan/KEC-SEMUA-01")
    page = citizen.get("/perizinan/KEC-SEMUA-01/isi/semua")
    for kind in KINDS:
        assert f"Isian {kind}" in page
    again = citizen.post("/perizinan/KEC-SEMUA-01/isi/semua")
    assert again.count('class="error"') == len(KINDS) - 1  # a note asks nothing


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(
        st.sampled_from([f"f_{kind}" for kind in KINDS] + ["then", "nik"]),
        st.lists(st.text(max_size=300), max_size=4),
    )
)
def test_whatever_is_typed_into_any_field_the_server_answers_with_a_page(
    kiosk: Counter, typed: dict[str, list[str]]
) -> None:
    visitor = Visitor(kiosk.portal)
    visitor.post("/perizinan/KEC-SEMUA-01")
    clean = {
        name: [one.encode("utf-8", "ignore").decode() for one in some]
        for name, some in typed.items()
    }
    visitor.post("/perizinan/KEC-SEMUA-01/isi/semua", **clean)
    assert visitor.status in (200, 303)


def test_three_hundred_pages_in_a_field_are_refused_as_too_long(citizen: Visitor) -> None:
    citizen.post(APPLY)
    page = citizen.post(f"{APPLY}/isi/nik", **SAID | {"nama": "halaman " * 75_000})
    assert citizen.status == 200
    assert 'id="f-nama-wrong"' in page


def test_a_pack_that_changes_meanwhile_changes_nothing_for_who_is_in_the_middle(
    tmp_path: Path,
) -> None:
    with counter(tmp_path) as found:
        citizen = found.visitor
        citizen.post(APPLY)
        citizen.post(f"{APPLY}/isi/nik", nik=NIK)
        newer = {**SERVICES["KEC-SKTM-01"], "revision": 2, "fields": []}
        release_two(tmp_path / "content", newer)
        citizen.post(f"{APPLY}/isi/nik", **SAID)
        citizen.post(f"{APPLY}/kontak")
        assert citizen.post(CHECK) == RECEIPT
        assert found.heads()[0].revision == pack("KEC-SKTM-01").revision
        citizen.post("/selesai")
        assert Visitor(found.portal).post(APPLY) == f"{APPLY}/kontak"  # the next one has the new


def release_two(content: Path, changed: dict[str, Any]) -> None:
    from tests.support.offered import tree  # noqa: PLC0415

    put(content, 2, tree({"KEC-SKTM-01": changed}) | {"keys.json": canonical(KEYS.public)})


def test_a_full_tray_is_said_before_anybody_fills_in_anything(tmp_path: Path) -> None:
    class Full(Handing):
        def check(self) -> None:
            raise TrayFull("5000 records wait here")

    tray = tmp_path / "tray"
    full = Full(
        tray, "bandung-coblong-01", "32.73.02", lambda: KEYS.public, wall_ms=lambda: MONDAY,
        sure=lambda: True,
    )  # fmt: skip
    with counter(tmp_path, handing=full) as found:
        page = found.visitor.get(APPLY)
        assert "penuh" in page
        assert "Saya mengerti" not in page
        assert "penuh" in found.visitor.post(APPLY)


def test_without_a_key_of_the_office_nothing_begins(tmp_path: Path) -> None:
    with counter(tmp_path, handing=None) as found:
        assert "belum dapat menerima" in found.visitor.get(APPLY)
        assert "belum dapat menerima" in found.visitor.post(APPLY)


def test_what_cannot_be_stored_gives_no_number_and_keeps_the_answers(tmp_path: Path) -> None:
    gone = a_handing(tmp_path / "tray", KEYS, wall_ms=lambda: MONDAY)
    with counter(tmp_path, handing=gone) as found:
        assert fill_in(found.visitor) == CHECK
        (tmp_path / "tray" / "out").rename(tmp_path / "elsewhere")
        page = found.visitor.post(CHECK)
        assert "tidak dapat disimpan" in page
        assert "Warga Contoh" in page
        (tmp_path / "elsewhere").rename(tmp_path / "tray" / "out")
        assert found.visitor.post(CHECK) == RECEIPT


def test_row_59_no_file_of_the_portal_shows_a_number_of_identity(
    kiosk: Counter, citizen: Visitor
) -> None:
    fill_in(citizen, nik=PLANTED)
    citizen.post(CHECK)
    files = [path for path in kiosk.tray.rglob("*") if path.is_file()]
    for needle in forms_of(PLANTED):
        assert not any(needle in path.read_bytes() for path in files)
