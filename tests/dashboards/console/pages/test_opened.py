"""What a citizen wrote, as lines of a page. Hostile text, secrets behind a veil."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dashboards.console.pages.opened import paper
from dashboards.console.texts import load
from tests.support.showcase_inbox import PLANTED, STARTER
from wire.service.document import read
from wire.submission import Contact, Content, Point

T = load()["id"]
SKTM = read(Path(STARTER / "tenants/32.73/services/KEC-SKTM.json").read_bytes())
ID = "0" * 32


def content(**its: object) -> Content:
    usual: dict[str, object] = {"id": ID, "number": "261122-0042-K7Q3M-R", "language": "id"}
    return Content(**{**usual, "fields": {}, **its})  # type: ignore[arg-type]


def test_answers_are_labelled_in_the_order_of_the_form_and_secrets_masked() -> None:
    fields = {"untuk": "sekolah", "nama": "Warga Contoh", "nik": PLANTED}
    found = paper(content(fields=fields), SKTM, {}, T)
    assert [one.label for one in found.lines] == ["NIK", "Nama sesuai KTP", "Untuk keperluan"]
    assert found.lines[0].masked == "3174••••••••0001"
    assert found.lines[2].text == "Sekolah atau kuliah"


def test_a_complaint_has_labels_of_its_own_and_places_their_names() -> None:
    fields = {"class": "wish", "text": "Tambah lampu", "village": "32.73.02.1001", "lain": True}
    found = paper(content(fields=fields), None, {"32.73.02.1001": "Dago"}, T)
    told = {one.label: one.text for one in found.lines}
    assert told == {"Jenis laporan": "Aspirasi", "Isi laporan": "Tambah lampu",
                    "Kelurahan atau desa": "Dago", "Lain": "ya"}  # fmt: skip
    assert found.lines[1].long


def test_a_secret_reporter_has_no_name_and_a_telephone_is_masked() -> None:
    secret = paper(content(contact=Contact(anonymity="secret")), None, {}, T)
    assert [one.text for one in secret.contact] == ["Rahasia"]
    named = paper(content(contact=Contact(name="Warga", phone="081200004321")), None, {}, T)
    assert [one.text for one in named.contact] == ["Dengan nama", "Warga", "081200004321"]
    assert "0812" not in named.contact[2].masked


def test_only_a_jpeg_becomes_a_picture() -> None:
    photos = (b"\xff\xd8\xff\xe0x", b"<svg onload=alert(1)>", b"GIF89a", b"")
    found = paper(content(point=Point(lat=-6.9, lng=107.6)), None, {}, T, photos)
    assert len(found.pictures) == 1
    assert found.pictures[0].startswith("data:image/jpeg;base64,")
    assert found.point == "-6.90000, 107.60000"


def test_warnings_are_sentences_and_an_unknown_one_is_shown_as_it_is() -> None:
    found = paper(content(warnings=("nik:region", "something")), SKTM, {}, T)
    assert len(found.warnings) == 2
    assert found.warnings[0].startswith("NIK: ")
    assert found.warnings[1] == "something"


@given(
    fields=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
        st.one_of(st.text(max_size=50), st.booleans(), st.integers(), st.tuples(st.text())),
        max_size=8,
    )
)
def test_whatever_was_typed_becomes_one_line_each(fields: dict[str, object]) -> None:
    found = paper(content(fields=fields), SKTM, {}, T)
    assert len(found.lines) == len(fields)
