"""Complaining through the real server: seven screens, three of them one touch each."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.citizens import PLANTED, forms_of
from tests.support.filling import Counter, counter
from tests.support.offered import MONDAY
from tests.support.visitor import Visitor
from wire.citizen import Reported, Sync

VILLAGE = "32.73.02.1001"
CHECK = "/pengaduan/periksa"
RECEIPT = "/pengaduan/tanda-terima"
STORY = "Jalan berlubang besar di depan pasar"
KNOWN = Reported(
    category="jalan", village=VILLAGE, count=3, newest=MONDAY, number="261101-0001-ABCDE-F"
)
SYNC = Sync(at=MONDAY, reported=(KNOWN,))


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter(tmp_path_factory.mktemp("kiosk"), sync=lambda: SYNC) as found:
        yield found


@pytest.fixture
def citizen(kiosk: Counter) -> Visitor:
    visitor = Visitor(kiosk.portal)
    visitor.post("/selesai")
    return visitor


def tell(visitor: Visitor, **changed: str) -> str:
    """Through all questions to the check; its address."""
    said = {
        "category": "jalan",
        "village": VILLAGE,
        "text": STORY,
        "anonymity": "named",
        "name": "Warga Contoh",
        "phone": "081200004321",
    } | changed
    visitor.post("/pengaduan", **{"class": said.get("class", "complaint")})
    visitor.post("/pengaduan/kategori", category=said["category"])
    visitor.post("/pengaduan/tempat", village=said["village"])
    visitor.post(
        "/pengaduan/cerita", **{n: said[n] for n in ("text", "where", "like") if n in said}
    )
    who = {name: said[name] for name in ("anonymity", "name", "phone", "pin") if name in said}
    return visitor.post("/pengaduan/pelapor", **who)


def test_danger_is_asked_for_before_anything_else(citizen: Visitor) -> None:
    page = citizen.get("/pengaduan")
    assert page.index("112") < page.index('name="class"')
    assert "dalam bahaya" in page


def test_a_complaint_goes_from_the_gate_to_a_number_with_its_three_clocks(
    kiosk: Counter, citizen: Visitor
) -> None:
    assert citizen.post("/pengaduan", **{"class": "complaint"}) == "/pengaduan/kategori"
    assert citizen.post("/pengaduan/kategori", category="jalan") == "/pengaduan/tempat"
    assert citizen.post("/pengaduan/tempat", village=VILLAGE) == "/pengaduan/cerita"
    assert citizen.post("/pengaduan/cerita", text=STORY) == "/pengaduan/pelapor"
    assert citizen.post("/pengaduan/pelapor", anonymity="anonymous", pin="4821") == CHECK
    assert citizen.post(CHECK) == RECEIPT
    head, content = kiosk.heads()[-1], kiosk.opened()[-1]
    assert (head.kind, head.service, head.category) == ("complain", "ADU-UMUM", "jalan")
    assert head.place == VILLAGE
    assert content.fields == {"class": "complaint", "text": STORY, "village": VILLAGE}
    assert (content.contact.anonymity, content.tail) == ("anonymous", "4821")
    page = citizen.get(RECEIPT)
    for said in (head.number, "26 November 2026", "3 Desember 2026", "17 Desember 2026", "4821"):
        assert said in page


def test_what_is_handed_in_twice_is_handed_in_once(kiosk: Counter, citizen: Visitor) -> None:
    tell(citizen)
    before = len(kiosk.heads())
    assert citizen.post(CHECK) == RECEIPT
    assert citizen.post(CHECK) == RECEIPT
    assert citizen.post("/pengaduan/cerita", text="Lain lagi ceritanya") == RECEIPT
    assert len(kiosk.heads()) == before + 1


def test_a_second_complaint_begins_with_nothing_of_the_first(citizen: Visitor) -> None:
    tell(citizen)
    citizen.post(CHECK)
    assert citizen.post("/pengaduan", **{"class": "wish"}) == "/pengaduan/kategori"
    assert STORY not in citizen.get("/pengaduan/cerita")


def test_who_changes_one_answer_comes_back_to_the_check(citizen: Visitor) -> None:
    tell(citizen)
    assert citizen.post("/pengaduan/kategori", category="banjir") == CHECK
    assert "Banjir" in citizen.get(CHECK)


def test_a_category_for_emergencies_says_the_number_again(citizen: Visitor) -> None:
    citizen.post("/pengaduan", **{"class": "complaint"})
    assert "Bila darurat: 112" in citizen.get("/pengaduan/kategori")


def test_villages_of_the_own_kecamatan_stand_first_and_others_a_touch_away(
    citizen: Visitor,
) -> None:
    citizen.post("/pengaduan", **{"class": "complaint"})
    citizen.post("/pengaduan/kategori", category="jalan")
    page = citizen.get("/pengaduan/tempat")
    assert "Dago" in page
    assert "Campaka" not in page
    assert "Campaka" in citizen.get("/pengaduan/tempat?kec=32.73.05")
    assert "Dago" in citizen.get("/pengaduan/tempat?kec=99.99.99") or citizen.status == 200


def test_what_is_known_already_is_said_and_may_be_joined(kiosk: Counter, citizen: Visitor) -> None:
    tell(citizen, like="1")
    assert "Sudah ada 3 laporan serupa" in citizen.get("/pengaduan/cerita")
    citizen.post(CHECK)
    assert kiosk.opened()[-1].like == KNOWN.number
    citizen.post("/selesai")
    other = Visitor(kiosk.portal)
    tell(other, category="banjir", like="1")
    assert "Sudah ada" not in other.get("/pengaduan/cerita")
    other.post(CHECK)
    assert kiosk.opened()[-1].like == ""


def test_too_short_a_story_stays_with_a_sentence_beside_it(citizen: Visitor) -> None:
    tell(citizen)
    page = citizen.post("/pengaduan/cerita", text="rusak")
    assert "Tulis sedikit lebih banyak" in page
    assert ">rusak</textarea>" in page


def test_a_picture_may_come_before_the_story_and_loses_nothing_of_it(citizen: Visitor) -> None:
    tell(citizen)
    citizen.post("/pengaduan", **{"class": "wish"})
    album = "/foto/pengaduan/bukti"
    assert citizen.post("/pengaduan/cerita", where="Pasar", then="foto") == album
    assert 'value="Pasar"' in citizen.get("/pengaduan/cerita")
    assert ">rusak</textarea>" in citizen.post("/pengaduan/cerita", text="rusak", then="foto")
    assert citizen.post("/pengaduan/cerita", text=STORY, then="peta") == "/pengaduan/peta"


def test_nobody_is_asked_for_a_name_who_does_not_want_to_give_it(
    kiosk: Counter, citizen: Visitor
) -> None:
    tell(citizen, anonymity="anonymous")
    citizen.post(CHECK)
    sealed = kiosk.opened()[-1]
    assert (sealed.contact.name, sealed.contact.phone, sealed.tail) == ("", "", "")
    assert "hanya dapat ditanyakan kepada petugas" in citizen.get(RECEIPT)


def test_a_pin_on_the_map_lies_where_it_was_touched_however_large_the_map_is(
    kiosk: Counter, citizen: Visitor
) -> None:
    tell(citizen)
    for width in ("640", "320"):
        half = str(int(width) // 2)
        citizen.post("/pengaduan/peta", **{"pin.x": half, "pin.y": half, "width": width})
        assert "<circle" in citizen.get("/pengaduan/peta.svg")
        citizen.post(CHECK) if width == "320" else None
    point = kiosk.opened()[-1].point
    assert point is not None
    assert (point.lat, point.lng) == pytest.approx((-6.885, 107.61), abs=0.001)


@pytest.mark.parametrize("touch", ["-5", "1e9", "nan", "inf", "kiri", ""])
def test_a_touch_that_is_none_leaves_no_pin(citizen: Visitor, touch: str) -> None:
    tell(citizen)
    for width in ("640", touch):
        sent = {"pin.x": touch, "pin.y": touch, "width": width}
        assert citizen.post("/pengaduan/peta", **sent) == "/pengaduan/peta"
    assert "<circle" not in citizen.get("/pengaduan/peta.svg")


def test_a_pin_goes_with_its_kecamatan_is_told_when_outside_and_may_be_taken_away(
    citizen: Visitor,
) -> None:
    tell(citizen)
    citizen.post("/pengaduan/peta", **{"pin.x": "320", "pin.y": "320", "width": "640"})
    citizen.post("/pengaduan/tempat", village="32.73.05.1001")
    assert "<circle" not in citizen.get("/pengaduan/peta.svg")
    assert "Peta kecamatan ini belum ada" in citizen.get("/pengaduan/peta")
    citizen.post("/pengaduan/tempat", village=VILLAGE)
    citizen.post("/pengaduan/peta", **{"pin.x": "320", "pin.y": "320", "width": "640"})
    assert "di luar Kecamatan" not in citizen.get("/pengaduan/peta")
    citizen.post("/pengaduan/peta", **{"pin.x": "1", "pin.y": "1", "width": "640"})
    assert "di luar Kecamatan" in citizen.get("/pengaduan/peta")
    citizen.post("/pengaduan/peta", away="1")
    assert "<circle" not in citizen.get("/pengaduan/peta.svg")


@pytest.mark.parametrize(
    "path", ["kategori", "tempat", "cerita", "peta", "peta.svg", "pelapor", "periksa",
             "tanda-terima"],
)  # fmt: skip
def test_an_address_of_the_middle_leads_to_what_is_open(citizen: Visitor, path: str) -> None:
    citizen.get(f"/pengaduan/{path}")
    assert citizen.status == 200
    citizen.post(f"/pengaduan/{path}")
    assert citizen.status in (303, 405)


@pytest.mark.parametrize(
    "wrong", [{"class": "bom"}, {"category": "../etc"}, {"village": "32.73.99.9999"}]
)
def test_what_is_not_offered_cannot_be_chosen(citizen: Visitor, wrong: dict[str, str]) -> None:
    tell(citizen)
    for path in ("/pengaduan", "/pengaduan/kategori", "/pengaduan/tempat"):
        citizen.post(path, **wrong)
        assert citizen.status == 200
    page = citizen.get(CHECK)
    assert "Dago" in page
    assert "Jalan rusak" in page


def test_every_language_has_the_whole_complaint(kiosk: Counter) -> None:
    for code, said in (("su", "Laporan anjeun katampi"), ("en", "Your report is received")):
        visitor = Visitor(kiosk.portal)
        visitor.post("/selesai")
        visitor.post(f"/bahasa/{code}", to="/pengaduan")
        tell(visitor)
        visitor.post(CHECK)
        assert said in visitor.get(RECEIPT)
        assert kiosk.opened()[-1].language == code


def test_a_story_left_half_way_is_gone_for_the_next(kiosk: Counter, citizen: Visitor) -> None:
    tell(citizen)
    citizen.post("/selesai")
    follower = Visitor(kiosk.portal)
    follower.post("/pengaduan", **{"class": "complaint"})
    for path in ("cerita", "pelapor", "periksa", "peta.svg"):
        page = follower.get(f"/pengaduan/{path}")
        assert STORY not in page
        assert "Warga Contoh" not in page


def test_markup_in_a_story_stays_text(citizen: Visitor) -> None:
    tell(citizen, text="<script>alert(1)</script> di jalan", name="<b>Warga</b>")
    page = citizen.get(CHECK)
    assert "<script>alert" not in page
    assert "<b>Warga" not in page


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(
        st.sampled_from(["text", "where", "like", "then", "anonymity", "name", "phone", "pin"]),
        st.text(max_size=400),
    )
)
def test_whatever_is_typed_the_server_answers_with_a_page(
    kiosk: Counter, typed: dict[str, str]
) -> None:
    visitor = Visitor(kiosk.portal)
    tell(visitor)
    clean = {name: one.encode("utf-8", "ignore").decode() for name, one in typed.items()}
    for path in ("cerita", "pelapor"):
        visitor.post(f"/pengaduan/{path}", **clean)
        assert visitor.status in (200, 303)


def test_without_a_tray_nobody_begins_but_the_emergency_number_stands(tmp_path: Path) -> None:
    with counter(tmp_path, handing=None) as found:
        page = found.visitor.get("/pengaduan")
        assert "112" in page
        assert 'name="class"' not in page
        assert "belum dapat menerima" in found.visitor.post("/pengaduan", **{"class": "wish"})


def test_row_59_a_story_and_its_teller_are_nowhere_on_the_disk_in_the_open(
    kiosk: Counter, citizen: Visitor
) -> None:
    tell(citizen, text=f"Nomor saya {PLANTED} dipakai orang lain", name="Warga Contoh")
    citizen.post(CHECK)
    files = [path.read_bytes() for path in kiosk.tray.rglob("*") if path.is_file()]
    for needle in [*forms_of(PLANTED), *forms_of("Warga Contoh")]:
        assert not any(needle in one for one in files)
    assert not re.search(PLANTED, "".join(str(path) for path in kiosk.tray.rglob("*")))
